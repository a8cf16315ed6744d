import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { openMemory } from '../../input/tree/tree.js';
import { dmaBufCore, dmaBufHeader } from '../../kernel/index.js';
import { factsOf, lintTree } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { fixturesFolder } from '../examples/example-tree.js';

/** How an exporter keeps the revoked state: its member, a helper or more, how it is set, and when a map is refused. */
interface Form {
  readonly member: string;
  readonly before?: string;
  readonly set: string;
  readonly refused: string;
}

const enumeration = 'enum ex_state { EX_FINE, EX_REVOKED, EX_REVOKED_FOR_EVER };\n';

const forms: Readonly<Record<string, Form>> = {
  'a bool': { member: 'bool revoked;', set: 'buf->revoked = true;', refused: 'buf->revoked' },
  'a bit-field': { member: 'u8 revoked : 1;', set: 'buf->revoked = 1;', refused: 'buf->revoked == 1' },
  'a bit of a word': { member: 'u32 flags;', set: 'buf->flags |= EX_GONE;', refused: 'buf->flags & EX_GONE' },
  'a bit that is set atomically': {
    member: 'unsigned long flags;',
    set: 'set_bit(EX_GONE_BIT, &buf->flags);',
    refused: 'test_bit(EX_GONE_BIT, &buf->flags)',
  },
  'an enum that is not the good one': {
    member: 'enum ex_state state;',
    before: enumeration,
    set: 'buf->state = EX_REVOKED;',
    refused: 'buf->state != EX_FINE',
  },
  'an enum that is one of the bad ones': {
    member: 'enum ex_state state;',
    before: enumeration,
    set: 'buf->state = EX_REVOKED_FOR_EVER;',
    refused: 'buf->state == EX_REVOKED || buf->state == EX_REVOKED_FOR_EVER',
  },
  'an enum that is ordered': {
    member: 'enum ex_state state;',
    before: enumeration,
    set: 'buf->state = EX_REVOKED;',
    refused: 'READ_ONCE(buf->state) >= EX_REVOKED',
  },
  'an enum that helpers set and test': {
    member: 'enum ex_state state;',
    before: `${enumeration}
struct ex_buf;
static void ex_set_state(struct ex_buf *buf, enum ex_state state);
static bool ex_is_gone(struct ex_buf *buf);
`,
    set: 'ex_set_state(buf, EX_REVOKED);',
    refused: 'ex_is_gone(buf)',
  },
};

const helpers = `
static void ex_set_state(struct ex_buf *buf, enum ex_state state)
{
	if (buf->state != EX_REVOKED_FOR_EVER)
		buf->state = state;
}

static bool ex_is_gone(struct ex_buf *buf)
{
	return buf->state != EX_FINE;
}
`;

function exporter({ member, before = '', set, refused }: Form): string {
  return `#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/slab.h>

${before}
struct ex_buf {
	struct sg_table *sgt;
	struct dma_buf *dmabuf;
	atomic_t mappings;
	wait_queue_head_t wait;
	${member}
};
${before.includes('ex_set_state') ? helpers : ''}
static int ex_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	return dma_buf_attach_revocable(attach) ? 0 : -EOPNOTSUPP;
}

static struct sg_table *ex_map(struct dma_buf_attachment *attach, enum dma_data_direction dir)
{
	struct ex_buf *buf = attach->dmabuf->priv;
	int ret;

	if (${refused})
		return ERR_PTR(-ENODEV);
	ret = dma_map_sgtable(attach->dev, buf->sgt, dir, 0);
	if (ret)
		return ERR_PTR(ret);
	atomic_inc(&buf->mappings);
	return buf->sgt;
}

static void ex_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt, enum dma_data_direction dir)
{
	struct ex_buf *buf = attach->dmabuf->priv;

	dma_unmap_sgtable(attach->dev, sgt, dir, 0);
	if (atomic_dec_and_test(&buf->mappings))
		wake_up(&buf->wait);
}

static void ex_release(struct dma_buf *dmabuf)
{
	kfree(dmabuf->priv);
}

static const struct dma_buf_ops ex_dmabuf_ops = {
	.attach = ex_attach,
	.map_dma_buf = ex_map,
	.unmap_dma_buf = ex_unmap,
	.release = ex_release,
};

void ex_revoke(struct dma_buf *dmabuf)
{
	struct ex_buf *buf = dmabuf->priv;

	dma_resv_lock(dmabuf->resv, NULL);
	${set}
	dma_buf_invalidate_mappings(dmabuf);
	dma_resv_wait_timeout(dmabuf->resv, DMA_RESV_USAGE_BOOKKEEP, false, MAX_SCHEDULE_TIMEOUT);
	dma_resv_unlock(dmabuf->resv);
	wait_event(buf->wait, !atomic_read(&buf->mappings));
}

struct dma_buf *ex_export(struct ex_buf *buf)
{
	DEFINE_DMA_BUF_EXPORT_INFO(exp_info);

	exp_info.ops = &ex_dmabuf_ops;
	exp_info.priv = buf;
	return dma_buf_export(&exp_info);
}
`;
}

async function factsWith(form: Form) {
  const core = [dmaBufHeader, dmaBufCore].map(
    (path) => [path, readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8')] as const,
  );
  const tree = openMemory('tree', { ...Object.fromEntries(core), 'drivers/misc/ex.c': exporter(form) });
  return factsOf(await lintTree(tree, rules, defaultConfig));
}

describe('the revoked state of an exporter', () => {
  for (const [what, form] of Object.entries(forms)) {
    it(`may be ${what}`, async () => {
      const { inventory, findings } = await factsWith(form);
      const [found] = inventory.exporters;
      assert.deepEqual([found?.revokes, found?.rejectsNonRevocable], [true, true]);
      assert.deepEqual(
        findings.filter(({ file }) => file === 'drivers/misc/ex.c').map(({ rule, message }) => `${rule}: ${message}`),
        [],
      );
    });

    it(`is not looked at by a map that asks for something else than ${what}`, async () => {
      const { findings } = await factsWith({ ...form, refused: '!buf->sgt' });
      assert.deepEqual(
        findings.filter(({ file }) => file === 'drivers/misc/ex.c').map(({ rule }) => rule),
        ['map-after-revoke'],
      );
    });
  }
});
