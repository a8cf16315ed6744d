import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { filesBelow, fixturesFolder } from '../src/dev/examples/example-tree.js';
import { openMemory } from '../src/input/tree/tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig } from '../src/lint/index.js';
import rule from './resv-lock-required/rule.js';

const driver = `#include <linux/dma-buf.h>
#include <linux/dma-resv.h>

static int wl_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	dma_resv_assert_held(dmabuf->resv);
	return 0;
}

static const struct dma_buf_ops wl_ops = {
	.mmap = wl_mmap,
};

static int __init wl_init(void)
{
	struct iosys_map map;

	return dma_buf_vmap(wl_shared, &map);
}
module_init(wl_init);
`;

/** Three functions that are entered through a pointer only; the last lets the lock go in time. */
const pointed = `#include <linux/dma-buf.h>
#include <linux/dma-resv.h>

static void et_lock(struct et_buf *b)
{
	dma_resv_lock(b->attach->dmabuf->resv, NULL);
}

static void et_unlock(struct et_buf *b)
{
	dma_resv_unlock(b->attach->dmabuf->resv);
}

static void et_work(struct work_struct *work)
{
	struct et_buf *b = container_of(work, struct et_buf, work);

	dma_resv_lock(b->attach->dmabuf->resv, NULL);
	et_stop(b);
	dma_resv_unlock(b->attach->dmabuf->resv);
	dma_buf_unpin(b->attach);
}

static int et_release(struct inode *inode, struct file *file)
{
	struct et_buf *b = file->private_data;

	et_lock(b);
	et_stop(b);
	et_unlock(b);
	dma_buf_unpin(b->attach);
	return 0;
}

static void et_free(struct kref *ref)
{
	struct et_buf *b = container_of(ref, struct et_buf, ref);

	et_lock(b);
	dma_buf_unpin(b->attach);
	et_unlock(b);
	kfree(b);
}

static const struct file_operations et_fops = { .release = et_release };

void et_put(struct et_buf *b)
{
	INIT_WORK(&b->work, et_work);
	kref_put(&b->ref, et_free);
}
`;

describe('resv-lock-required', () => {
  it('says what happens: the core asserts the lock, and a function that asserts it gets a warning each time', async () => {
    const folder = join(fixturesFolder, 'invalidate-mappings');
    const core = filesBelow(folder)
      .filter((path) => /^include|^drivers\/dma-buf/.test(path))
      .map((path) => [path, readFileSync(join(folder, path), 'latin1')] as const);
    const tree = openMemory('test', {
      ...Object.fromEntries(core),
      'drivers/misc/wl/wl.c': driver,
      'drivers/misc/et/et.c': pointed,
    });
    const { findings } = await lintTree(tree, [rule], defaultConfig, null);
    const [own, other] = [true, false].map((isOwn) => findings.filter(({ file }) => file.includes('/wl/') === isOwn));
    // What runs through a pointer is judged by what it does: it drops the lock itself.
    assert.deepEqual(
      other?.map(({ line, message }) => [
        pointed
          .split('\n')
          .slice(0, line)
          .findLast((text) => text.startsWith('static')),
        message,
      ]),
      [
        'static void et_work(struct work_struct *work)',
        'static int et_release(struct inode *inode, struct file *file)',
      ].map((head) => [
        head,
        'dma_buf_unpin() is called after the reservation lock was dropped: lockdep warns, and the exporter may move the buffer during the call',
      ]),
    );
    assert.deepEqual(
      own?.map(({ line, message }) => [line, message]),
      [
        [
          6,
          'wl_mmap() asserts the reservation lock with dma_resv_assert_held(), but does not hold it there: lockdep warns each time',
        ],
        [
          18,
          'dma_buf_vmap() is called without the reservation lock: lockdep warns, and the exporter may move the buffer during the call',
        ],
      ],
    );
  });
});
