import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { functionsIn, openCodebase } from '../../program/index.js';
import type { FunctionFlow } from '../model/results.js';
import { createRelevance } from '../tree/relevance.js';
import { followFunction } from './follow.js';
import { leaksAt } from './leaks.js';

const path = 'drivers/example/example.c';

/** Follows the function f of some code. */
async function follow(code: string): Promise<FunctionFlow> {
  const text = `#include <linux/dma-buf.h>\n${code}`;
  const codebase = await openCodebase(openMemory('example', { [path]: text }), { attributeWords: [], leftOut: [] });
  const ref = functionsIn(codebase.program, path).find(({ outline }) => outline.name === 'f');
  assert.ok(ref, 'no function f');
  return followFunction(codebase, createRelevance(codebase), ref);
}

/** What is lost: the kinds of the resources that nobody can release any more, with the outcome of the exit. */
function lost(flow: FunctionFlow): readonly string[] {
  const leaks = flow.exits.flatMap((exit) =>
    leaksAt(exit).flatMap(({ resource, isKnownOutside }) =>
      isKnownOutside ? [] : [`${resource.kind} in ${exit.outcome}`],
    ),
  );
  return [...new Set(leaks)].sort();
}

describe('what is behind a pointer', () => {
  it('is a place of its own, and not the pointer', async () => {
    const flow = await follow(`int f(struct dma_buf **out, int fd)
{
	*out = dma_buf_get(fd);
	if (IS_ERR(*out))
		return PTR_ERR(*out);
	dma_buf_put(*out);
	return 0;
}`);
    assert.deepEqual(flow.events, []);
    assert.ok(flow.exits.every(({ state }) => state.resources.every(({ count }) => count > 0)));
  });

  it('is the local variable whose address the caller passed', async () => {
    const flow = await follow(`static int get(struct dma_buf **out, int fd)
{
	*out = dma_buf_get(fd);
	return PTR_ERR_OR_ZERO(*out);
}
int f(int fd)
{
	struct dma_buf *buf;

	if (get(&buf, fd))
		return -EINVAL;
	return buf->size > 4096;
}`);
    assert.deepEqual(lost(flow), ['reference in unknown']);
  });

  it('is unknown after a call that is not followed', async () => {
    const flow = await follow(`static int find(struct dma_buf **out);
int f(int fd)
{
	struct dma_buf *buf = NULL;

	find(&buf);
	if (buf)
		get_dma_buf(buf);
	return 0;
}`);
    assert.deepEqual(flow.contradictions, []);
  });
});

describe('the address of a member', () => {
  it('is not the number that the member holds', async () => {
    const flow = await follow(`static int reset(struct ring *ring)
{
	ring->head = 0;
	ring_register(&ring->head);
	return 0;
}
int f(struct ring *ring, int fd)
{
	struct dma_buf *buf;

	if (reset(ring))
		return -EIO;
	buf = dma_buf_get(fd);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	return -EINVAL;
}`);
    assert.deepEqual(lost(flow), ['reference in error']);
    assert.deepEqual(flow.contradictions, []);
  });
});

describe('an object that a call returns', () => {
  const store = (call: string): string => `int f(struct dev *dev, int id, int fd)
{
	struct obj *obj = ${call};
	struct dma_buf *buf;

	if (!obj)
		return -ENOENT;
	buf = dma_buf_get(fd);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	obj->buf = buf;
	return 0;
}`;

  for (const call of ['idr_find(&dev->idr, id)', 'obj_by_id(dev, id)', 'dev->ops->find(dev, id)', 'dev_to_obj(dev)'])
    it(`is known to others: ${call}`, async () => assert.deepEqual(lost(await follow(store(call))), []));

  for (const call of ['kzalloc(8, GFP_KERNEL)', 'obj_create(dev)', 'kmem_cache_alloc(dev->cache, 0)'])
    it(`is known to nobody: ${call}`, async () =>
      assert.deepEqual(lost(await follow(store(call))), ['reference in success']));

  it('is the same again where nothing was written that the look-up reads', async () => {
    const ask = (between: string): string => `static bool wants(struct dev *dev)
{
	return dev->mode == 2;
}
int f(struct dev *dev, struct dma_buf *buf)
{
	struct dma_buf_attachment *attach = NULL;

	if (wants(dev)) {
		attach = dma_buf_attach(buf, dev->dev);
		if (IS_ERR(attach))
			return PTR_ERR(attach);
	}
	${between}
	if (wants(dev))
		dma_buf_detach(buf, attach);
	return 0;
}`;
    assert.deepEqual(lost(await follow(ask(''))), []);
    assert.deepEqual(lost(await follow(ask('dev->other = 1;'))), []);
    assert.deepEqual(lost(await follow(ask('dev->mode = 1;'))), ['attachment in success']);
    assert.deepEqual(lost(await follow(ask('chip_reset(dev);'))), ['attachment in success']);
  });
});

describe('a resource in a member', () => {
  const drop = (error: string): string => `int f(struct obj *obj, int fd)
{
	obj->buf = dma_buf_get(fd);
	if (IS_ERR(obj->buf))
		return PTR_ERR(obj->buf);
	if (!obj->buf->size) {
		${error}
		return -EINVAL;
	}
	return 0;
}`;
  it('is lost where the member is overwritten', async () =>
    assert.deepEqual(lost(await follow(drop('obj->buf = NULL;'))), ['reference in error']));
  it('is kept where another member has it, too', async () =>
    assert.deepEqual(lost(await follow(drop('obj->old = obj->buf; obj->buf = NULL;'))), []));
  it('is released through a variable that has it, too', async () =>
    assert.deepEqual(lost(await follow(drop('struct dma_buf *b = obj->buf; obj->buf = NULL; dma_buf_put(b);'))), []));
});

