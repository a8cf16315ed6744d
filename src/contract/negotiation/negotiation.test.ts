import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { openFolder, openMemory } from '../../input/tree/tree.js';
import { buildContract, compareNegotiations, foldMatrix, type Negotiation, negotiationOf } from '../index.js';

async function tableOf(folder: string): Promise<Negotiation> {
  return negotiationOf(await buildContract(openFolder(join(fixturesFolder, folder))));
}

const nameOf = (key: string): string => key.slice(key.lastIndexOf(':') + 1);

function cellOf({ cells }: Negotiation, importer: string, exporter: string) {
  const cell = cells.find((one) => nameOf(one.importer) === importer && nameOf(one.exporter) === exporter);
  return cell ?? assert.fail(`${importer} x ${exporter}`);
}

/** What each pair is expected to come to: importer, exporter, verdict, cause. */
type Expected = readonly [importer: string, exporter: string, verdict: string, cause: string];

async function check(folder: string, expected: readonly Expected[]): Promise<void> {
  const table = await tableOf(folder);
  assert.deepEqual(
    expected.map(([importer, exporter]) => {
      const { verdict, cause } = cellOf(table, importer, exporter);
      return [importer, exporter, verdict, cause];
    }),
    expected,
  );
}

describe('an importer and an exporter', () => {
  it('of a tree with move_notify', () =>
    check('move-notify', [
      ['absn_ops', 'copied_prime_ops', 'refused at attach', 'no callback'],
      ['rnic_umem_pinned_ops', 'refp_dmabuf_ops', 'refused at pin', 'no pins'],
      ['rnic_umem_pinned_ops', 'revo_dmabuf_ops', 'unsafe', 'cannot follow'],
      ['flag_ops', 'revo_dmabuf_ops', 'may wait for ever', 'no unmap'],
      ['choo_full_ops', 'revo_dmabuf_ops', 'works', 'follows'],
      ['static', 'refp_dmabuf_ops', 'refused at pin', 'no pins'],
      ['static', 'copied_prime_ops', 'works', 'stays'],
    ]));

  it('of a tree where leaving out the callback is the mark', () =>
    check('invalidate-mappings', [
      ['split_attach_ops', 'rvc_dmabuf_ops', 'unsafe', 'cannot follow'],
      ['split_attach_ops', 'refa_dmabuf_ops', 'refused at pin', 'no pins'],
      ['scan_ops', 'rvc_dmabuf_ops', 'refused at attach', 'not revocable'],
      ['scan_ops', 'movm_dmabuf_ops', 'works', 'pinned'],
      ['static', 'rvc_dmabuf_ops', 'refused at attach', 'not revocable'],
      ['static', 'pri_dmabuf_ops', 'unsafe', 'cannot follow'],
      ['dsp_attach_ops', 'rvc_dmabuf_ops', 'works', 'follows'],
      ['nopn_ops', 'movm_dmabuf_ops', 'unsafe', 'cannot follow'],
    ]));

  it('of a tree with a marker field', () =>
    check('marker-field', [
      ['mark_ops', 'askf_dmabuf_ops', 'refused at pin', 'not revocable'],
      ['mark_ops', 'askh_dmabuf_ops', 'refused at attach', 'not revocable'],
      ['mark_ops', 'askn_dmabuf_ops', 'unsafe', 'cannot follow'],
      ['unmk_ops', 'askh_dmabuf_ops', 'unsafe', 'cannot follow'],
      ['foll_ops', 'askh_dmabuf_ops', 'works', 'follows'],
    ]));

  it('come with the places that decide', async () => {
    const { trace } = cellOf(await tableOf('invalidate-mappings'), 'scan_ops', 'rvc_dmabuf_ops');
    assert.match(trace.at(-1)?.message ?? '', /refuses importers that are not revocable/);
    assert.match(trace.at(-1)?.file ?? '', /^drivers\/misc\/revocable\//);
  });
});

describe('a table in which nobody meets', () => {
  const core = (path: string): string => readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8');
  const files = Object.fromEntries(['Makefile', 'include/linux/dma-buf.h'].map((path) => [path, core(path)]));
  const importer = 'static const struct dma_buf_attach_ops a_ops = { .allow_peer2peer = true };\n';

  it('has no cells, and can be folded', async () => {
    const empty = negotiationOf(await buildContract(openMemory('empty', files)));
    assert.deepEqual([empty.importers, empty.exporters, empty.cells, foldMatrix(empty).groups], [[], [], [], []]);
    const some = openMemory('some', { ...files, 'drivers/a.c': `#include <linux/dma-buf.h>\n${importer}` });
    const table = negotiationOf(await buildContract(some));
    assert.deepEqual([table.importers.length, table.exporters.length, table.cells.length], [1, 0, 0]);
  });
});

describe('two tables', () => {
  it('differ in what got better or worse, and in who came and went', async () => {
    const table = await tableOf('invalidate-mappings');
    const cell = cellOf(table, 'scan_ops', 'rvc_dmabuf_ops');
    const worse: Negotiation = {
      ...table,
      importers: table.importers.filter(({ name }) => name !== 'slot_ops'),
      cells: table.cells
        .filter(({ importer }) => nameOf(importer) !== 'slot_ops')
        .map((one) => (one === cell ? { ...one, verdict: 'unsafe' as const } : one)),
    };
    const forth = compareNegotiations(table, worse);
    assert.deepEqual(
      forth.cells.map(({ kind, before, after }) => [kind, before.verdict, after.verdict]),
      [['worse', 'refused at attach', 'unsafe']],
    );
    assert.deepEqual(
      forth.sides.map(({ kind, side, name }) => [kind, side, name]),
      [['gone', 'importer', 'slot_ops']],
    );
    const back = compareNegotiations(worse, table);
    assert.deepEqual([back.cells[0]?.kind, back.sides[0]?.kind], ['better', 'new']);
    assert.deepEqual(compareNegotiations(table, table), { cells: [], sides: [] });
  });

  it('know somebody again whose file or ops table was renamed', async () => {
    const table = await tableOf('marker-field');
    const moved = (key: string): string => key.replace('drivers/rnic/marked/', 'drivers/rnic/moved/');
    const renamed = (key: string): string => (key.includes('rnic/marked/') ? `${key}_renamed` : key);
    for (const other of [moved, renamed]) {
      assert.ok(table.importers.some(({ key }) => other(key) !== key));
      const after: Negotiation = {
        ...table,
        importers: table.importers.map((one) => ({ ...one, key: other(one.key), name: nameOf(other(one.key)) })),
        cells: table.cells.map((one) => ({ ...one, importer: other(one.importer) })),
      };
      assert.deepEqual(compareNegotiations(table, after), { cells: [], sides: [] });
    }
  });
});
