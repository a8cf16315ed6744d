import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleTree } from '../../dev/examples/example-tree.js';
import { buildContract } from '../contract.js';
import type { CallbackVerdict } from '../model/callback.js';

const head = `#include <linux/dma-buf.h>
struct ex_dev { struct drm_device drm; struct list_head bufs; };
struct ex_buf {
	struct ex_dev *ex;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	struct kref kref;
	struct list_head node, parts;
	const struct ex_funcs *funcs;
	bool live;
};
enum ex_place { EX_SYSTEM, EX_GPU };
struct ex_funcs {
	void (*end)(struct ex_buf *buf);
	void (*destroy)(struct ex_buf *buf);
};
`;
const tail = `
static const struct dma_buf_attach_ops ex_ops = { .invalidate_mappings = ex_invalidate };

int ex_attach(struct ex_buf *buf, struct dma_buf *dmabuf)
{
	buf->attach = dma_buf_dynamic_attach(dmabuf, buf->ex->dev, &ex_ops, buf);
	return PTR_ERR_OR_ZERO(buf->attach);
}
`;
const unmap = 'dma_buf_unmap_attachment(buf->attach, buf->sgt, DMA_BIDIRECTIONAL);';
const remap = 'buf->sgt = dma_buf_map_attachment(buf->attach, DMA_BIDIRECTIONAL);';
const endFunction = `static void ex_end(struct ex_buf *buf)
{
	${unmap}
	buf->sgt = NULL;
}
`;
const releaseFunction = `static void ex_release(struct kref *kref)
{
	struct ex_buf *buf = container_of(kref, struct ex_buf, kref);

	${unmap}
}
`;

/** The verdict on a callback with this body, in a module with these functions, in short. */
async function verdictOf(functions: string, body: string): Promise<string> {
  const verdict = await wholeVerdictOf(functions, body);
  return verdict?.kind === 'defers' ? `defers: ${verdict.how}` : (verdict?.kind ?? 'no importer');
}

async function wholeVerdictOf(functions: string, body: string): Promise<CallbackVerdict | undefined> {
  const callback = `static void ex_invalidate(struct dma_buf_attachment *attach)
{
	struct ex_buf *buf = attach->importer_priv;

	${body}
}
`;
  const code = [head, functions, callback, tail].join('\n');
  const { tree } = exampleTree({ code, options: {}, isBad: false, line: 1 });
  const { importers } = await buildContract(tree);
  return importers[0]?.verdict;
}

const move = (body: string): string => `static int ex_move(struct ex_buf *buf, enum ex_place place)
{
	${body}
}
`;

describe('an unmap before a mapping anew', () => {
  it('is deferred where another order from the caller succeeds without both', async () => {
    const bodies = [
      `if (place == EX_SYSTEM) goto out; ${unmap} ${remap} if (IS_ERR(buf->sgt)) return PTR_ERR(buf->sgt); out: return 0;`,
      `if (place == EX_GPU) { if (buf->sgt) ${unmap} ${remap} } return 0;`,
      `switch (place) { case EX_SYSTEM: break; default: ${unmap} ${remap} } return 0;`,
      `struct sg_table *sgt = buf->sgt; if (place == EX_SYSTEM) return 0; dma_buf_unmap_attachment(buf->attach, sgt, DMA_BIDIRECTIONAL); sgt = dma_buf_map_attachment(buf->attach, DMA_BIDIRECTIONAL); if (IS_ERR(sgt)) return PTR_ERR(sgt); buf->sgt = sgt; return 0;`,
    ];
    for (const body of bodies)
      assert.equal(await verdictOf(move(body), 'ex_move(buf, EX_SYSTEM);'), 'defers: refresh', body);
  });
  it('unmaps where only the mapping decides: an exporter that revokes refuses the new one', async () => {
    for (const body of [`${unmap} ${remap}`, `if (!buf->sgt) return; ${unmap} ${remap}`])
      assert.equal(await verdictOf('', body), 'unmaps', body);
  });
  it('unmaps where some way to success leaves it unmapped', async () => {
    const bodies = [
      `if (place == EX_SYSTEM) return 0; ${unmap} if (!buf->live) return 0; ${remap} return 0;`,
      `if (place == EX_SYSTEM) return 0; ${unmap} if (buf->live) ${remap} return 0;`,
      `${unmap} if (place == EX_GPU) ${remap} return 0;`,
    ];
    for (const body of bodies) assert.equal(await verdictOf(move(body), 'ex_move(buf, EX_SYSTEM);'), 'unmaps', body);
  });
  it('unmaps where what is mapped goes elsewhere', async () => {
    const body = `if (place == EX_SYSTEM) return 0; ${unmap} buf->other = dma_buf_map_attachment(buf->attach, DMA_BIDIRECTIONAL); return 0;`;
    assert.equal(await verdictOf(move(body), 'ex_move(buf, EX_SYSTEM);'), 'unmaps');
  });
  it('does not hide another way that unmaps', async () => {
    const body = `if (place == EX_SYSTEM) return 0; ${unmap} ${remap} return 0;`;
    assert.equal(await verdictOf(move(body) + endFunction, 'ex_move(buf, EX_SYSTEM); ex_end(buf);'), 'unmaps');
  });
});

