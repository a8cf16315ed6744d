import assert from 'node:assert/strict';
import { it } from 'node:test';
import { exampleTree } from '../src/dev/examples/example-tree.js';
import { openMemory } from '../src/input/tree/tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig } from '../src/lint/index.js';
import { rules } from './index.js';

/** How a driver notes that it has pinned, asks for it where it lets go, and undoes a failed import. */
interface Way {
  readonly member: string;
  readonly note: string;
  readonly asks: string;
  readonly undo: string;
  readonly found: readonly string[];
}

const unpin = 'dma_buf_unpin(b->attach);';
const ways: Readonly<Record<string, Way>> = {
  bit: {
    member: 'unsigned int pinned : 1;',
    note: 'b->pinned = 1;',
    asks: 'b->pinned',
    undo: unpin,
    found: ['double-unpin'],
  },
  state: {
    member: 'enum { NEW, PINNED, DEAD } state;',
    note: 'b->state = PINNED;',
    asks: 'b->state == PINNED',
    undo: unpin,
    found: ['double-unpin'],
  },
  atomic_bit: {
    member: 'unsigned long flags;',
    note: 'set_bit(0, &b->flags);',
    asks: 'test_bit(0, &b->flags)',
    undo: unpin,
    found: ['double-unpin'],
  },
  left_to_destroy: {
    member: 'unsigned int pinned : 1;',
    note: 'b->pinned = 1;',
    asks: 'b->pinned',
    undo: '',
    found: [],
  },
  state_set_back: {
    member: 'enum { NEW, PINNED, DEAD } state;',
    note: 'b->state = PINNED;',
    asks: 'b->state == PINNED',
    undo: `${unpin}\n\tb->state = DEAD;`,
    found: [],
  },
  cleared_when_asked: {
    member: 'unsigned long flags;',
    note: 'set_bit(0, &b->flags);',
    asks: 'test_and_clear_bit(0, &b->flags)',
    undo: '',
    found: [],
  },
};

function driver({ member, note, asks, undo }: Way): string {
  return `#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/slab.h>

struct pf_buf {
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	${member}
};

static void pf_invalidate(struct dma_buf_attachment *attach)
{
	struct pf_buf *b = attach->importer_priv;

	if (b->sgt) {
		dma_buf_unmap_attachment(attach, b->sgt, DMA_BIDIRECTIONAL);
		b->sgt = NULL;
	}
}

static const struct dma_buf_attach_ops pf_ops = {
	.allow_peer2peer = true,
	.invalidate_mappings = pf_invalidate,
};

static void pf_destroy(struct pf_buf *b)
{
	struct dma_buf *dmabuf = b->attach->dmabuf;

	dma_resv_lock(dmabuf->resv, NULL);
	pf_invalidate(b->attach);
	if (${asks})
		dma_buf_unpin(b->attach);
	dma_resv_unlock(dmabuf->resv);
	dma_buf_detach(dmabuf, b->attach);
	kfree(b);
}

struct pf_buf *pf_import(struct device *dev, struct dma_buf *dmabuf)
{
	struct pf_buf *b = kzalloc(sizeof(*b), GFP_KERNEL);
	int ret;

	if (!b)
		return ERR_PTR(-ENOMEM);
	b->attach = dma_buf_dynamic_attach(dmabuf, dev, &pf_ops, b);
	if (IS_ERR(b->attach)) {
		ret = PTR_ERR(b->attach);
		kfree(b);
		return ERR_PTR(ret);
	}
	dma_resv_lock(dmabuf->resv, NULL);
	ret = dma_buf_pin(b->attach);
	if (ret) {
		dma_resv_unlock(dmabuf->resv);
		dma_buf_detach(dmabuf, b->attach);
		kfree(b);
		return ERR_PTR(ret);
	}
	${note}
	b->sgt = dma_buf_map_attachment(b->attach, DMA_BIDIRECTIONAL);
	if (!IS_ERR(b->sgt)) {
		dma_resv_unlock(dmabuf->resv);
		return b;
	}
	ret = PTR_ERR(b->sgt);
	b->sgt = NULL;
	${undo}
	dma_resv_unlock(dmabuf->resv);
	pf_destroy(b);
	return ERR_PTR(ret);
}
`;
}

it('a pin is dropped twice where what notes it is asked once more, whatever notes it', async () => {
  const { tree: core } = exampleTree({ isBad: false, code: '', line: 1, options: {} });
  const names = Object.keys(ways);
  const files = new Map(core.sources.concat('Makefile').map((path) => [path, core.read(path) ?? '']));
  for (const [name, way] of Object.entries(ways)) files.set(`drivers/${name}/${name}.c`, driver(way));
  const tree = openMemory('linux', Object.fromEntries(files));
  const { findings } = await lintTree(tree, rules, defaultConfig, null, 0);
  const found = names.map((name) => [
    name,
    findings.filter((one) => one.file.includes(`/${name}/`)).map((one) => one.rule),
  ]);
  assert.deepEqual(
    found,
    Object.entries(ways).map(([name, way]) => [name, way.found]),
  );
});
