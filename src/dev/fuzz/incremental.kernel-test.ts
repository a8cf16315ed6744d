import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rememberingTree } from '../../input/tree/remembering.js';
import { openFolder } from '../../input/tree/tree.js';
import { kernelTree } from '../kernels/kernel.js';
import { compareKeptWithFresh, createRandom, randomTrees } from './random-edits.js';

const wished = process.env['DMABUF_LINT_EDITS'];
const seed = Number(process.env['DMABUF_LINT_SEED'] ?? 1);
const version = process.env['DMABUF_LINT_KERNEL'] ?? '7.x';

describe('a kernel tree that differs little from the last', () => {
  it('gives what it gives by itself', async (context) => {
    const base = rememberingTree(openFolder(kernelTree(version)));
    const { hits } = await base.search(base.sources, ['dma_buf_', 'dma_buf'], true);
    const [candidates = [], mentions = []] = hits;
    const core = ['include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c', 'drivers/dma-buf/dma-resv.c'];
    // Files of the same drivers that do not mention dma-buf matter too, and so does the core.
    const folders = new Set(candidates.map((path) => path.slice(0, path.lastIndexOf('/'))));
    const beside = base.sources.filter((path) => folders.has(path.slice(0, path.lastIndexOf('/'))));
    const files = [...candidates, ...candidates, ...mentions, ...beside.filter((_, index) => index % 20 === 0)];
    for (let times = files.length / 30; times > 0; times--) files.push(...core);
    const line = randomTrees(base, files, Number(wished ?? 3), createRandom(seed));
    const found = await compareKeptWithFresh(base, line, (what, kept, fresh) => {
      if (wished) context.diagnostic(`${Math.round(kept)} ms, by itself ${Math.round(fresh)} ms: ${what}`);
    });
    assert.deepEqual(found, []);
  });
});
