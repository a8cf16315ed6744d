import assert from 'node:assert/strict';
import { it } from 'node:test';
import { unknownUses } from '../../contract/documents/unknown-names.js';
import { openMemory } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';

it('a member of the ops that the tree has not is found where it is read through a variable', async () => {
  const tree = openMemory('tree', {
    'include/linux/dma-buf.h': `struct dma_buf_ops { void (*release)(struct dma_buf *dmabuf); };
struct dma_buf_attach_ops {
	bool allow_peer2peer;
	void (*invalidate_mappings)(struct dma_buf_attachment *attach);
};
`,
    'drivers/misc/ex.c': `#include <linux/dma-buf.h>

bool ex_asks(struct dma_buf_attachment *attach, const struct dma_buf_attach_ops *ops, struct ex_table *other)
{
	return ops->allow_peer2peer && ops->ex_gone && other->ops->ex_own;
}

bool ex_others(struct ex_table *ops)
{
	return ops->ex_own;
}
`,
  });
  const { contract } = await lintTree(tree, [], defaultConfig);
  assert.deepEqual(
    unknownUses(contract).map(({ name, kind, line, subject }) => [name, kind, line, subject]),
    [['ex_gone', 'member', 5, 'ex_asks']],
  );
});
