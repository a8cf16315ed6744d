import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { buildContract, type Contract } from '../src/contract/index.js';
import { fixturesFolder } from '../src/dev/examples/example-tree.js';
import { openFolder, openMemory } from '../src/input/tree/tree.js';

const contractOf = (name: string): Promise<Contract> => buildContract(openFolder(join(fixturesFolder, name)));

/** What the model says of each importer, in the words of the result. */
function importers({ importers }: Contract): Readonly<Record<string, string>> {
  return Object.fromEntries(
    importers.map(({ table, verdict, pins, status }) => [table.name, `${verdict.kind}, pins ${pins}, ${status}`]),
  );
}

describe('the model of the fixture trees', () => {
  it('tells apart two tables that reach one attach through the same parameters', async () => {
    const contract = await contractOf('move-notify');
    const found = importers(contract);
    assert.equal(found['rnic_umem_pinned_ops'], 'stub, pins always, undeclared-non-revocable');
    assert.equal(found['rnic_umem_odp_ops'], 'unmaps, pins never, revocable');
    const pinned = contract.importers.find(({ table }) => table.name === 'rnic_umem_pinned_ops');
    const frames = pinned?.attachPaths.map((path) => path.frames.map((frame) => frame.ref.outline.name));
    assert.deepEqual(frames, [['rnic_umem_attach_dev', 'rnic_umem_attach', 'rnic_umem_get_pinned']]);
    assert.ok(pinned?.usedBy.every(({ file }) => !file.startsWith('drivers/rnic/core/')));
    assert.notEqual(pinned?.usedBy.length, 0);
  });

  it('sees the table that an #if chooses, the one that is declared first, and the positional one', async () => {
    const found = importers(await contractOf('move-notify'));
    assert.equal(found['choo_full_ops'], 'unmaps, pins never, revocable');
    assert.equal(found['choo_basic_ops'], 'stub, pins never, unsafe');
    assert.equal(found['tent_attach_ops'], 'stub, pins never, unsafe');
    assert.equal(found['posn_attach_ops'], 'stub, pins never, unsafe');
  });

  it('follows callbacks through slots, work items, and other modules', async () => {
    const found = importers(await contractOf('invalidate-mappings'));
    assert.equal(found['slot_ops'], 'unmaps, pins never, revocable');
    assert.equal(found['defr_ops'], 'unmaps, pins never, revocable');
    assert.equal(found['dsp_attach_ops'], 'unmaps, pins never, revocable');
    assert.equal(found['prange_phys_ops'], 'blocks-access, pins always, revocable');
    assert.equal(found['scan_ops'], 'absent, pins always, declared-non-revocable');
  });

  it('reads the marker field from the struct, set or not', async () => {
    const contract = await contractOf('marker-field');
    assert.deepEqual(contract.dialect.markers, [{ field: 'cannot_revoke', setMeansCannot: true }]);
    const found = importers(contract);
    assert.equal(found['mark_ops'], 'stub, pins always, declared-non-revocable');
    assert.equal(found['posm_ops'], 'stub, pins always, declared-non-revocable');
    assert.equal(found['unmk_ops'], 'stub, pins always, undeclared-non-revocable');
  });

  it('knows who refuses, who revokes, and what a copied table is completed with', async () => {
    const contract = await contractOf('move-notify');
    const facts = Object.fromEntries(
      contract.exporters.map(({ table, pinPolicy, revokes, rejectsNonRevocable, completedMembers }) => [
        table.name,
        { pinPolicy, revokes, rejectsNonRevocable, completedMembers },
      ]),
    );
    assert.deepEqual(facts['copied_prime_ops'], {
      pinPolicy: 'none',
      revokes: false,
      rejectsNonRevocable: false,
      completedMembers: ['release'],
    });
    assert.equal(facts['refp_dmabuf_ops']?.pinPolicy, 'refuses-all');
    assert.equal(facts['refp_dmabuf_ops']?.rejectsNonRevocable, true);
    assert.equal(facts['revo_dmabuf_ops']?.revokes, true);
    assert.equal(facts['revo_dmabuf_ops']?.rejectsNonRevocable, false);
  });
});

/** A tree of the given dialect with one driver in it. */
async function contractWith(dialect: string, code: string, header = (text: string) => text): Promise<Contract> {
  const folder = join(fixturesFolder, dialect);
  const read = (path: string) => header(readFileSync(join(folder, path), 'utf8'));
  const core = ['include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c'].map((path) => [path, read(path)]);
  const driver = `#include <linux/dma-buf.h>\n${code}`;
  return buildContract(openMemory(dialect, { ...Object.fromEntries(core), 'drivers/example/example.c': driver }));
}

