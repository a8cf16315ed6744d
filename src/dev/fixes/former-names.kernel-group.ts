import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { overlayTree } from '../../input/tree/overlay.js';
import { fixFindings } from '../../lint/index.js';
import { analysedKernel } from '../kernels/analysed-kernel.js';
import { findingKinds } from './finding-kinds.js';
import { seedsOfMoveNotify, sowAll } from './fixes-seeds.js';

describe('fixes on linux 6.12', () => {
  it('undo seeded defects as this tree has the names, and make nothing new', async () => {
    const { tree, clean, analyse } = await analysedKernel('6.12');
    const texts = sowAll(seedsOfMoveNotify, (path) => tree.read(path) ?? '');
    const overlay = overlayTree(tree, texts);
    const { files, result } = await fixFindings(overlay, await analyse(overlay), analyse);
    for (const path of texts.keys()) assert.equal(files.get(path), tree.read(path), path);
    assert.deepEqual(
      findingKinds(result).filter((kind) => !findingKinds(clean).includes(kind)),
      [],
    );
  });
});
