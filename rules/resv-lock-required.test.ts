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

describe('resv-lock-required', () => {
  it('says what happens: the core asserts the lock, and a function that asserts it gets a warning each time', async () => {
    const folder = join(fixturesFolder, 'invalidate-mappings');
    const core = filesBelow(folder)
      .filter((path) => /^include|^drivers\/dma-buf/.test(path))
      .map((path) => [path, readFileSync(join(folder, path), 'latin1')] as const);
    const tree = openMemory('test', { ...Object.fromEntries(core), 'drivers/misc/wl/wl.c': driver });
    const { findings } = await lintTree(tree, [rule], defaultConfig, null);
    assert.deepEqual(
      findings.map(({ line, message }) => [line, message]),
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
