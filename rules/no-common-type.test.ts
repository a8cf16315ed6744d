import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JudgedSeries, TreeFacts } from '../src/lint/index.js';
import rule from './no-common-type/rule.js';

/** A tree with one importer and one exporter, whose pair has this outcome. */
function treeWith(verdict: string, cause: string): TreeFacts {
  const side = (file: string, ops: string) => ({ key: `${file}:${ops}`, name: ops, file, ops, line: 1 });
  const [importer, exporter] = [side('i.c', 'imp_ops'), side('e.c', 'exp_ops')];
  const [importers, exporters] = [[importer], [exporter]];
  const cells = [{ importer: importer.key, exporter: exporter.key, verdict, cause, reason: '' }];
  return { inventory: { importers, exporters }, negotiation: { importers, exporters, cells } } as unknown as TreeFacts;
}

const parted = treeWith('refused at attach', 'no common type');

/** What the rule says of a series, by the trees before and after each of its patches. */
function judged(...trees: readonly TreeFacts[]): readonly string[] {
  const patches = trees.slice(1).map((after, index) => ({ before: trees[index], after, patch: { number: index + 1 } }));
  return [...rule.check({ patches } as unknown as JudgedSeries)].map(
    ({ confidence, message }) => `${confidence}: ${message}`,
  );
}

describe('a patch after which two drivers have no mapping type in common', () => {
  it('is told with what it leads to, and which patch fixes it', () => {
    const works = treeWith('works', 'stays');
    const what = "importer 'imp_ops' no longer has a mapping type in common with 'exp_ops'";
    assert.deepEqual(judged(works, parted), [`high: ${what}: the attach fails with -EOPNOTSUPP`]);
    assert.deepEqual(judged(works, parted, works), [
      `high: ${what}, until patch 2 fixes it: the attach fails with -EOPNOTSUPP`,
    ]);
  });

  it('may be right where it was not known before whether they had one', () => {
    const [report = ''] = judged(treeWith('unknown', 'mapping type not known'), parted);
    assert.match(report, /^medium: /);
  });
});