describe('an unmap once the own device is gone', () => {
  it('is deferred, by whatever way that is asked', async () => {
    const bodies = [
      `if (drm_dev_is_unplugged(&buf->ex->drm)) ${unmap}`,
      `bool gone = drm_dev_is_unplugged(&buf->ex->drm); if (gone && buf->sgt) ${unmap}`,
      `if (!drm_dev_is_unplugged(&buf->ex->drm)) return; ${unmap}`,
      `int idx; if (drm_dev_enter(&buf->ex->drm, &idx)) { drm_dev_exit(idx); return; } ${unmap}`,
      'if (ex_dev_is_gone(buf->ex)) ex_end(buf);',
    ];
    const helpers = `${endFunction}static bool ex_dev_is_gone(struct ex_dev *ex) { return ex->gone; }
static void drm_dev_exit(int idx) { }
static bool drm_dev_enter(struct drm_device *dev, int *idx) { *idx = 0; return dev->there; }
`;
    for (const body of bodies)
      assert.equal(await verdictOf(helpers, `buf->live = false; ${body}`), 'defers: device-gone', body);
  });
  it('unmaps where it may come before', async () => {
    const bodies = [
      `if (drm_dev_is_unplugged(&buf->ex->drm) || buf->live) ${unmap}`,
      `if (!drm_dev_is_unplugged(&buf->ex->drm)) ${unmap}`,
      `if (buf->live) ${unmap}`,
    ];
    for (const body of bodies) assert.equal(await verdictOf('', body), 'unmaps', body);
  });
});

describe('an unmap in the release of an object', () => {
  it('proves something for the object of the callback, its parts, and what it leads to', async () => {
    const bodies = [
      'kref_put(&buf->kref, ex_release);',
      'struct ex_buf *part; list_for_each_entry(part, &buf->parts, node) kref_put(&part->kref, ex_release);',
      'struct ex_buf *one = list_first_entry(&buf->parts, struct ex_buf, node); kref_put(&one->kref, ex_release);',
    ];
    for (const body of bodies) assert.equal(await verdictOf(releaseFunction, body), 'unmaps', body);
  });
  it('proves nothing for one that is found on a list of others', async () => {
    const bodies = [
      'struct ex_buf *other; list_for_each_entry(other, &buf->ex->bufs, node) kref_put(&other->kref, ex_release);',
      'struct ex_buf *other; list_for_each_entry(other, &ex_all, node) kref_put(&other->kref, ex_release);',
      'struct ex_buf *other = ex_oldest; kref_put(&other->kref, ex_release);',
    ];
    for (const body of bodies)
      assert.equal(await verdictOf(`static LIST_HEAD(ex_all);\n${releaseFunction}`, body), 'opaque', body);
  });
  it('is told from that of another object behind a slot', async () => {
    const table = `${endFunction}static const struct ex_funcs ex_funcs = { .end = ex_end, .destroy = ex_end };\n`;
    assert.equal(await verdictOf(table, 'buf->funcs->destroy(buf);'), 'unmaps');
    assert.equal(await verdictOf(table, 'buf->funcs->end(ex_oldest);'), 'unmaps');
    assert.equal(await verdictOf(table, 'ex_oldest->funcs->destroy(ex_oldest);'), 'opaque');
  });
});

describe('a deferred unmap', () => {
  it('is told with the way to it, and kept where something else is opaque', async () => {
    const body = `if (place == EX_SYSTEM) return 0; ${unmap} ${remap} return 0;`;
    const deferring = await wholeVerdictOf(move(body), 'ex_move(buf, EX_SYSTEM);');
    assert.ok(deferring?.kind === 'defers');
    assert.match(
      deferring.trace.at(-1)?.message ?? '',
      /ex_move\(\) calls dma_buf_unmap_attachment\(\) only to map again/,
    );
    const opaque = await wholeVerdictOf(move(body), 'ex_move(buf, EX_SYSTEM); buf->funcs->end(buf);');
    assert.ok(opaque?.kind === 'opaque');
    assert.deepEqual([opaque.through, opaque.deferred?.how], ['the function pointer ->end', 'refresh']);
  });
});

describe('slots', () => {
  it('are told apart from those of other structs by what they take', async () => {
    const table = `${endFunction}static const struct ex_funcs ex_funcs = { .end = ex_end };\n`;
    assert.equal(await verdictOf(table, 'buf->live = false; buf->manager->end(buf->manager, &buf->place);'), 'opaque');
  });
});
