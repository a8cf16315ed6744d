import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { JudgedSeries } from '../src/lint/index.js';
import rule from './bisect-hazard/rule.js';

it('a use of a name that the patch takes away is called what it is told as', () => {
  const place = { file: 'drivers/a.c', line: 7, column: 2 };
  const mark = { subject: 'a', sourceLine: '', occurrence: 0 };
  const finding = { rule: 'renamed-api', ...place, severity: 'error', confidence: 'high', message: 'gone', mark };
  const facts = (declared: string, unknownUses: readonly unknown[]) => ({
    declared: [declared],
    members: [],
    apiNames: [],
    unknownUses,
  });
  const said = (gone: string): readonly string[] => {
    const use = { ...place, kind: 'function', name: 'dma_buf_old', subject: 'a' };
    const [before, between, after] = [facts(gone, []), facts('dma_buf_new', [use]), facts('dma_buf_new', [])];
    const comparison = { introduced: [], fixed: [] };
    const patches = [
      { patch: { number: 1 }, before, after: between, comparison: { ...comparison, introduced: [finding] } },
      { patch: { number: 2 }, before: between, after, comparison: { ...comparison, fixed: [finding] } },
    ];
    const judged = { series: { total: 2 }, base: null, start: null, patches } as unknown as JudgedSeries;
    return [...rule.check(judged)].map(({ message }) => message.replace(/,.*/, ''));
  };
  assert.deepEqual(said('dma_buf_old'), ['patch 1/2 introduces rename-leftover']);
  assert.deepEqual(said('dma_buf_other'), ['patch 1/2 introduces renamed-api']);
});
