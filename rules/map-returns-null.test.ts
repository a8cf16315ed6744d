import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../src/input/tree/tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig } from '../src/lint/index.js';
import rule from './map-returns-null/rule.js';

const header = `struct dma_buf;
struct dma_buf_attachment;
struct dma_buf_ops {
	struct sg_table *(*map_dma_buf)(struct dma_buf_attachment *attach, enum dma_data_direction dir);
	void (*unmap_dma_buf)(struct dma_buf_attachment *attach, struct sg_table *sgt, enum dma_data_direction dir);
	void (*release)(struct dma_buf *dmabuf);
};
struct dma_buf_attach_ops {
	void (*invalidate_mappings)(struct dma_buf_attachment *attach);
};
struct dma_buf *dma_buf_export(const struct dma_buf_export_info *info);
`;

const driver = `static struct sg_table *ex_map(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
	if (!attach->dmabuf->priv)
		return NULL;
	return attach->dmabuf->priv;
}

static const struct dma_buf_ops ex_ops = {
	.map_dma_buf = ex_map,
};
`;

const helper = `static struct sg_table *map_for(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
	struct sg_table *sgt = attach->dmabuf->ops->map_dma_buf(attach, dir);

	if (IS_ERR_OR_NULL(sgt))
		return sgt;
	prepare(sgt);
	return sgt;
}
`;

const attached = (test: string): string => `${helper}
struct sg_table *dma_buf_map_attachment(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
	struct sg_table *sgt = map_for(attach, dir);

${test}	return sgt;
}
`;

async function findings(core: string | null): Promise<number> {
  const files: Readonly<Record<string, string>> = {
    'include/linux/dma-buf.h': header,
    ...(core !== null && { 'drivers/dma-buf/dma-buf.c': core }),
    'drivers/misc/ex.c': `#include <linux/dma-buf.h>\n\n${driver}`,
  };
  return (await lintTree(openMemory('tree', files), [rule], defaultConfig)).findings.length;
}

describe('a map_dma_buf that returns NULL', () => {
  it('is no mistake where the caller of a helper in the core makes an error of it', async () => {
    assert.equal(await findings(attached('\tif (!sgt)\n\t\tsgt = ERR_PTR(-ENOMEM);\n')), 0);
    assert.equal(await findings(attached('')), 1, 'the importer gets NULL');
  });

  it('is not told for the headers of a kernel, which do not show the core', async () => {
    assert.equal(await findings(null), 0);
  });
});
