import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { buildContract, compareNegotiations, type Negotiation, negotiationOf } from '../../contract/index.js';
import { coreFiles, filesBelow, fixturesFolder } from '../../dev/examples/example-tree.js';
import { openMemory } from '../../input/tree/tree.js';
import { formatMatrixChanges } from './matrix-changes.js';
import { formatMatrixJson } from './matrix-json.js';
import { formatMatrixText } from './matrix-text.js';

const root = join(fixturesFolder, 'invalidate-mappings');
const fixture = Object.fromEntries(filesBelow(root).map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8');
const longName = `a_${'very_'.repeat(39)}ops`;

async function tableOf(files: Readonly<Record<string, string>>): Promise<Negotiation> {
  return negotiationOf(await buildContract(openMemory('example', files)));
}

describe('the negotiation table', () => {
  let table: Negotiation;
  before(async () => {
    const long = stub.replaceAll('odd_ops', longName).replaceAll('odd_', 'long_');
    table = await tableOf({ ...fixture, 'drivers/odd/\u001b[31mred.c': stub, 'drivers/odd/long.c': long });
  });

  it('as text fits 100 columns, but for names that are longer, and has no colour where none is wanted', () => {
    const text = formatMatrixText(table, { colour: false, traces: true });
    for (const line of text.split('\n'))
      assert.ok(line.length <= 100 || line.includes(longName) || line.startsWith('      '), line);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this is about
    assert.doesNotMatch(text, /\u001b/);
    assert.match(text, /^split_attach_ops +UNSAFE /m);
  });

  it('as text names every exporter in one column, and folds those that behave alike', () => {
    const text = formatMatrixText(table, { colour: false, traces: false });
    for (const { name } of table.exporters) assert.ok(text.includes(name), name);
    assert.match(text, /nest_ops, pri_dmabuf_ops/);
  });

  it('as JSON has a cell for each importer and exporter, with reason and trace', () => {
    const { version, importers, exporters, cells } = JSON.parse(formatMatrixJson(table, null));
    assert.equal(version, 1);
    assert.equal(cells.length, importers.length * exporters.length);
    for (const cell of cells)
      assert.deepEqual(Object.keys(cell), ['importer', 'exporter', 'verdict', 'reason', 'trace']);
  });

  it('says what of the API is not known: rows and columns may be missing', async () => {
    const freeze = 'void dma_buf_freeze(struct dma_buf *dmabuf)\n{\n}\nEXPORT_SYMBOL_GPL(dma_buf_freeze);\n';
    const core = Object.fromEntries(coreFiles.map((path) => [path, fixture[path] ?? '']));
    const unknown = await tableOf({ ...core, 'drivers/dma-buf/dma-buf-freeze.c': freeze, 'drivers/odd/odd.c': stub });
    const message = 'the role of dma_buf_freeze() is not known: what its callers take or release is not followed';
    const [told] = JSON.parse(formatMatrixJson(unknown, null)).unknownApi;
    assert.deepEqual(told, { file: 'drivers/dma-buf/dma-buf-freeze.c', line: 1, function: 'dma_buf_freeze', message });
    const text = formatMatrixText(unknown, { colour: false, traces: false }).replace(/\s+/g, ' ');
    assert.ok(
      text.includes(`importers and exporters may be missing drivers/dma-buf/dma-buf-freeze.c:1: ${message}`),
      text,
    );
    assert.ok(!formatMatrixText(table, { colour: false, traces: false }).includes('may be missing'));
  });

  it('of a tree in which nobody meets says so', async () => {
    const core = Object.fromEntries(['Makefile', 'include/linux/dma-buf.h'].map((path) => [path, fixture[path] ?? '']));
    assert.match(
      formatMatrixText(await tableOf(core), { colour: false, traces: false }),
      /^no importers and no exporters$/m,
    );
    const importers = await tableOf({ ...core, 'drivers/a.c': stub });
    assert.match(formatMatrixText(importers, { colour: false, traces: false }), /^1 importers; no exporters$/m);
  });
});

describe('what lies between two tables', () => {
  it('is told cell by cell, and who is new', async () => {
    const marked = stub.replace(/\t\.invalidate_mappings.*\n/, '');
    const [before, after] = [
      await tableOf({ ...fixture, 'drivers/odd/odd.c': marked }),
      await tableOf({
        ...fixture,
        'drivers/odd/odd.c': stub,
        'drivers/odd/even.c': marked.replaceAll('odd_', 'even_'),
      }),
    ];
    const text = formatMatrixChanges(before, after, compareNegotiations(before, after), {
      colour: false,
      columns: null,
    });
    assert.match(text, /^ {2}worse: odd_ops x rvc_dmabuf_ops: refused at attach -> unsafe$/m);
    assert.match(text, /^ {2}new importer even_ops$/m);
    const none = compareNegotiations(after, after);
    assert.match(formatMatrixChanges(after, after, none, { colour: false, columns: null }), /^ {2}nothing changes$/m);
  });
});
