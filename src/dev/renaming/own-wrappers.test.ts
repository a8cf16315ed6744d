import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { openMemory } from '../../input/tree/tree.js';
import { dmaBufCore, dmaBufHeader } from '../../kernel/index.js';
import { factsOf, lintTree } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { fixturesFolder } from '../examples/example-tree.js';

/** A driver with its own names for the API. Where the map fails, it forgets to detach. */
const driver = `#include "compat.h"

int ex_import(struct dma_buf *dmabuf, struct device *dev, struct ex_buf *buf)
{
	struct dma_buf_attachment *attach = ex_attach(dmabuf, dev);
	struct sg_table *sgt;

	if (IS_ERR(attach))
		return PTR_ERR(attach);
	sgt = ex_map(attach, DMA_TO_DEVICE);
	if (IS_ERR(sgt))
		return PTR_ERR(sgt);
	buf->attach = attach;
	buf->sgt = sgt;
	return 0;
}

void ex_release(struct dma_buf *dmabuf, struct ex_buf *buf)
{
	ex_unmap(buf->attach, buf->sgt, DMA_TO_DEVICE);
	ex_detach(dmabuf, buf->attach);
}
`;

const names = `#define ex_attach dma_buf_attach
#define ex_map dma_buf_map_attachment_unlocked
#define ex_unmap dma_buf_unmap_attachment_unlocked
#define ex_detach dma_buf_detach
`;

const macros = `#define ex_attach(buf, dev) dma_buf_attach(buf, dev)
#define ex_map(attach, dir) dma_buf_map_attachment_unlocked((attach), (dir))
#define ex_unmap(attach, sgt, dir) dma_buf_unmap_attachment_unlocked(attach, sgt, dir)
#define ex_detach(buf, attach) dma_buf_detach(buf, attach)
`;

const shim = `#define ex_attach(buf, dev) dma_buf_attach(buf, dev)
#define ex_detach dma_buf_detach
#ifdef HAVE_UNLOCKED_MAP
#define ex_map dma_buf_map_attachment_unlocked
static inline void ex_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt, enum dma_data_direction dir)
{
	dma_buf_unmap_attachment_unlocked(attach, sgt, dir);
}
#else
#define ex_map(attach, dir) dma_buf_map_attachment(attach, dir)
#define ex_unmap(attach, sgt, dir) dma_buf_unmap_attachment(attach, sgt, dir)
#endif
`;

const statements = `#define ex_attach(buf, dev) ({ dma_buf_attach(buf, dev); })
#define ex_map(attach, dir) (dma_buf_map_attachment_unlocked(attach, dir))
#define ex_unmap(attach, sgt, dir) do { dma_buf_unmap_attachment_unlocked(attach, sgt, dir); } while (0)
#define ex_detach(buf, attach) do { dma_buf_detach(buf, attach); } while (0)
`;

/** Inline functions; which of two ways the kernel has, no name tells. */
const inlines = `static inline struct dma_buf_attachment *ex_attach(struct dma_buf *buf, struct device *dev)
{
#ifdef EX_OLD_KERNEL
	return dma_buf_attach(buf, NULL);
#else
	return dma_buf_attach(buf, dev);
#endif
}

static inline struct sg_table *ex_map(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
#ifdef EX_OLD_KERNEL
	return dma_buf_map_attachment(attach, dir);
#else
	return dma_buf_map_attachment_unlocked(attach, dir);
#endif
}

static inline void ex_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt, enum dma_data_direction dir)
{
	dma_buf_unmap_attachment_unlocked(attach, sgt, dir);
}

static inline void ex_detach(struct dma_buf *buf, struct dma_buf_attachment *attach)
{
	dma_buf_detach(buf, attach);
}
`;

const conftest = `#if defined(NV_DMA_BUF_MAP_ATTACHMENT_UNLOCKED_PRESENT)
#define ex_map dma_buf_map_attachment_unlocked
#define ex_unmap dma_buf_unmap_attachment_unlocked
#else
#define ex_map dma_buf_map_attachment
#define ex_unmap dma_buf_unmap_attachment
#endif
#define ex_attach dma_buf_attach
#define ex_detach dma_buf_detach
`;

async function factsWith(header: string, code = driver) {
  const core = [dmaBufHeader, dmaBufCore].map(
    (path) => [path, readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8')] as const,
  );
  const tree = openMemory('tree', {
    ...Object.fromEntries(core),
    'drivers/misc/ex/ex.c': code,
    'drivers/misc/ex/compat.h': `#include <linux/dma-buf.h>\n\n${header}`,
  });
  return factsOf(await lintTree(tree, rules, defaultConfig));
}

describe('a driver with its own names for the API', () => {
  for (const [what, header, leaks] of [
    ['by macros without parameters', names, ['ex.c:5']],
    ['by macros that pass on their parameters', macros, ['ex.c:5']],
    ['by macros that are statements', statements, ['ex.c:5']],
    ['by a shim for several kernels', shim, ['ex.c:5']],
    ['by what a test before the build found', conftest, ['ex.c:5']],
    ['by inline functions of its header', inlines, ['compat.h:6', 'compat.h:8']],
  ] as const)
    it(`${what} is an importer, and is followed: the leak where the map fails is found, and no lock is missed`, async () => {
      const { inventory, notAnalysed, findings } = await factsWith(header);
      assert.deepEqual(
        inventory.staticImporters.map(({ file, function: name }) => `${file} ${name}`),
        ['drivers/misc/ex/ex.c ex_import'],
      );
      assert.deepEqual(notAnalysed, []);
      assert.deepEqual(
        findings.map(({ rule, file, line }) => `${rule} ${file}:${line}`),
        leaks.map((place) => `attach-leak drivers/misc/ex/${place}`),
      );
    });

  it('by an inline function that takes ops pins and attaches where it is called', async () => {
    const wrapper = `static inline struct dma_buf_attachment *
ex_dyn(struct dma_buf *buf, struct device *dev, const struct dma_buf_attach_ops *ops, void *priv)
{
	return dma_buf_dynamic_attach(buf, dev, ops, priv);
}
#define ex_pin(attach) dma_buf_pin(attach)
`;
    const code = `#include "compat.h"
static const struct dma_buf_attach_ops ex_ops = {
	.allow_peer2peer = true,
};
int ex_reg(struct ex_mr *mr, struct dma_buf *dmabuf)
{
	struct dma_buf_attachment *attach = ex_dyn(dmabuf, mr->dev, &ex_ops, mr);
	int ret;

	if (IS_ERR(attach))
		return PTR_ERR(attach);
	dma_resv_lock(dmabuf->resv, NULL);
	ret = ex_pin(attach);
	dma_resv_unlock(dmabuf->resv);
	if (ret) {
		dma_buf_detach(dmabuf, attach);
		return ret;
	}
	mr->attach = attach;
	return 0;
}
`;
    const [importer] = (await factsWith(wrapper, code)).inventory.importers;
    assert.equal(importer?.pins, 'always');
    assert.deepEqual(
      importer?.attachSites.map(({ file, line, function: name }) => `${file}:${line} ${name}`),
      ['drivers/misc/ex/ex.c:7 ex_reg'],
    );
  });
});
