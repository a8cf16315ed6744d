import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../../input/tree/tree.js';
import { openCodebase } from '../../../program/index.js';
import { readConvention } from '../../locks/convention.js';
import { followLocks } from './lock-flows.js';

const path = 'drivers/example/example.c';
const convention = `/**
 * DOC: locking convention
 *
 * 1. Importers must hold the dma-buf reservation lock when calling these
 *     - dma_buf_pin()
 *     - dma_buf_unpin()
 * 2. Importers must not hold the dma-buf reservation lock when calling these
 *     - dma_buf_detach()
 * 1. These &dma_buf_ops callbacks are invoked with unlocked dma-buf
 *     - &dma_buf_ops.release()
 * 2. These &dma_buf_ops callbacks are invoked with locked dma-buf
 *     - &dma_buf_ops.vmap()
 */
`;
const head = 'struct ex_buf { struct dma_buf_attachment *attach; };\n';

/** The findings in order, as text: `required dma_buf_pin never`. */
async function findings(code: string): Promise<readonly string[]> {
  const tree = openMemory('tree', {
    'include/linux/dma-buf.h': 'struct dma_buf;\n',
    'drivers/dma-buf/dma-buf.c': convention,
    [path]: head + code,
  });
  const codebase = await openCodebase(tree, { attributeWords: [], leftOut: [] });
  const known = readConvention(codebase);
  assert.ok(known);
  const found = followLocks(codebase, known).findings.map(
    ({ event, certainty }) => `${event.kind} ${event.api} ${certainty === 'unknown' ? 'unknown' : event.verdict}`,
  );
  return [...new Set(found)].sort();
}

const pin = (before: string, after = '') => `
int ex_pin(struct ex_buf *buf)
{
	struct dma_resv *resv = buf->attach->dmabuf->resv;
	int ret;

	${before}
	ret = dma_buf_pin(buf->attach);
	${after}
	return ret;
}`;

describe('the reservation lock at a call that needs it', () => {
  it('is held by whoever took it, under any of its names', async () => {
    assert.deepEqual(await findings(pin('dma_resv_lock(resv, NULL);', 'dma_resv_unlock(resv);')), []);
    assert.deepEqual(await findings(pin('dma_resv_lock(buf->attach->dmabuf->resv, NULL);')), []);
    assert.deepEqual(await findings(pin('ww_mutex_lock(&resv->lock, NULL);')), []);
  });

  it('is believed of who asserts it', async () => {
    assert.deepEqual(await findings(pin('dma_resv_assert_held(resv);')), []);
  });

  it('is not known of a function that nobody calls', async () => {
    assert.deepEqual(await findings(pin('')), ['required dma_buf_pin unknown']);
  });

  it('is not another lock', async () => {
    assert.deepEqual(await findings(pin('mutex_lock(&buf->lock);')), ['required dma_buf_pin unknown']);
  });

  it('is held only where a trylock succeeded', async () => {
    assert.deepEqual(await findings(pin('if (!dma_resv_trylock(resv)) return -EBUSY;')), []);
  });

  it('is gone after it was dropped', async () => {
    assert.deepEqual(await findings(pin('dma_resv_lock(resv, NULL); dma_resv_unlock(resv);')), [
      'required dma_buf_pin dropped',
    ]);
  });

  it('is as good as unknown where a function out of sight may have taken it', async () => {
    assert.deepEqual(await findings(pin('ex_hidden_lock(buf);')), []);
  });

  it('is what each caller makes of it', async () => {
    const callers = `
static int ex_pin(struct ex_buf *buf)
{
	return dma_buf_pin(buf->attach);
}

static int ex_locked_caller(struct ex_buf *buf)
{
	int ret;

	dma_resv_lock(buf->attach->dmabuf->resv, NULL);
	ret = ex_pin(buf);
	dma_resv_unlock(buf->attach->dmabuf->resv);
	return ret;
}
static const struct file_operations good = { .open = ex_locked_caller };
`;
    assert.deepEqual(await findings(callers), []);
    const unlocked = `
static int ex_unlocked_caller(struct ex_buf *buf)
{
	return ex_pin(buf);
}
static const struct file_operations bad = { .open = ex_unlocked_caller };
`;
    assert.deepEqual(await findings(callers + unlocked), ['required dma_buf_pin never']);
  });

  it('follows a slot of the driver to whoever calls through it', async () => {
    const code = `
struct ex_ops { int (*hold)(struct ex_buf *buf); };
static int ex_hold(struct ex_buf *buf)
{
	return dma_buf_pin(buf->attach);
}
static const struct ex_ops ops = { .hold = ex_hold };
static int ex_open(struct ex_buf *buf)
{
	return buf->ops->hold(buf);
}
static const struct file_operations files = { .open = ex_open };
`;
    assert.deepEqual(await findings(code), ['required dma_buf_pin never']);
  });
});

