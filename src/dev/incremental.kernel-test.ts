import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../rules/index.js';
import { rememberingTree } from '../input/remembering.js';
import { openFolder, type SourceTree } from '../input/tree.js';
import { defaultConfig, lintTree } from '../lint/index.js';
import { createUnitStore, type UnitStore } from '../program/index.js';
import { formatJson } from '../report/json.js';
import { kernelTree } from './kernel.js';
import { createRandom, randomTrees } from './random-edits.js';

const trees = Number(process.env['DMABUF_LINT_EDITS'] ?? 40);
const seed = Number(process.env['DMABUF_LINT_SEED'] ?? 1);

/** All of a result but how long it took and how much was read for it. */
async function resultOf(tree: SourceTree, store?: UnitStore): Promise<string> {
  const result = await lintTree(tree, rules, defaultConfig, null, 0, store);
  return formatJson({ ...result, stats: { ...result.stats, filesParsed: 0, functions: 0, milliseconds: 0 } });
}

describe('a tree that differs little from the last', () => {
  it('gives what it gives by itself', async () => {
    const base = rememberingTree(openFolder(kernelTree('7.x')));
    const { hits } = await base.search(base.sources, ['dma_buf'], true);
    const mentions = hits[0] ?? [];
    const core = ['include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c', 'drivers/dma-buf/dma-resv.c'];
    // Files of the same drivers that say nothing of dma-bufs matter too, and so does the core.
    const folders = new Set(mentions.map((path) => path.slice(0, path.lastIndexOf('/'))));
    const beside = base.sources.filter((path) => folders.has(path.slice(0, path.lastIndexOf('/'))));
    const files = [...mentions, ...mentions, ...beside.filter((_, index) => index % 10 === 0)];
    for (let times = 0; times < files.length / 60; times++) files.push(...core);
    const store = createUnitStore();
    await resultOf(base, store);
    for (const { what, tree } of randomTrees(base, files, trees, createRandom(seed))) {
      const started = performance.now();
      const kept = await resultOf(tree, store);
      const between = performance.now();
      const alone = await resultOf(tree);
      if (process.env['DMABUF_LINT_EDITS'])
        console.log(
          `${Math.round(between - started)} ms, alone ${Math.round(performance.now() - between)} ms: ${what}`,
        );
      assert.equal(kept, alone, what);
    }
  });
});
