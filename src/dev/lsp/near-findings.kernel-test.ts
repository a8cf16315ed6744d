import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openFolder } from '../../input/tree/tree.js';
import { kernelTree } from '../kernels/kernel.js';
import { nearFindingsOfEdits } from './near-findings.js';

const wished = Number(process.env['DMABUF_LINT_EDITS'] ?? 5);

describe('what is said of a file of a kernel before the whole is read', () => {
  it('is said by the whole tree too, whatever is edited', async (context) => {
    const root = kernelTree(process.env['DMABUF_LINT_KERNEL'] ?? '7.x');
    const tree = openFolder(root);
    const { hits } = await tree.search(tree.sources, ['dma_buf_'], false);
    const found = await nearFindingsOfEdits(root, tree, hits[0] ?? [], wished);
    context.diagnostic(`${found.seen} of ${found.all} findings were seen in a hurry`);
    assert.deepEqual(found.disagreements, []);
  });
});
