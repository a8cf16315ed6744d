import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { openCodebase } from '../../program/index.js';
import { followTree, followTreeWithPauses } from './tree-flows.js';

const header = `
struct ex_mem { unsigned int is_dmabuf : 1; };
struct ex_dmabuf {
	struct ex_mem base;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	unsigned int pinned : 1;
};
void ex_dmabuf_drop(struct ex_dmabuf *db);
void ex_mem_release(struct ex_mem *mem);
`;

/** An importer whose error path ends in a release function of another file. @param failed what it does before */
const importer = (failed: string) => `
#include <linux/dma-buf.h>
#include "example.h"

void ex_dmabuf_drop(struct ex_dmabuf *db)
{
	if (db->pinned) {
		dma_buf_unpin(db->attach);
		db->pinned = 0;
	}
	dma_buf_detach(db->attach->dmabuf, db->attach);
	kfree(db);
}

int ex_pin(struct ex_dmabuf *db)
{
	int ret;

	db->base.is_dmabuf = 1;
	ret = dma_buf_pin(db->attach);
	if (ret)
		return ret;
	db->pinned = 1;
	db->sgt = dma_buf_map_attachment(db->attach, DMA_BIDIRECTIONAL);
	if (IS_ERR(db->sgt)) {
		ret = PTR_ERR(db->sgt);
		db->sgt = NULL;
		${failed}
		ex_mem_release(&db->base);
	}
	return ret;
}
`;

/** The release function: it calls the one of its kind. */
const release = `
#include "example.h"

void ex_mem_release(struct ex_mem *mem)
{
	if (mem->is_dmabuf) {
		ex_dmabuf_drop(container_of(mem, struct ex_dmabuf, base));
		return;
	}
	kfree(mem);
}
`;

/** The misuses and what is still held in ex_pin() where it fails, as text. */
async function outcome(failed: string, releasePath = 'drivers/misc/example/mem.c'): Promise<readonly string[]> {
  const tree = openMemory('tree', {
    'include/linux/dma-buf.h': 'struct dma_buf;\n',
    'drivers/misc/example/example.h': header,
    'drivers/misc/example/dmabuf.c': importer(failed),
    [releasePath]: release,
  });
  const codebase = await openCodebase(tree, { attributeWords: [], leftOut: [] });
  let pauses = 0;
  const flows = await followTreeWithPauses(codebase, null, async () => {
    pauses++;
  });
  assert.equal(pauses, flows.length);
  assert.deepEqual(followTree(codebase), flows);
  const flow = flows.find(({ ref }) => ref.outline.name === 'ex_pin');
  assert.ok(flow);
  const held = flow.exits
    .filter(({ outcome: way }) => way === 'error')
    .flatMap(({ state }) =>
      state.resources.filter(({ status }) => status === 'held').map(({ kind }) => `held ${kind}`),
    );
  return [...flow.events.map(({ kind, use }) => `${kind} ${use}`), ...held];
}

describe('a release function in a file that does not use the API', () => {
  it('releases again what an error label has released', async () => {
    assert.deepEqual(await outcome('dma_buf_unpin(db->attach);'), ['double-release dma_buf_unpin()']);
  });

  it('releases what the function leaves to it', async () => {
    assert.deepEqual(await outcome(''), []);
  });

  it('leaves alone what the function says that it has released', async () => {
    assert.deepEqual(await outcome('dma_buf_unpin(db->attach); db->pinned = 0;'), []);
  });

  it('may stand in a folder below', async () => {
    assert.deepEqual(await outcome('dma_buf_unpin(db->attach);', 'drivers/misc/example/core/mem.c'), [
      'double-release dma_buf_unpin()',
    ]);
  });
});
