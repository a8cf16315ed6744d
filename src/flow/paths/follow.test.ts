import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { functionsIn, openCodebase } from '../../program/index.js';
import { explainPaths } from '../explain/explain-function.js';
import type { FunctionFlow } from '../model/results.js';
import { createRelevance } from '../tree/relevance.js';
import { followFunction } from './follow.js';
import { leaksAt } from './leaks.js';

const path = 'drivers/example/example.c';

async function codebaseOf(code: string) {
  return openCodebase(openMemory('example', { [path]: `#include <linux/dma-buf.h>\n${code}` }), {
    attributeWords: [],
    leftOut: [],
  });
}

async function follow(code: string, name = 'f'): Promise<FunctionFlow> {
  const codebase = await codebaseOf(code);
  const ref = functionsIn(codebase.program, path).find(({ outline }) => outline.name === name);
  assert.ok(ref, `no function ${name}`);
  return followFunction(codebase, createRelevance(codebase), ref);
}

/** The leaks of a function, as text: the kind of resource, and the outcome of the exit. */
function lost(flow: FunctionFlow): readonly string[] {
  const found = flow.exits.flatMap((exit) =>
    leaksAt(exit).flatMap(({ resource, isKnownOutside }) =>
      isKnownOutside ? [] : [`${resource.kind} in ${exit.outcome}`],
    ),
  );
  return [...new Set(found)].sort();
}

const attachHead = `
static int f(struct dev *dev, struct dma_buf *buf)
{
	struct dma_buf_attachment *a;
	struct sg_table *t;
	int ret;

	a = dma_buf_attach(buf, dev->dev);
	if (IS_ERR(a))
		return PTR_ERR(a);
`;

describe('what a function leaves held', () => {
  it('is nothing where every error label releases what was taken by then', async () => {
    const flow = await follow(`${attachHead}
	t = dma_buf_map_attachment(a, DMA_TO_DEVICE);
	if (IS_ERR(t)) {
		ret = PTR_ERR(t);
		goto err_detach;
	}
	ret = dev_use(dev, 1);
	if (ret)
		goto err_unmap;
	dev->a = a;
	dev->t = t;
	return 0;
err_unmap:
	dma_buf_unmap_attachment(a, t, DMA_TO_DEVICE);
err_detach:
	dma_buf_detach(buf, a);
	return ret;
}`);
    assert.deepEqual(lost(flow), []);
    assert.deepEqual(flow.events, []);
    assert.equal(flow.incomplete, null);
  });

  it('is the mapping where the error path jumps past its release', async () => {
    const flow = await follow(`${attachHead}
	t = dma_buf_map_attachment(a, DMA_TO_DEVICE);
	if (IS_ERR(t)) {
		ret = PTR_ERR(t);
		goto err_detach;
	}
	ret = dev_start(1);
	if (ret)
		goto err_detach;
	dev->a = a;
	dev->t = t;
	return 0;
err_detach:
	dma_buf_detach(buf, a);
	return ret;
}`);
    assert.deepEqual(lost(flow), ['mapping in error']);
  });

  it('follows a flag from where it is set to where it is tested', async () => {
    const flow = await follow(`${attachHead}
	bool mapped = false;

	if (dev->wants_map) {
		t = dma_buf_map_attachment(a, DMA_TO_DEVICE);
		if (!IS_ERR(t))
			mapped = true;
	}
	ret = dev_start(1);
	if (mapped)
		dma_buf_unmap_attachment(a, t, DMA_TO_DEVICE);
	dma_buf_detach(buf, a);
	return ret;
}`);
    assert.deepEqual(lost(flow), []);
  });

  it('answers the same test the same way', async () => {
    const flow = await follow(`${attachHead}
	if (dev->flags & 4)
		t = dma_buf_map_attachment(a, DMA_TO_DEVICE);
	ret = 0;
	if ((dev->flags & 4) && !IS_ERR(t))
		dma_buf_unmap_attachment(a, t, DMA_TO_DEVICE);
	dma_buf_detach(buf, a);
	return ret;
}`);
    assert.deepEqual(lost(flow), []);
  });

  it('is the attachment that a helper took and its caller forgets', async () => {
    const code = `
static struct dma_buf_attachment *take(struct dev *dev, struct dma_buf *buf)
{
	return dma_buf_attach(buf, dev->dev);
}

static int f(struct dev *dev, struct dma_buf *buf)
{
	struct dma_buf_attachment *a = take(dev, buf);

	if (IS_ERR(a))
		return PTR_ERR(a);
	if (dev_start(1))
		return -EIO;
	dev->a = a;
	return 0;
}`;
    assert.deepEqual(lost(await follow(code)), ['attachment in error']);
    assert.deepEqual(lost(await follow(code, 'take')), [], "what is returned is the caller's");
  });

  it('is nothing where an object that is freed elsewhere holds it, and the object where it is freed here', async () => {
    const make = (end: string) => `
static int f(struct dev *dev, struct dma_buf *buf)
{
	struct obj *o = kzalloc(sizeof(*o), GFP_KERNEL);

	if (!o)
		return -ENOMEM;
	o->a = dma_buf_attach(buf, dev->dev);
	if (IS_ERR(o->a)) {
		kfree(o);
		return -EIO;
	}
	${end}
}`;
    assert.deepEqual(lost(await follow(make('list_add(&o->node, &dev->list);\n\treturn 0;'))), []);
    assert.deepEqual(lost(await follow(make('kfree(o);\n\treturn -EIO;'))), ['attachment in error']);
  });

  it('is nothing where a release function tests what was done', async () => {
    const flow = await follow(`
static void release(struct obj *o)
{
	if (o->pinned)
		dma_buf_unpin(o->a);
	dma_buf_detach(o->a->dmabuf, o->a);
	kfree(o);
}

static int f(struct dev *dev, struct dma_buf *buf)
{
	struct obj *o = kzalloc(sizeof(*o), GFP_KERNEL);
	int ret;

	if (!o)
		return -ENOMEM;
	o->a = dma_buf_dynamic_attach(buf, dev->dev, &ops, o);
	if (IS_ERR(o->a)) {
		kfree(o);
		return -EIO;
	}
	ret = dma_buf_pin(o->a);
	if (ret)
		goto err;
	o->pinned = 1;
	ret = dev_start(1);
	if (ret)
		goto err;
	dev->o = o;
	return 0;
err:
	release(o);
	return ret;
}`);
    assert.deepEqual(lost(flow), []);
    assert.ok(
      flow.exits.some((exit) => exit.state.resources.some((one) => one.kind === 'pin' && one.status === 'released')),
    );
  });

  it('is released by __free() when the scope is left', async () => {
    const flow = await follow(`
static int f(int fd)
{
	struct dma_buf *buf __free(dma_buf_put) = dma_buf_get(fd);

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	return dev_start(1);
}`);
    assert.deepEqual(lost(flow), []);
  });

  it('takes both branches of an #if, and the same one throughout', async () => {
    const flow = await follow(`
static int f(int fd)
{
	struct dma_buf *buf;

#ifdef CONFIG_A
	buf = dma_buf_get(fd);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
#endif
	dev_start(1);
#ifdef CONFIG_A
	dma_buf_put(buf);
#endif
	return 0;
}`);
    assert.deepEqual(lost(flow), []);
  });

  it('hands the reference over where a descriptor is made, and only there', async () => {
    const flow = await follow(`
static int f(struct dma_buf_export_info *info)
{
	struct dma_buf *buf = dma_buf_export(info);
	int fd;

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	fd = dma_buf_fd(buf, 0);
	return fd;
}`);
    assert.deepEqual(lost(flow), ['reference in error']);
  });
});

