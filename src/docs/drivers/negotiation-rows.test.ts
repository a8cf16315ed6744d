import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { PhrasingContent } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import { buildContract } from '../../contract/index.js';
import { coreFiles, fixturesFolder } from '../../dev/examples/example-tree.js';
import { openMemory } from '../../input/tree/tree.js';
import { negotiationRows } from './negotiation-rows.js';

const core = coreFiles.map(
  (path) => [path, readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8')] as const,
);

const exporter = (prefix: string): string => `#include <linux/dma-buf.h>
struct ${prefix}_buf { struct sg_table table; };
static struct sg_table *${prefix}_map(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
	struct ${prefix}_buf *buf = attach->dmabuf->priv;

	return &buf->table;
}
static const struct dma_buf_ops ${prefix}_ops = {
	.map_dma_buf = ${prefix}_map,
};
`;

/** An importer that asks the exporter of the first driver for addresses, and maps nothing. */
const importer = `#include <linux/dma-buf.h>
int one_addresses(struct dma_buf_attachment *attach, unsigned long *address);
struct im_view { struct dma_buf_attachment *attach; unsigned long address; };
static void im_gone(struct dma_buf_attachment *attach)
{
	struct im_view *view = attach->importer_priv;

	view->address = 0;
}
static const struct dma_buf_attach_ops im_ops = {
	.invalidate_mappings = im_gone,
};
int im_open(struct im_view *view, struct dma_buf *dmabuf, struct device *dev)
{
	struct dma_buf_attachment *attach;
	int ret;

	attach = dma_buf_dynamic_attach(dmabuf, dev, &im_ops, view);
	if (IS_ERR(attach))
		return PTR_ERR(attach);
	ret = one_addresses(attach, &view->address);
	if (ret) {
		dma_buf_detach(dmabuf, attach);
		return ret;
	}
	view->attach = attach;
	return 0;
}
`;

const hook = `
int one_addresses(struct dma_buf_attachment *attach, unsigned long *address)
{
	if (attach->dmabuf->ops != &one_ops)
		return -EOPNOTSUPP;
	*address = 0;
	return 0;
}
EXPORT_SYMBOL_GPL(one_addresses);
`;

const words = (cell: PhrasingContent[] | readonly PhrasingContent[]): string =>
  textOf({ type: 'paragraph', children: [...cell] });

describe('the list of what comes of importers and exporters', () => {
  it('says that the importer refuses where it takes buffers of another exporter only', async () => {
    const tree = openMemory('rows', {
      ...Object.fromEntries(core),
      'drivers/one/one.c': exporter('one') + hook,
      'drivers/two/two.c': exporter('two'),
      'drivers/im/im.c': importer,
    });
    const rows = negotiationRows(await buildContract(tree), () => true);
    assert.deepEqual(
      rows.map(({ cells }) => cells.map(words)),
      [
        ['one', 'works with: im'],
        ['two', 'refused by the importer: im'],
      ],
    );
  });
});
