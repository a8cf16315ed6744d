import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caseChooser } from './cases.js';

describe('cases that differ only in the command, the signal or the variable', () => {
  const chosen = (wanted: string): readonly number[] =>
    Array.from({ length: 300 }, (_, number) => number).filter(caseChooser(wanted));

  it('all run, or none', () => {
    assert.equal(chosen('all').length, 300);
    assert.equal(chosen('1:any').length, 300);
    assert.deepEqual(chosen(''), []);
  });

  it('run in part, as often as asked: the same by the same word, and others by another', () => {
    const some = chosen('3:one');
    assert.ok(some.length > 70 && some.length < 130, String(some.length));
    assert.deepEqual(chosen('3:one'), some);
    assert.notDeepEqual(chosen('3:two'), some);
  });

  it('are not guessed from what is no number', () => {
    for (const wrong of ['ALL', '0', '-1', 'some']) assert.throws(() => caseChooser(wrong), /DMABUF_LINT_FAULTS is/);
  });
});
