import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SeriesOutcome } from '../../lint/index.js';
import { wholeParts } from './cover-report.js';

const dialect = { callback: 'invalidate_mappings', notify: 'n', revocableCheck: null, markers: [] };
const inventory = { dialect, importers: [], staticImporters: [], exporters: [] };
const exporters = ['ea', 'eb', 'ec', 'ed'].map((name) => ({ key: `e.c:${name}`, name }));
const verdicts = ['unsafe', 'refused at pin', 'works', 'unknown'];

/** What is said of a series that adds an importer to a tree with four exporters. */
function matrixPart(): readonly string[] {
  const cells = exporters.map(({ key }, index) => {
    return { importer: 'i.c:new_ops', exporter: key, verdict: verdicts[index], cause: 'stays', reason: '' };
  });
  const importers = [{ key: 'i.c:new_ops', name: 'new_ops' }];
  const start = { dialect, inventory, negotiation: { importers: [], exporters, cells: [] } };
  const end = { dialect, inventory, negotiation: { importers, exporters, cells } };
  const outcome = { judged: { patches: [], series: {}, start, end }, since: null } as unknown as SeriesOutcome;
  return wholeParts(outcome, null)[0] ?? [];
}

describe('a reply on the series as a whole', () => {
  it('says in words with whom a new importer works, and who refuses it', () => {
    assert.deepEqual(matrixPart(), [
      'Who may attach to whom, before and after:',
      '- new importer new_ops: unsafe with ea; not known with ed; refused at pin by eb; works with ec',
    ]);
  });
});
