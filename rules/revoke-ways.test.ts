import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleTree } from '../src/dev/examples/example-tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig } from '../src/lint/index.js';
import { rules } from './index.js';

const exporter = `#include <linux/dma-buf.h>
#include <linux/dma-resv.h>

struct ex_buf {
	struct sg_table table;
	bool revoked;
};

static struct dma_buf *ex_shared;

static struct sg_table *ex_map(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
	struct ex_buf *buf = attach->dmabuf->priv;

	return buf->revoked ? ERR_PTR(-ENODEV) : &buf->table;
}

static void ex_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt, enum dma_data_direction dir)
{
}

static void ex_release(struct dma_buf *dmabuf)
{
}

static const struct dma_buf_ops ex_ops = {
	.map_dma_buf = ex_map,
	.unmap_dma_buf = ex_unmap,
	.release = ex_release,
};

static void ex_revoke(struct dma_buf *dmabuf)
{
	struct ex_buf *buf = dmabuf->priv;

	dma_resv_lock(dmabuf->resv, NULL);
	buf->revoked = true;
	dma_buf_invalidate_mappings(dmabuf);
	dma_resv_unlock(dmabuf->resv);
}
`;

const removed = `
static void ex_remove(struct pci_dev *pdev)
{
	ex_revoke(ex_shared);
}

static struct pci_driver ex_driver = {
	.remove = ex_remove,
};
`;

const failed = `
static pci_ers_result_t ex_error(struct pci_dev *pdev, pci_channel_state_t state)
{
	ex_revoke(ex_shared);
	return PCI_ERS_RESULT_DISCONNECT;
}

static const struct pci_error_handlers ex_handlers = {
	.error_detected = ex_error,
};
`;

const worker = `
static void ex_reset_work(struct work_struct *work)
{
	ex_revoke(ex_shared);
}

void ex_init(struct work_struct *work)
{
	INIT_WORK(work, ex_reset_work);
}
`;

const closed = `
static int ex_close(struct inode *inode, struct file *file)
{
	ex_revoke(ex_shared);
	return 0;
}

static const struct file_operations ex_fops = {
	.release = ex_close,
};
`;

/** What is found in an exporter with some ways to its revocation. */
async function findingsWith(ways: string) {
  const { tree } = exampleTree({ code: exporter + ways, options: {}, line: 0, isBad: true });
  const { findings } = await lintTree(tree, rules, defaultConfig);
  return findings.filter(({ rule }) => rule === 'revoke-unchecked');
}

describe('revoke-unchecked weighs', () => {
  const cases: Readonly<Record<string, readonly [ways: string, severity: string]>> = {
    'less where only the removal of the device leads there': [removed, 'note'],
    'less where only error handlers do': [failed, 'note'],
    'less for a worker that resets': [worker, 'note'],
    'less for all of these': [removed + failed + worker, 'note'],
    'in full where closing a file does': [closed, 'error'],
    'in full where removal and closing a file do': [removed + closed, 'error'],
    'in full where nothing shows who calls': ['', 'error'],
  };
  for (const [what, [ways, severity]] of Object.entries(cases))
    it(what, async () => {
      const found = await findingsWith(ways);
      assert.deepEqual(
        found.map((finding) => finding.severity),
        [severity],
      );
    });

  it('and its trace names the way', async () => {
    const trace = (await findingsWith(removed + closed))[0]?.trace ?? [];
    assert.equal(trace.at(-1)?.message, "ex_close() is the release of 'ex_fops', a struct file_operations");
  });
});
