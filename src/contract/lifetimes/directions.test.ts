import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleTree } from '../../dev/examples/example-tree.js';
import { openMemory } from '../../input/tree/tree.js';
import { buildContract } from '../contract.js';

const header = `struct ex_buf { struct dma_buf_attachment *attach; struct sg_table *sgt; };
struct ex_other { struct sg_table *sgt; };
`;
const map = (direction: string, inner = '') => `#include "ex.h"
int ex_map(struct ex_buf *buf, struct ex_other *other)
{
	struct sg_table *sgt = dma_buf_map_attachment(buf->attach, ${direction});

	${inner}
	buf->sgt = sgt;
	return 0;
}
`;
const unmap = `#include "ex.h"
void ex_unmap(struct ex_buf *buf)
{
	struct sg_table *sgt = buf->sgt;

	buf->sgt = NULL;
	dma_buf_unmap_attachment(buf->attach, sgt, DMA_TO_DEVICE);
}
`;

/** What is known of the one unmap of a module of several files. */
async function unmapping(files: Readonly<Record<string, string>>) {
  const core = exampleTree({ code: '', options: {}, isBad: false, line: 1 }).tree;
  const base = ['Makefile', 'include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c'];
  const module = Object.entries(files).map(([name, text]) => [`drivers/ex/${name}`, text]);
  const whole = Object.fromEntries([...base.map((path) => [path, core.read(path) ?? '']), ...module]);
  const { unmappings } = await buildContract(openMemory('directions', whole));
  const [only] = unmappings;
  return only && { isComplete: only.isComplete, mapped: only.mappings.map(({ direction }) => direction.constants) };
}

describe('what an unmap ends', () => {
  it('is found in another file, by the struct and its member', async () => {
    const found = await unmapping({ 'ex.h': header, 'a.c': map('DMA_FROM_DEVICE'), 'b.c': unmap });
    assert.deepEqual(found, { isComplete: true, mapped: [['DMA_FROM_DEVICE']] });
  });
  it('is not what a member of the same name in another struct holds', async () => {
    const files = { 'ex.h': header, 'a.c': map('DMA_FROM_DEVICE', 'other->sgt = ex_make();'), 'b.c': unmap };
    assert.equal((await unmapping(files))?.isComplete, true);
  });
  it('can be each direction of a conditional', async () => {
    const found = await unmapping({ 'ex.h': header, 'a.c': map('buf ? DMA_TO_DEVICE : DMA_NONE'), 'b.c': unmap });
    assert.deepEqual(found?.mapped, [['DMA_TO_DEVICE', 'DMA_NONE']]);
  });
  it('is not all known where the member is filled by somebody unseen', async () => {
    for (const inner of [
      'ex_fill(&buf->sgt);',
      'buf->sgt = ex_make();',
      '*buf = (struct ex_buf){ .sgt = ex_make() };',
    ]) {
      const found = await unmapping({ 'ex.h': header, 'a.c': map('DMA_FROM_DEVICE', inner), 'b.c': unmap });
      assert.equal(found?.isComplete, false, inner);
    }
  });
});