describe('a contradiction', () => {
  it('is a point that the code reaches and no path does', async () => {
    const flow = await follow(`int f(struct obj *obj, struct dma_buf *buf)
{
	if (obj->count > obj->most)
		return 0;
	if (obj->count > obj->most)
		get_dma_buf(buf);
	return 1;
}`);
    assert.equal(flow.contradictions.length, 1);
  });

  const twice = (between: string): string => `int f(struct obj *obj, struct dma_buf *buf)
{
	if (obj->ready)
		return 0;
	${between}
	if (obj->ready)
		dma_buf_get(obj->fd);
	return 1;
}`;
  it('is not what a test of the same member settles just before', async () => {
    const flow = await follow(twice(''));
    assert.deepEqual([flow.contradictions, lost(flow)], [[], []]);
  });
  it('is none where other code may have written to the member since: both answers are followed', async () => {
    for (const between of ['mutex_lock(&obj->lock);', 'chip_reset(obj);']) {
      const flow = await follow(twice(between));
      assert.deepEqual([flow.contradictions, lost(flow)], [[], ['reference in success']]);
    }
  });
  it('does not come from loops of two rounds, one after the other', async () => {
    const flow = await follow(`int f(struct obj *obj, struct dma_buf *buf)
{
	int i, j;

	for (i = 0; i < obj->count; i++)
		obj->sizes[i] = 0;
	for (i = 0; i < obj->count; i++)
		for (j = 0; j < i; j++)
			get_dma_buf(buf);
	return 0;
}`);
    assert.deepEqual(flow.contradictions, []);
  });
  for (const [first, second] of [
    ['one->dev != two->dev', 'two->dev == one->dev'],
    ['one->size < two->size', 'one->size >= two->size'],
    ['one->size > two->size', 'two->size < one->size'],
    ['EX_BAD(one, !one->size && two->size)', '!one->size'],
  ] as const)
    it(`does not come from a test that repeats another one in other words: ${first}, ${second}`, async () => {
      const flow = await follow(`int f(struct obj *one, struct obj *two)
{
	if (${first})
		note(one);
	if (${second})
		dma_buf_get(one->fd);
	return 0;
}`);
      assert.deepEqual([flow.contradictions, lost(flow)], [[], ['reference in success']]);
    });
  it('does not come from a question that is asked twice about one object', async () => {
    const flow = await follow(`int f(struct obj *obj, struct dma_buf *buf)
{
	if (!obj->open && !obj_is_large(obj))
		return -EINVAL;
	if (obj_is_large(obj))
		obj->shift = 9;
	if (obj_is_large(obj))
		get_dma_buf(buf);
	return 0;
}`);
    assert.deepEqual(flow.contradictions, []);
  });

  // A callee with so many exits is followed less exactly.
  const exits = (error: string): string =>
    Array.from(
      { length: 9 },
      (_, index) => `b = dma_buf_get(obj->fd + ${index});
	if (IS_ERR(b))
		return ${error};
	dma_buf_put(b);`,
    ).join('\n\t');
  it('does not come from states that were followed as one though a later test tells them apart', async () => {
    const flow = await follow(`static int take(struct obj *obj)
{
	struct dma_buf *b;

	${exits('PTR_ERR(b)')}
	if (obj->type == EX_SMALL || obj->type == EX_LARGE)
		return 0;
	return -EINVAL;
}
int f(struct obj *obj)
{
	int ret = take(obj);

	if (ret)
		return ret;
	if (obj->type == EX_SMALL)
		dma_buf_get(obj->fd);
	return 0;
}`);
    assert.deepEqual([flow.contradictions, lost(flow)], [[], ['reference in success']]);
  });
  it('does not come from results that a callee names', async () => {
    const flow = await follow(`static int take(struct obj *obj)
{
	struct dma_buf *b;

	${exits('EX_FAILED')}
	return obj->size > obj->most ? EX_TOO_LARGE : EX_FINE;
}
int f(struct obj *obj)
{
	if (EX_FINE == take(obj))
		dma_buf_get(obj->fd);
	return 0;
}`);
    assert.deepEqual([flow.contradictions, lost(flow)], [[], ['reference in success']]);
  });
  it('is not what a member decides to which the code has written that number', async () => {
    const flow = await follow(`int f(struct obj *obj, struct dma_buf *buf)
{
	obj->reserved = 0xFFFFFFFF;
	if (obj->reserved != 0xFFFFFFFF)
		get_dma_buf(buf);
	return 0;
}`);
    assert.deepEqual([flow.contradictions, lost(flow)], [[], []]);
  });

  it('is not what the code itself settles', async () => {
    const flow = await follow(`int f(struct obj *obj, struct dma_buf *buf)
{
	int ret = 0;

	if (ret)
		return ret;
	if (0)
		get_dma_buf(buf);
	do {
		get_dma_buf(buf);
	} while (0);
	return 0;
}`);
    assert.deepEqual(flow.contradictions, []);
  });

  it('does not come from paths that are followed as one', async () => {
    const flow = await follow(`int f(struct obj *obj, struct dma_buf *buf, int flags)
{
	if (flags & 4)
		obj_log(1);
	obj_run(2);
	if (flags & 4)
		get_dma_buf(buf);
	return 0;
}`);
    assert.deepEqual(flow.contradictions, []);
  });
});
