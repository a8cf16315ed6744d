import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { rememberingTree } from '../../input/tree/remembering.js';
import { openFolder } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { kernelsFolder, kernelTree, withWorkFolder } from '../kernels/kernel-cache.js';
import { copyPart } from '../kernels/kernel-repository.js';
import { exchangedJson, invented, jsonOf, linesApart, type NewNames, prefixed, renamedTree } from './renamed-api.js';

/** Drivers, and what they need: the names of one kind are tried on the whole, and of the other on these. */
const part: readonly string[] = [
  ...['Makefile', 'MAINTAINERS', 'include', 'arch/x86/include', 'Documentation/driver-api', 'drivers/dma-buf'],
  ...['drivers/accel', 'drivers/gpu/drm/drm_prime.c', 'drivers/gpu/drm/virtio', 'drivers/gpu/drm/xe'],
  ...['drivers/infiniband/core', 'drivers/iommu/iommufd', 'drivers/media/common/videobuf2', 'drivers/vfio'],
];

/** Compares what is said of a tree with what is said of it with other names. */
async function apart(root: string, names: NewNames): Promise<readonly string[]> {
  const tree = rememberingTree(openFolder(root));
  const plain = jsonOf(await lintTree(tree, rules, defaultConfig));
  const renamed = jsonOf(await lintTree(await renamedTree(tree, names), rules, defaultConfig));
  return linesApart(renamed, exchangedJson(plain, tree, names));
}

describe('Linux 7.x with other names for the API, also in comments and documentation', () => {
  it('invented for every function: scan and matrix say the same of them, byte for byte', async () => {
    assert.deepEqual(await apart(kernelTree('7.x'), invented), []);
  });

  it('with a prefix for tables of pages: the same is said of some of its drivers', () =>
    withWorkFolder(kernelsFolder(), async (work) => {
      const copy = join(work, 'part');
      await copyPart('7.x', part, copy);
      assert.deepEqual(await apart(copy, prefixed), []);
    }));
});
