import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callerIn, caseChooser } from './cases.js';

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

  it('are counted by the file that has them, wherever it calls from', () => {
    const own = 'file:///lint/run/cases.js';
    const stack = (...frames: readonly string[]): string => ['Error', ...frames].join('\n    at ');
    for (const frame of ['file:///lint/a.test.js:3:5', 'Suite.<anonymous> (file:///lint/a.test.js:12:7)'])
      assert.equal(
        callerIn(stack(`sample (${own}:9:1)`, frame, 'file:///lint/b.test.js:1:1'), own),
        'file:///lint/a.test.js',
      );
    assert.equal(callerIn(stack('node:internal/main:1:1'), own), '');
  });

  it('are not guessed from what is no number', () => {
    for (const wrong of ['ALL', '0', '-1', 'some']) assert.throws(() => caseChooser(wrong), /DMABUF_LINT_FAULTS is/);
  });
});
