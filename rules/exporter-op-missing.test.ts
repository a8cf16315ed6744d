import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../src/input/tree/tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig } from '../src/lint/index.js';
import rule from './exporter-op-missing/rule.js';

const header = `struct dma_buf;
struct dma_buf_attachment;
struct dma_buf_ops {
	struct sg_table *(*map_dma_buf)(struct dma_buf_attachment *attach, enum dma_data_direction dir);
	void (*unmap_dma_buf)(struct dma_buf_attachment *attach, struct sg_table *sgt, enum dma_data_direction dir);
	int (*pin)(struct dma_buf_attachment *attach);
	void (*release)(struct dma_buf *dmabuf);
};
struct dma_buf_attach_ops {
	void (*invalidate_mappings)(struct dma_buf_attachment *attach);
};
struct dma_buf *dma_buf_export(const struct dma_buf_export_info *info);
`;

const driver = `#include <linux/dma-buf.h>

static struct sg_table *ex_map(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static const struct dma_buf_ops ex_ops = {
	.map_dma_buf = ex_map,
};

struct dma_buf *ex_export(const struct dma_buf_export_info *info)
{
	return dma_buf_export(info);
}
`;

/** What the rule says of a table with nothing but `.map_dma_buf`, where the core asks this of an export. */
async function said(test: string): Promise<readonly string[]> {
  const core = `struct dma_buf *dma_buf_export(const struct dma_buf_export_info *exp_info)
{
	const struct dma_buf_ops *ops = exp_info->ops;

	if (WARN_ON(${test}))
		return ERR_PTR(-EINVAL);
	return NULL;
}
`;
  const tree = openMemory('tree', {
    'include/linux/dma-buf.h': header,
    'drivers/dma-buf/dma-buf.c': core,
    'drivers/misc/ex.c': driver,
  });
  const { findings } = await lintTree(tree, [rule], defaultConfig);
  return findings.map(({ message }) => message.replace(/: .*/, ''));
}

describe('a table that dma_buf_export() refuses', () => {
  it('lacks what the tree asks for, and no more', async () => {
    const every = '!ops->map_dma_buf || !ops->unmap_dma_buf || !ops->release';
    assert.deepEqual(await said(every), ["exporter 'ex_ops' has no unmap_dma_buf, no release"]);
    assert.deepEqual(await said('!ops->map_dma_buf || !ops->unmap_dma_buf'), [
      "exporter 'ex_ops' has no unmap_dma_buf",
    ]);
    assert.deepEqual(await said('!ops->map_dma_buf || !ops->release'), ["exporter 'ex_ops' has no release"]);
    assert.deepEqual(await said('!ops->map_dma_buf'), []);
  });

  it('may lack something else, too', async () => {
    assert.deepEqual(await said('!ops->pin && !ops->unmap_dma_buf'), ["exporter 'ex_ops' has no unmap_dma_buf"]);
  });
});
