import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TreeFacts } from '../facts/tree-facts.js';
import { type Finding, fingerprintOf } from '../finding.js';
import { followLost } from './lost.js';
import type { PatchComparison } from './series.js';

function finding(subject: string, file = 'drivers/a.c'): Finding {
  const mark = { subject, sourceLine: 'pin(attach);', occurrence: 0 };
  const place = { file, line: 3, column: 1, fingerprint: fingerprintOf('pin-leak', file, mark), mark };
  return { rule: 'pin-leak', severity: 'error', confidence: 'high', message: subject, trace: [], ...place };
}

const compared = (changes: Partial<PatchComparison>): PatchComparison => ({
  introduced: [],
  fixed: [],
  unchanged: [],
  unjudged: [],
  ...changes,
});

/** A tree in which these files use a name that it does not have. */
const tree = (...unknown: readonly string[]): TreeFacts =>
  ({ unknownUses: unknown.map((file) => ({ file })), inventory: { importers: [] } }) as unknown as TreeFacts;

describe('findings that a patch takes out of sight', () => {
  const [one, other] = [finding('one'), finding('other')];
  const none = new Map<string, string>();

  function afterLoss() {
    const lost = followLost();
    lost.seenAgain(compared({ unjudged: [one, other] }), tree('drivers/a.c'), none);
    return lost;
  }

  it('are old where they are seen again, and fixed where they are not', () => {
    const seen = afterLoss().seenAgain(compared({ introduced: [one, finding('new')] }), tree(), none);
    assert.deepEqual(seen, compared({ introduced: [finding('new')], unchanged: [one], fixed: [other] }));
  });

  it('stay out of sight as long as their file does not build', () => {
    const lost = afterLoss();
    const still = compared({});
    assert.equal(lost.seenAgain(still, tree('drivers/a.c'), none), still);
    assert.deepEqual(lost.seenAgain(compared({ introduced: [one, other] }), tree(), none).introduced, []);
  });

  it('are old once', () => {
    const lost = afterLoss();
    lost.seenAgain(compared({ introduced: [one, other] }), tree(), none);
    assert.deepEqual(lost.seenAgain(compared({ introduced: [one] }), tree(), none).introduced, [one]);
  });

  it('are known again in a renamed file', () => {
    const moved = finding('one', 'drivers/b.c');
    const seen = afterLoss().seenAgain(
      compared({ introduced: [moved] }),
      tree(),
      new Map([['drivers/b.c', 'drivers/a.c']]),
    );
    assert.deepEqual([seen.introduced, seen.unchanged], [[], [moved]]);
  });
});
