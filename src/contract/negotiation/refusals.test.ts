import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { coreFiles, fixturesFolder } from '../../dev/examples/example-tree.js';
import { openMemory } from '../../input/tree/tree.js';
import { buildContract, type Negotiation, negotiationOf, opsOfKey } from '../index.js';

const core = Object.fromEntries(
  coreFiles.map((path) => [path, readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8')]),
);

/** The table of a tree with the core and some drivers, each in a folder of its own. */
async function tableOf(drivers: Readonly<Record<string, string>>): Promise<Negotiation> {
  const files = Object.entries(drivers).map(([path, code]) => [`drivers/${path}`, `${includes}${code}`] as const);
  return negotiationOf(await buildContract(openMemory('refusals', { ...core, ...Object.fromEntries(files) })));
}

const includes = '#include <linux/dma-buf.h>\n';

/** Verdict, cause and reason of the one cell with these ops. */
function cellOf({ cells }: Negotiation, importer: string, exporter: string) {
  const cell = cells.find((one) => opsOfKey(one.importer) === importer && opsOfKey(one.exporter) === exporter);
  assert.ok(cell, `${importer} x ${exporter}`);
  return cell;
}

const map = (body: string): string =>
  `static struct sg_table *ex_map(struct dma_buf_attachment *attach, enum dma_data_direction dir)\n{\n${body}\n}\n`;

/** An exporter with more members in its table than the mandatory ones. */
const exporter = (functions: string, members = ''): string => `
struct ex_buf { struct sg_table table; };
${functions}
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
${members}};
`;

const table = '\tstruct ex_buf *buf = attach->dmabuf->priv;\n\n\treturn &buf->table;';

/** An importer that follows an invalidation. */
const importer = (attach: string): string => `
struct im_view { struct dma_buf_attachment *attach; struct sg_table *sgt; };
static void im_gone(struct dma_buf_attachment *attach)
{
	struct im_view *view = attach->importer_priv;

	dma_buf_unmap_attachment(view->attach, view->sgt, DMA_TO_DEVICE);
}
static const struct dma_buf_attach_ops im_ops = {
	.invalidate_mappings = im_gone,
};
${attach}
int im_map(struct im_view *view)
{
	view->sgt = dma_buf_map_attachment(view->attach, DMA_TO_DEVICE);
	return PTR_ERR_OR_ZERO(view->sgt);
}
`;

const attaches = importer(`
int im_open(struct im_view *view, struct dma_buf *dmabuf, struct device *dev)
{
	view->attach = dma_buf_dynamic_attach(dmabuf, dev, &im_ops, view);
	return PTR_ERR_OR_ZERO(view->attach);
}
`);

describe('an exporter refuses', () => {
  it('everybody, where its attach always fails', async () => {
    const attach = 'static int ex_attach(struct dma_buf *d, struct dma_buf_attachment *a)\n{\n\treturn -ENOSYS;\n}\n';
    const drivers = { 'ex/ex.c': exporter(map(table) + attach, '\t.attach = ex_attach,\n'), 'im/im.c': attaches };
    const { verdict, cause } = cellOf(await tableOf(drivers), 'im_ops', 'ex_ops');
    assert.deepEqual([verdict, cause], ['refused at attach', 'never attaches']);
  });

  it('everybody, where its map always fails, though it revokes nothing', async () => {
    const drivers = { 'ex/ex.c': exporter(map('\treturn ERR_PTR(-EOPNOTSUPP);')), 'im/im.c': attaches };
    const { verdict, cause } = cellOf(await tableOf(drivers), 'im_ops', 'ex_ops');
    assert.deepEqual([verdict, cause], ['refused at map', 'never maps']);
  });

  it('an importer without peer-to-peer, where its map asks for that', async () => {
    const asks = `\tif (!attach->peer2peer)\n\t\treturn ERR_PTR(-EPERM);\n\treturn &((struct ex_buf *)attach->dmabuf->priv)->table;`;
    const { verdict, cause } = cellOf(
      await tableOf({ 'ex/ex.c': exporter(map(asks)), 'im/im.c': attaches }),
      'im_ops',
      'ex_ops',
    );
    assert.deepEqual([verdict, cause], ['refused at map', 'not peer-to-peer']);
  });
});

const refusesPins = `
static int ex_pin(struct dma_buf_attachment *attach)
{
	return -EOPNOTSUPP;
}
static void ex_unpin(struct dma_buf_attachment *attach)
{
}
`;
const pinMembers = '\t.pin = ex_pin,\n\t.unpin = ex_unpin,\n';

/** An importer that pins right after the attach, by this code. */
const pinning = (pin: string): string =>
  importer(`
int im_open(struct im_view *view, struct dma_buf *dmabuf, struct device *dev)
{
	int ret = 0;

	view->attach = dma_buf_dynamic_attach(dmabuf, dev, &im_ops, view);
	if (IS_ERR(view->attach))
		return PTR_ERR(view->attach);
	${pin}
	return ret;
}
`);

describe('a refused pin', () => {
  const ex = exporter(map(table) + refusesPins, pinMembers);

  it('refuses an importer that looks at the result', async () => {
    const { verdict } = cellOf(
      await tableOf({ 'ex/ex.c': ex, 'im/im.c': pinning('ret = dma_buf_pin(view->attach);') }),
      'im_ops',
      'ex_ops',
    );
    assert.equal(verdict, 'refused at pin');
  });

  it('does not stop an importer that ignores the result', async () => {
    const { verdict } = cellOf(
      await tableOf({ 'ex/ex.c': ex, 'im/im.c': pinning('dma_buf_pin(view->attach);') }),
      'im_ops',
      'ex_ops',
    );
    assert.equal(verdict, 'works');
  });

  it('does not concern an importer that pins in its tests only', async () => {
    const test = `int im_test(struct im_view *view)\n{\n\treturn dma_buf_pin(view->attach);\n}\n`;
    const { importers } = await tableOf({
      'ex/ex.c': ex,
      'im/im.c': attaches,
      'im/tests/im_test.c': `struct im_view { struct dma_buf_attachment *attach; struct sg_table *sgt; };\n${test}`,
    });
    assert.deepEqual(
      importers.map(({ name, pins }) => [name, pins]),
      [['im_ops', 'never']],
    );
  });
});

describe('an importer that asks an exporter by a function of that exporter', () => {
  const hook = `
int ex_addresses(struct dma_buf_attachment *attach, unsigned long *address)
{
	if (attach->dmabuf->ops != &ex_ops)
		return -EOPNOTSUPP;
	*address = 0;
	return 0;
}
EXPORT_SYMBOL_GPL(ex_addresses);
`;
  const asking = `
int ex_addresses(struct dma_buf_attachment *attach, unsigned long *address);
struct im_view { struct dma_buf_attachment *attach; unsigned long address; };
static void im_gone(struct dma_buf_attachment *attach)
{
	struct im_view *view = attach->importer_priv;

	view->address = 0;
}
static const struct dma_buf_attach_ops im_ops = {
	.invalidate_mappings = im_gone,
};
int im_open(struct im_view *view, struct dma_buf *dmabuf, struct device *dev)
{
	struct dma_buf_attachment *attach;
	int ret;

	attach = dma_buf_dynamic_attach(dmabuf, dev, &im_ops, view);
	if (IS_ERR(attach))
		return PTR_ERR(attach);
	ret = ex_addresses(attach, &view->address);
	if (ret)
		goto err_detach;
	view->attach = attach;
	return 0;
err_detach:
	dma_buf_detach(dmabuf, attach);
	return ret;
}
`;
  const other = exporter(map(table)).replaceAll(/\bex_/g, 'ot_');

  it('gets buffers of no other exporter', async () => {
    const found = await tableOf({ 'ex/ex.c': exporter(map(table)) + hook, 'ot/ot.c': other, 'im/im.c': asking });
    const { verdict, cause, reason } = cellOf(found, 'im_ops', 'ot_ops');
    assert.deepEqual([verdict, cause], ['refused at map', 'no private hook']);
    assert.equal(reason, "'im_ops' takes only buffers of 'ex_ops'");
    assert.equal(cellOf(found, 'im_ops', 'ex_ops').verdict, 'works');
  });
});

describe('the wrapper in the core', () => {
  it('is no importer', async () => {
    const { importers } = await tableOf({ 'ex/ex.c': exporter(map(table)) });
    assert.deepEqual(importers, []);
  });
});