describe('what goes wrong on a path', () => {
  const kinds = (flow: FunctionFlow) => [...new Set(flow.events.map((event) => `${event.kind} ${event.use}`))].sort();

  it('is a second detach under another name', async () => {
    const flow = await follow(`
static void f(struct dma_buf *buf, struct obj *o)
{
	struct dma_buf_attachment *a = o->a;

	dma_buf_detach(buf, a);
	dma_buf_detach(buf, o->a);
}`);
    assert.deepEqual(kinds(flow), ['double-release dma_buf_detach()']);
  });

  it('is a use after the detach', async () => {
    const flow = await follow(`
static void f(struct dma_buf *buf, struct obj *o)
{
	dma_buf_detach(buf, o->a);
	dma_buf_unpin(o->a);
}`);
    assert.deepEqual(kinds(flow), ['use-after-release dma_buf_unpin()']);
    const used = await follow(`
static int f(struct dma_buf *buf, struct obj *o)
{
	dma_buf_detach(buf, o->a);
	return o->a->priv;
}`);
    assert.deepEqual(kinds(used), ['use-after-release ->priv']);
  });

  it('is an error pointer that was tested for NULL', async () => {
    const flow = await follow(`
static int f(struct dev *dev, struct dma_buf *buf)
{
	struct dma_buf_attachment *a = dma_buf_attach(buf, dev->dev);

	if (!a)
		return -ENOMEM;
	dev->size = a->peer2peer;
	dma_buf_detach(buf, a);
	return 0;
}`);
    assert.ok(kinds(flow).includes('error-pointer ->peer2peer'));
  });
});

describe('following a function', () => {
  it('ends within its bound of steps, and says so', async () => {
    const tests = Array.from({ length: 40 }, (_, i) => `	if (x${i}(dev)) y${i} = dma_buf_attach(buf, dev);\n`).join(
      '',
    );
    const names = Array.from({ length: 40 }, (_, i) => `	void *y${i} = 0;\n`).join('');
    const uses = Array.from({ length: 40 }, (_, i) => `	use(y${i});\n`).join('');
    const flow = await follow(`static void f(struct dev *dev, struct dma_buf *buf)\n{\n${names}${tests}${uses}}`);
    assert.match(flow.incomplete ?? '', /^more than \d+ steps$/);
  });

  it('does not follow recursion for ever', async () => {
    const flow = await follow(`
static void f(struct dma_buf *buf)
{
	dma_buf_put(buf);
	f(buf);
}`);
    assert.equal(flow.incomplete, null);
  });

  it('is told in plain words', async () => {
    const codebase = await codebaseOf(`
static int f(int fd)
{
	struct dma_buf *buf = dma_buf_get(fd);

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	return 0;
}`);
    assert.deepEqual(explainPaths(codebase, path, 'f'), [
      'f() has 2 exits that differ in what is held',
      'leaves in error at line 8',
      '  nothing taken',
      'leaves in success at line 9',
      '  reference to a dma-buf taken by dma_buf_get() at line 5: still held, and stored nowhere',
      "this tree has no 'DOC: locking convention': the reservation lock is not checked",
    ]);
    assert.equal(explainPaths(codebase, path, 'nosuch'), undefined);
  });
});
