import assert from 'node:assert/strict';
import { it } from 'node:test';
import { exampleTree } from '../src/dev/examples/example-tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig } from '../src/lint/index.js';
import { rules } from './index.js';

it('a free that forgets several members is one finding', async () => {
  const { tree } = exampleTree({
    line: 1,
    options: {},
    isBad: true,
    code: `#include <linux/dma-buf.h>
#include <linux/slab.h>
struct ring { struct dma_buf *buf; struct dma_buf_attachment *attach; struct sg_table *table; void *note; };
int ring_fill(struct ring *ring, int fd, struct device *dev)
{
	struct dma_buf_attachment *attach;
	struct sg_table *table;
	struct dma_buf *buf = dma_buf_get(fd);

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	attach = dma_buf_attach(buf, dev);
	if (IS_ERR(attach)) {
		dma_buf_put(buf);
		return PTR_ERR(attach);
	}
	table = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	if (IS_ERR(table)) {
		dma_buf_detach(buf, attach);
		dma_buf_put(buf);
		return PTR_ERR(table);
	}
	ring->buf = buf;
	ring->attach = attach;
	ring->table = table;
	return 0;
}
void ring_end(struct ring *ring)
{
	dma_buf_unmap_attachment_unlocked(ring->attach, ring->table, DMA_TO_DEVICE);
	dma_buf_detach(ring->buf, ring->attach);
	dma_buf_put(ring->buf);
	kfree(ring);
}
void ring_abort(struct ring *ring)
{
	dma_buf_put(ring->buf);
	kfree(ring);
}
`,
  });
  const { findings } = await lintTree(tree, rules, defaultConfig);
  const [finding, ...others] = findings.filter(({ rule }) => rule === 'release-incomplete');
  assert.deepEqual(others, []);
  assert.match(finding?.message ?? '', /the attachment in its 'attach', nor the mapping in its 'table'/);
  assert.equal(finding?.trace.filter(({ message }) => /keeps it in/.test(message)).length, 2);
});
