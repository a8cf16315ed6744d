import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { functionsIn, openCodebase } from '../../program/index.js';
import type { FunctionFlow } from '../model/results.js';
import { createRelevance } from '../tree/relevance.js';
import { followFunction } from './follow.js';
import { leaksAt } from './leaks.js';

const path = 'drivers/example/example.c';

async function follow(code: string): Promise<FunctionFlow> {
  const tree = openMemory('example', { [path]: `#include <linux/dma-buf.h>\n${code}` });
  const codebase = await openCodebase(tree, { attributeWords: [], leftOut: [] });
  const ref = functionsIn(codebase.program, path).find(({ outline }) => outline.name === 'f');
  assert.ok(ref);
  return followFunction(codebase, createRelevance(codebase), ref);
}

const misuses = (flow: FunctionFlow) => [...new Set(flow.events.map(({ kind, use }) => `${kind} ${use}`))].sort();

function lost(flow: FunctionFlow): readonly string[] {
  const found = flow.exits.flatMap((exit) =>
    leaksAt(exit).flatMap(({ resource, isKnownOutside }) => (isKnownOutside ? [] : [resource.kind])),
  );
  return [...new Set(found)].sort();
}

describe('a round of a loop', () => {
  const loop = (head: string) => `
static void f(struct list_head *list, struct dma_buf *buf)
{
	struct entry *e, *n;

	${head} {
		dma_buf_detach(buf, e->a);
		${head.includes('while') ? 'list_del(&e->node);' : ''}
	}
}`;

  for (const head of [
    'list_for_each_entry_safe(e, n, list, node)',
    'hlist_for_each_entry(e, list, node)',
    'own_for_each(e, n, list)',
    'while (!list_empty(list) && (e = list_entry(list->next, struct entry, node)))',
  ])
    it(`has an entry of its own: ${head}`, async () => {
      assert.deepEqual(misuses(await follow(loop(head))), []);
    });

  it('is not hidden by a longer path that comes to the same place first', async () => {
    const flow = await follow(`
static int f(struct list_head *list)
{
	struct entry *e;

	list_for_each_entry(e, list, node) {
		struct sg_table *t = dma_buf_map_attachment(e->a, DMA_TO_DEVICE);

		if (IS_ERR(t))
			continue;
		if (!t->nents)
			continue;
		e->t = t;
	}
	return 0;
}`);
    assert.deepEqual(lost(flow), ['mapping']);
  });
});

describe('an element of an array', () => {
  const array = (start: string, end: string) => `
static int f(struct dev *dev, struct dma_buf *buf, int n)
{
	struct dma_buf_attachment *a[8];
	int i, j, ret = 0;

	for (i = 0; ${start}; i++) {
		a[i] = dma_buf_attach(buf, dev->dev);
		if (IS_ERR(a[i])) {
			ret = PTR_ERR(a[i]);
			break;
		}
	}
	${end}
	return ret;
}`;

  for (const start of ['i < n', 'i < 8', 'i < MAX_LANES', 'i < ARRAY_SIZE(a)', 'i != n'])
    for (const end of [
      'while (i--) dma_buf_detach(buf, a[i]);',
      'while (--i >= 0) dma_buf_detach(buf, a[i]);',
      'for (i--; i >= 0; i--) dma_buf_detach(buf, a[i]);',
      'for (j = 0; j < i; j++) dma_buf_detach(buf, a[j]);',
    ])
      it(`is met by the loop that unwinds: ${start}, ${end}`, async () => {
        const flow = await follow(array(start, end));
        assert.deepEqual([lost(flow), misuses(flow)], [[], []]);
      });

  it('is lost where the unwinding leaves it out', async () => {
    assert.deepEqual(lost(await follow(array('i < n', 'while (--i > 0) dma_buf_detach(buf, a[i]);'))), ['attachment']);
    assert.deepEqual(
      lost(await follow(array('i < n', 'if (ret) return ret; while (i--) dma_buf_detach(buf, a[i]);'))),
      ['attachment'],
    );
  });

  it('is released twice where both calls name it', async () => {
    const flow = await follow(`
static void f(struct dma_buf *buf, struct dma_buf_attachment **a, int i)
{
	struct dma_buf_attachment *one = a[i];

	dma_buf_detach(buf, one);
	i++;
	dma_buf_detach(buf, a[i - 1]);
}`);
    assert.deepEqual(misuses(flow), ['double-release dma_buf_detach()']);
  });

  it('is another one where the index is another', async () => {
    const flow = await follow(`
static void f(struct dma_buf *buf, struct dma_buf_attachment **a, int i)
{
	dma_buf_detach(buf, a[i]);
	dma_buf_detach(buf, a[i - 1]);
	dma_buf_detach(buf, a[0]);
}`);
    assert.deepEqual(misuses(flow), []);
  });
});

describe('a count', () => {
  const counted = (test: string) => `
static int f(struct dev *dev, struct dma_buf *buf)
{
	struct dma_buf_attachment *a;
	int count = 0;

	a = dma_buf_attach(buf, dev->dev);
	if (IS_ERR(a))
		return PTR_ERR(a);
	count++;
	dev_start(dev->id);
	if (${test})
		dma_buf_detach(buf, a);
	return 0;
}`;

  it('is followed up and down', async () => {
    for (const test of ['count', '--count == 0', 'count == 1', 'count > 0', '!(count -= 1)'])
      assert.deepEqual(lost(await follow(counted(test))), [], test);
    for (const test of ['!count', '--count', 'count > 1'])
      assert.deepEqual(lost(await follow(counted(test))), ['attachment'], test);
  });
});

describe('a pointer that was never assigned', () => {
  it('is not used on any path: the loop before it ran', async () => {
    const flow = await follow(`
static int f(struct dev *dev, struct dma_buf *buf)
{
	struct lane *lane;
	int i;

	for (i = 0; i < dev->count; i++) {
		lane = &dev->lanes[i];
		if (!lane->a)
			break;
	}
	lane->a = dma_buf_attach(buf, dev->dev);
	return 0;
}`);
    assert.deepEqual(lost(flow), []);
  });
});
