import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SeriesOutcome } from '../../lint/index.js';
import { wholeParts } from './cover-report.js';

const dialect = { callback: 'invalidate_mappings', notify: 'n', revocableCheck: null, markers: [] };
const inventory = { dialect, importers: [], staticImporters: [], exporters: [] };
const exporters = ['ea', 'eb', 'ec', 'ed'].map((name) => ({ key: `e.c:${name}`, name }));
const verdicts = ['unsafe', 'refused at pin', 'works', 'unknown'];

/** What is said of a series that adds an importer to a tree with four exporters, or takes it away. */
function matrixPart(change: 'new' | 'gone', name: string): string | undefined {
  const cells = exporters.map(({ key }, index) => {
    return { importer: `i.c:${name}`, exporter: key, verdict: verdicts[index], cause: 'stays', reason: '' };
  });
  const importers = [{ key: `i.c:${name}`, name }];
  const without = { dialect, inventory, negotiation: { importers: [], exporters, cells: [] } };
  const having = { dialect, inventory, negotiation: { importers, exporters, cells } };
  const [start, end] = change === 'new' ? [without, having] : [having, without];
  const outcome = { judged: { patches: [], series: {}, start, end }, since: null } as unknown as SeriesOutcome;
  const [head, line] = wholeParts(outcome, null)[0] ?? [];
  assert.equal(head, 'Who may attach to whom, before and after:');
  return line;
}

describe('a reply on the series as a whole', () => {
  it('says in words with whom a new importer works, and who refuses it', () => {
    assert.equal(
      matrixPart('new', 'new_ops'),
      '- new: importer new_ops: unsafe with ea; not known with ed; refused at pin by eb; works with ec',
    );
  });

  it('says of what is gone how it was', () => {
    assert.equal(
      matrixPart('gone', 'static importers'),
      '- gone: static importers: before: unsafe with ea; not known with ed; refused at pin by eb; works with ec',
    );
  });
});
