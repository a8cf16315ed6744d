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

async function factsWith(header: string) {
  const core = [dmaBufHeader, dmaBufCore].map(
    (path) => [path, readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8')] as const,
  );
  const tree = openMemory('tree', {
    ...Object.fromEntries(core),
    'drivers/misc/ex/ex.c': driver,
    'drivers/misc/ex/compat.h': `#include <linux/dma-buf.h>\n\n${header}`,
  });
  return factsOf(await lintTree(tree, rules, defaultConfig));
}

describe('a driver with its own names for the API', () => {
  for (const [what, header] of [
    ['by macros without parameters', names],
    ['by macros that pass on their parameters', macros],
    ['by a shim for several kernels', shim],
  ] as const)
    describe(what, () => {
      it('is an importer', async () => {
        const { inventory, notAnalysed } = await factsWith(header);
        assert.deepEqual(
          inventory.staticImporters.map(({ file, function: name }) => `${file} ${name}`),
          ['drivers/misc/ex/ex.c ex_import'],
        );
        assert.deepEqual(notAnalysed, []);
      });

      it('is followed: the leak where the map fails is found', async () => {
        const { findings } = await factsWith(header);
        assert.deepEqual(
          findings.filter(({ rule }) => rule === 'attach-leak').map(({ file, line }) => `${file}:${line}`),
          ['drivers/misc/ex/ex.c:5'],
        );
      });
    });
});
