import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rememberingTree } from '../../input/tree/remembering.js';
import { openFolder } from '../../input/tree/tree.js';
import { kernelsFolder, withWorkFolder } from '../kernels/kernel-cache.js';
import { copyPart } from '../kernels/kernel-repository.js';
import { compareKeptWithFresh, createRandom, inMemory, onDisk, randomTrees } from './random-edits.js';

const wished = process.env['DMABUF_LINT_EDITS'];
const seed = Number(process.env['DMABUF_LINT_SEED'] ?? 1);
const version = process.env['DMABUF_LINT_KERNEL'] ?? '7.x';

/**
 * Drivers of every kind, and what they need: each tree is analysed afresh, which takes half a minute for a whole kernel.
 * What an edit changes in other files it changes here, too.
 */
const part: readonly string[] = [
  ...['Makefile', 'MAINTAINERS', 'include', 'arch/x86/include', 'drivers/dma-buf', 'drivers/accel/qaic'],
  ...['drivers/gpu/drm/drm_prime.c', 'drivers/gpu/drm/drm_gem.c', 'drivers/gpu/drm/drm_internal.h'],
  ...['drivers/gpu/drm/virtio', 'drivers/gpu/drm/xe', 'drivers/infiniband/core', 'drivers/infiniband/hw/mlx5'],
  ...['drivers/iommu/iommufd', 'drivers/media/common/videobuf2', 'drivers/vfio/pci', 'drivers/xen'],
];

/** Compares random edits of these drivers, and of files beside them, with what each tree gives by itself. */
async function compareEdits(
  work: string,
  stores: Parameters<typeof compareKeptWithFresh>[2],
  say: (line: string) => void,
): Promise<readonly unknown[]> {
  const copy = join(work, 'part');
  await copyPart(version, part, copy);
  const base = rememberingTree(openFolder(copy));
  const { hits } = await base.search(base.sources, ['dma_buf_', 'dma_buf'], true);
  const [candidates = [], mentions = []] = hits;
  const core = ['include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c', 'drivers/dma-buf/dma-resv.c'];
  // Files of the same drivers that do not mention dma-buf matter too, and so does the core.
  const folders = new Set(candidates.map((path) => path.slice(0, path.lastIndexOf('/'))));
  const beside = base.sources.filter((path) => folders.has(path.slice(0, path.lastIndexOf('/'))));
  const files = [...candidates, ...candidates, ...mentions, ...beside.filter((_, index) => index % 20 === 0)];
  for (let times = files.length / 30; times > 0; times--) files.push(...core, 'Makefile');
  const line = randomTrees(base, files, Number(wished ?? 3), createRandom(seed));
  return await compareKeptWithFresh(base, line, stores, (what, kept, fresh) => {
    if (wished) say(`${Math.round(kept)} ms, by itself ${Math.round(fresh)} ms: ${what}`);
  });
}

describe('drivers of a kernel', () => {
  it('give what they give by themselves in a tree that differs little from the last', (context) =>
    withWorkFolder(kernelsFolder(), async (work) => {
      assert.deepEqual(await compareEdits(work, inMemory(), (line) => context.diagnostic(line)), []);
    }));

  it('give what they give by themselves where an earlier process has kept what it found out', (context) =>
    withWorkFolder(kernelsFolder(), async (work) => {
      assert.deepEqual(await compareEdits(work, onDisk(work), (line) => context.diagnostic(line)), []);
    }));
});
