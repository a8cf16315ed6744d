import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleTree } from '../../dev/examples/example-tree.js';
import { openMemory } from '../../input/tree/tree.js';
import { buildContract } from '../contract.js';

const frame = 'struct ex_frame { struct dma_buf_attachment *attach; struct sg_table *in; };\n';
const send = `${frame}
struct sg_table *ex_send(struct ex_frame *frame)
{
	return dma_buf_map_attachment_unlocked(frame->attach, DMA_TO_DEVICE);
}
`;
const received = `
void ex_received(struct ex_frame *frame, struct sg_table *table)
{
	dma_buf_unmap_attachment_unlocked(frame->attach, table, DMA_FROM_DEVICE);
}
`;

/** The functions whose unmap is in another direction than all that the module maps. */
async function toldIn(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const core = exampleTree({ code: '', options: {}, isBad: false, line: 1 }).tree;
  const base = ['Makefile', 'include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c'];
  const module = Object.entries(files).map(([name, text]) => [
    `drivers/ex/${name}`,
    `#include <linux/dma-buf.h>\n${text}`,
  ]);
  const whole = Object.fromEntries([...base.map((path) => [path, core.read(path) ?? '']), ...module]);
  const { unmappings } = await buildContract(openMemory('directions', whole));
  return unmappings.filter(({ inModule }) => inModule.length > 0).map(({ use }) => use.ref.outline.name);
}

describe('the one direction in which a module maps', () => {
  it('is told where an unmap has another one, and the table comes from nowhere', async () => {
    assert.deepEqual(await toldIn({ 'ex.c': send + received }), ['ex_received']);
  });
  it('is not all where a macro names a function that maps', async () => {
    const macro = '#define ex_begin(frame) dma_buf_map_attachment_unlocked((frame)->attach, DMA_FROM_DEVICE)\n';
    assert.deepEqual(await toldIn({ 'ex.c': macro + send + received }), []);
  });
  it('is not all where a table of functions has one that maps', async () => {
    const table = 'const struct ex_way ex_plain = { .begin = dma_buf_map_attachment_unlocked };\n';
    assert.deepEqual(await toldIn({ 'ex.c': send + table + received }), []);
  });
  it('is not all where a call through a pointer gets the attachment', async () => {
    const call =
      'int ex_receive(struct ex_frame *frame, struct ex_way *way)\n{\n\treturn way->begin(frame->attach);\n}\n';
    assert.deepEqual(await toldIn({ 'ex.c': send + call + received }), []);
  });
  it('is not all where a function of others yields a table, or fills the structure that has one', async () => {
    const yields = 'void ex_receive(struct ex_frame *frame, int id)\n{\n\tframe->in = lib_table(id);\n}\n';
    const fills = 'int ex_receive(struct ex_frame *frame)\n{\n\treturn lib_fill(frame);\n}\n';
    assert.deepEqual(await toldIn({ 'ex.c': send + yields + received }), []);
    assert.deepEqual(await toldIn({ 'ex.c': send + fills + received }), []);
  });
  it('is told for a call of the kernel that maps nothing', async () => {
    const call = 'void ex_log(struct ex_frame *frame)\n{\n\tpr_info("%p", frame->attach);\n}\n';
    assert.deepEqual(await toldIn({ 'ex.c': send + call + received }), ['ex_received']);
  });
  it('says nothing of the other files', async () => {
    assert.deepEqual(await toldIn({ 'ex.c': send, 'in.c': frame + received }), []);
  });
});