const importerBody = (ops: string, before: string, pin: string) => `
	struct dma_buf_attachment *a = dma_buf_dynamic_attach(b, d, ${ops}, d);
	int ret;

	if (IS_ERR(a))
		return PTR_ERR(a);
	${before}
	dma_resv_lock(b->resv, NULL);
	${pin}
	dma_resv_unlock(b->resv);
	return 0;
}
`;

describe('whether an importer pins', () => {
  const pins = async (before: string, pin: string) => {
    const table = 'static const struct dma_buf_attach_ops x_ops = { .allow_peer2peer = true };\n';
    const code = `${table}int f(struct dma_buf *b, struct device *d, int flags)\n{${importerBody('&x_ops', before, pin)}`;
    return (await contractWith('invalidate-mappings', code)).importers[0]?.pins;
  };

  it('is always, where the pin itself is what is tested', async () => {
    assert.equal(await pins('', 'if (dma_buf_pin(a))\n\t\treturn -EIO;'), 'always');
    assert.equal(await pins('', 'ret = dma_buf_pin(a);\n\tif (ret < 0)\n\t\treturn ret;'), 'always');
  });

  it('is sometimes, where it stands under a condition or behind an early success', async () => {
    assert.equal(await pins('', 'if (flags & 1)\n\t\tret = dma_buf_pin(a);'), 'sometimes');
    assert.equal(await pins('if (flags & 1)\n\t\treturn 0;', 'ret = dma_buf_pin(a);'), 'sometimes');
  });

  it('is sometimes, where the pin is dropped again on success', async () => {
    assert.equal(await pins('', 'ret = dma_buf_pin(a);\n\tif (!ret)\n\t\tmap(a);\n\tdma_buf_unpin(a);'), 'sometimes');
  });

  it('is never, where nothing pins', async () => {
    assert.equal(await pins('', 'ret = 0;'), 'never');
  });
});

describe('a marker field', () => {
  const cases: readonly (readonly [field: string, set: string, statusOfSet: string, statusOfClear: string])[] = [
    ['u32 no_revoke : 1;', '.no_revoke = 1', 'declared-non-revocable', 'undeclared-non-revocable'],
    ['unsigned long flags;', '.flags = DMA_BUF_ATTACH_KEEP', 'declared-non-revocable', 'undeclared-non-revocable'],
    ['bool revocable;', '.revocable = true', 'undeclared-non-revocable', 'declared-non-revocable'],
  ];
  for (const [field, set, statusOfSet, statusOfClear] of cases) {
    it(`is read in its own sense: ${field}`, async () => {
      const name = /(\w+)(?: : 1)?;$/.exec(field)?.[1] ?? '';
      const code = `
static void cb(struct dma_buf_attachment *a)
{
	pr_warn("no");
}
static const struct dma_buf_attach_ops set_ops = { ${set}, .move_notify = cb }, clear_ops = { .move_notify = cb };
int f(struct dma_buf *b, struct device *d)
{${importerBody('&set_ops', '', 'ret = dma_buf_pin(a);')}
int g(struct dma_buf *b, struct device *d)
{${importerBody('&clear_ops', '', 'ret = dma_buf_pin(a);')}`;
      const header = (text: string) => text.replace('bool cannot_revoke;', field).replaceAll('cannot_revoke', name);
      const found = importers(await contractWith('marker-field', code, header));
      assert.equal(found['set_ops'], `stub, pins always, ${statusOfSet}`);
      assert.equal(found['clear_ops'], `stub, pins always, ${statusOfClear}`);
    });
  }
});

describe('what cannot be analysed', () => {
  it('is named: tables and attaches that a macro makes, ops from nowhere', async () => {
    const contract = await contractWith(
      'move-notify',
      `
#define MY_OPS(n, f) static const struct dma_buf_attach_ops n = { .move_notify = f }
#define my_attach(a, b, d) do { (a) = dma_buf_attach(b, d); } while (0)
int f(struct obj *o, struct dma_buf *b, struct device *d)
{
	o->a = dma_buf_dynamic_attach(b, d, o->ops, o);
	return 0;
}`,
    );
    assert.deepEqual(
      contract.notAnalysed.map(({ line, function: inside, reason }) => `${line} ${inside}: ${reason}`).sort(),
      [
        '3 null: macro MY_OPS() defines a struct dma_buf_attach_ops: its uses are not expanded',
        '4 null: dma_buf_attach() is called by macro my_attach: its uses are not expanded',
        "7 f: attach by dma_buf_dynamic_attach(): its ops come from field 'ops', and no assignment to it was found in the module",
      ],
    );
  });
});