describe('the reservation lock in a function that only a pointer leads to', () => {
  /** A release function, given to kref_put(), with statements of its own. */
  const release = (statements: string, head = 'static void ex_free(struct kref *ref)') => `
${head}
{
	struct ex_buf *buf = container_of(ref, struct ex_buf, ref);
	struct dma_buf *dmabuf = buf->attach->dmabuf;

	${statements}
}

void ex_put(struct ex_buf *buf)
{
	kref_put(&buf->ref, ex_free);
}
`;
  const lock = 'dma_resv_lock(dmabuf->resv, NULL);';
  const unlock = 'dma_resv_unlock(dmabuf->resv);';

  it('is gone after the function has dropped it itself', async () => {
    assert.deepEqual(await findings(release(`${lock} ${unlock} dma_buf_unpin(buf->attach);`)), [
      'required dma_buf_unpin dropped',
    ]);
  });

  it('is gone where a helper of the function has dropped it', async () => {
    const helper = `
static void ex_unmap(struct ex_buf *buf)
{
	dma_resv_lock(buf->attach->dmabuf->resv, NULL);
	buf->sgt = NULL;
	dma_resv_unlock(buf->attach->dmabuf->resv);
}
`;
    assert.deepEqual(await findings(helper + release('ex_unmap(buf); dma_buf_unpin(buf->attach);')), [
      'required dma_buf_unpin dropped',
    ]);
  });

  it('is gone in a callback that is stored in a member', async () => {
    const code = `
static void ex_done(struct ex_buf *buf)
{
	struct dma_resv *resv = buf->attach->dmabuf->resv;

	dma_resv_lock(resv, NULL);
	dma_resv_unlock(resv);
	dma_buf_unpin(buf->attach);
}

void ex_setup(struct ex_dev *dev)
{
	dev->done = ex_done;
}
`;
    assert.deepEqual(await findings(code), ['required dma_buf_unpin dropped']);
  });

  it('cannot be right at two calls of which one needs it and the other must not have it', async () => {
    const contradicted = ['required dma_buf_unpin contradicted'];
    const unpin = 'dma_buf_unpin(buf->attach);';
    assert.deepEqual(await findings(release(`${unpin} dma_buf_detach(dmabuf, buf->attach);`)), contradicted);
    assert.deepEqual(await findings(release(`dma_buf_detach(dmabuf, buf->other); ${unpin}`)), contradicted);
    assert.deepEqual(await findings(release(`${unpin} ${lock} buf->sgt = NULL; ${unlock}`)), contradicted);
  });

  it('may be right where the function shows nothing of it', async () => {
    assert.deepEqual(await findings(release('dma_buf_unpin(buf->attach);')), []);
    assert.deepEqual(await findings(release(`${lock} dma_buf_unpin(buf->attach); ${unlock}`)), []);
    assert.deepEqual(
      await findings(release(`${lock} dma_buf_unpin(buf->attach); ${unlock} dma_buf_detach(dmabuf, buf->attach);`)),
      [],
    );
    assert.deepEqual(await findings(release(`dma_buf_unpin(buf->attach); ${unlock} kfree(buf);`)), []);
  });

  it('may be right on each of two paths, or of two buffers', async () => {
    const either = 'if (buf->busy) { dma_buf_unpin(buf->attach); return; } dma_buf_detach(dmabuf, buf->attach);';
    assert.deepEqual(await findings(release(either)), []);
    const two = 'dma_buf_unpin(buf->attach); dma_buf_detach(buf->second->dmabuf, buf->second);';
    assert.deepEqual(await findings(release(two)), []);
  });
});

describe('the reservation lock at a call that takes it', () => {
  it('must not be held by the function', async () => {
    const code = `
void ex_free(struct ex_buf *buf)
{
	struct dma_buf *dmabuf = buf->attach->dmabuf;

	dma_resv_lock(dmabuf->resv, NULL);
	dma_buf_detach(dmabuf, buf->attach);
	dma_resv_unlock(dmabuf->resv);
}`;
    assert.deepEqual(await findings(code), ['forbidden dma_buf_detach same']);
  });

  it('must not be held by the slot, however far down', async () => {
    const code = `
static void ex_lock(struct dma_buf *dmabuf)
{
	dma_resv_lock(dmabuf->resv, NULL);
}
static void ex_prepare(struct dma_buf *dmabuf)
{
	ex_lock(dmabuf);
}
static int ex_vmap(struct dma_buf *dmabuf)
{
	ex_prepare(dmabuf);
	return 0;
}
static const struct dma_buf_ops ops = { .vmap = ex_vmap };
`;
    assert.deepEqual(await findings(code), ['forbidden dma_resv_lock same']);
  });

  it('may be taken again with an acquire context, which fails instead of waiting', async () => {
    const code = `
int ex_again(struct dma_buf *dmabuf, struct ww_acquire_ctx *ticket)
{
	dma_resv_lock_slow(dmabuf->resv, ticket);
	return dma_resv_lock_interruptible(dmabuf->resv, ticket);
}`;
    assert.deepEqual(await findings(code), []);
  });

  it('may be held of another buffer', async () => {
    const code = `
void ex_move(struct dma_buf *one, struct dma_buf *other, struct dma_buf_attachment *attach)
{
	dma_resv_lock(one->resv, NULL);
	dma_buf_detach(other, attach);
	dma_resv_unlock(one->resv);
}`;
    assert.deepEqual(await findings(code), []);
  });
});
