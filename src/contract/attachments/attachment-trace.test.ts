import assert from 'node:assert/strict';
import { it } from 'node:test';
import { exampleTree } from '../../dev/examples/example-tree.js';
import { openMemory } from '../../input/tree/tree.js';
import { buildContract } from '../contract.js';

const header = 'struct ex_umem { struct dma_buf_attachment *attach; struct sg_table *sgt; };\n';
const core = `#include "ex.h"
struct ex_umem *ex_umem_get(struct device *dev, int fd, const struct dma_buf_attach_ops *ops)
{
	struct ex_umem *umem = kzalloc(sizeof(*umem), GFP_KERNEL);

	umem->attach = dma_buf_dynamic_attach(dma_buf_get(fd), dev, ops, umem);
	return umem;
}
EXPORT_SYMBOL(ex_umem_get);

int ex_umem_map(struct ex_umem *umem)
{
	umem->sgt = dma_buf_map_attachment(umem->attach, DMA_BIDIRECTIONAL);
	return PTR_ERR_OR_ZERO(umem->sgt);
}
EXPORT_SYMBOL(ex_umem_map);

static const struct dma_buf_attach_ops ex_pinned_ops = { .allow_peer2peer = true };

struct ex_umem *ex_umem_get_pinned(struct device *dev, int fd)
{
	struct ex_umem *umem = ex_umem_get(dev, fd, &ex_pinned_ops);

	dma_buf_pin(umem->attach);
	ex_umem_map(umem);
	return umem;
}
EXPORT_SYMBOL(ex_umem_get_pinned);
`;
const driver = `#include "../core/ex.h"
static void paging_invalidate(struct dma_buf_attachment *attach) { }
static const struct dma_buf_attach_ops paging_ops = { .invalidate_mappings = paging_invalidate };

struct ex_umem *paging_register(struct device *dev, int fd)
{
	return ex_umem_get(dev, fd, &paging_ops);
}
`;

it('a map in an exported helper may be that of any importer that attached through the same module', async () => {
  const example = exampleTree({ code: '', options: {}, isBad: false, line: 1 }).tree;
  const base = ['Makefile', 'include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c'];
  const files = {
    ...Object.fromEntries(base.map((path) => [path, example.read(path) ?? ''])),
    'drivers/ex/core/ex.h': header,
    'drivers/ex/core/core.c': core,
    'drivers/ex/paging/main.c': driver,
    // Says nothing of dma-bufs, and so is not read.
    'drivers/ex/paging/fault.c':
      '#include "../core/ex.h"\nint paging_fault(struct ex_umem *umem)\n{\n\treturn ex_umem_map(umem);\n}\n',
  };
  const { importers } = await buildContract(openMemory('trace', files));
  const found = importers.map(({ table, mapUses, pins }) => [table.name, mapUses.map(({ via }) => via), pins]);
  assert.deepEqual(found, [
    ['ex_pinned_ops', ['path'], 'always'],
    ['paging_ops', ['field'], 'never'],
  ]);
});
