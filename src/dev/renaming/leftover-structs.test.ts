import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { openMemory } from '../../input/tree/tree.js';
import { dmaBufCore, dmaBufHeader } from '../../kernel/index.js';
import { factsOf, lintTree } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { fixturesFolder } from '../examples/example-tree.js';

const driver = `#include <linux/dma-buf.h>

static void ex_gone(struct dma_buf_attachment *attach)
{
	dma_buf_unmap_attachment(attach, attach->importer_priv, DMA_TO_DEVICE);
}

static const struct zz_importer ex_ops = {
	.invalidate_mappings = ex_gone,
};

static const struct dma_buf_attach_ops old_ops = {
	.zz_gone = ex_gone,
};

struct dma_buf_attachment *ex_attach(struct dma_buf *dmabuf, struct device *dev)
{
	return dma_buf_dynamic_attach(dmabuf, dev, &ex_ops, NULL);
}
`;

it('a leftover of a struct, or of the callback, is told in a tree that has renamed both', async () => {
  const renamed = [dmaBufHeader, dmaBufCore].map((path) => {
    const text = readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8');
    return [
      path,
      text.replace(/\bdma_buf_attach_ops\b/g, 'zz_importer').replace(/\binvalidate_mappings\b/g, 'zz_gone'),
    ] as const;
  });
  const tree = openMemory('tree', { ...Object.fromEntries(renamed), 'drivers/misc/ex.c': driver });
  const { findings } = factsOf(await lintTree(tree, rules, defaultConfig));
  assert.deepEqual(
    findings.filter(({ rule }) => rule === 'renamed-api').map(({ line, message }) => `${line}: ${message}`),
    [
      "9: 'invalidate_mappings' is not a member of this tree's struct zz_importer: it is named 'zz_gone' here",
      "12: struct dma_buf_attach_ops is not in this tree's include/linux/dma-buf.h: it is named struct zz_importer here",
    ],
  );
});
