import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Finding, fingerprintOf } from '../finding.js';
import { renamedSubjects } from './renamed-subjects.js';

function finding(subject: string, file = 'drivers/x/x.c', rule = 'stub-callback'): Finding {
  const mark = { subject, sourceLine: `static const struct dma_buf_attach_ops ${subject} = {`, occurrence: 0 };
  return {
    rule,
    severity: 'error',
    confidence: 'high',
    file,
    line: 1,
    column: 1,
    message: `importer '${subject}' does nothing`,
    trace: [],
    fingerprint: fingerprintOf(rule, file, mark),
    mark,
  };
}

const none = new Map<string, string>();

describe('a finding about something that was renamed', () => {
  it('is the former one', () => {
    const [old, now] = [finding('x_ops'), finding('y_attach_ops')];
    assert.deepEqual([...renamedSubjects([now], [old], none)], [[now, old]]);
  });

  it('is known in a renamed file, too', () => {
    const [old, now] = [finding('x_ops', 'drivers/x/old.c'), finding('y_ops')];
    assert.equal(renamedSubjects([now], [old], new Map([['drivers/x/x.c', 'drivers/x/old.c']])).get(now), old);
  });

  it('is a new one where file, rule or words differ, or the name was there before', () => {
    const now = finding('y_ops');
    for (const old of [finding('x_ops', 'drivers/z.c'), finding('x_ops', 'drivers/x/x.c', 'missing-callback')])
      assert.equal(renamedSubjects([now], [old], none).size, 0);
    assert.equal(renamedSubjects([now], [{ ...finding('x_ops'), message: "importer 'x_ops' sleeps" }], none).size, 0);
    assert.equal(renamedSubjects([now], [finding('x_ops'), finding('y_ops')], none).size, 0);
  });
});
