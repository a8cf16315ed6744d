import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { kernelMacros } from '../../c/index.js';
import { openMemory } from '../../input/tree/tree.js';
import { createSingleStore, createUnitStore, type UnitStore } from './store.js';
import { openUnitCache } from './unit-cache.js';

const path = 'drivers/a.c';
const source = (body: string): string => `void dma_buf_a(void)\n{\n\t${body};\n}\n\nvoid b(void)\n{\n}\n`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'units-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const openCache = (setting: string) => openUnitCache(setting, folder);
const tree = (text: string) => openMemory('tree', { [path]: text, 'include/linux/dma-buf.h': 'struct dma_buf_ops;\n' });

/** The body of the first function of the file, read by a run that writes its results to the cache. */
async function read(text: string, macros: readonly string[] = [], store: UnitStore = createSingleStore(openCache)) {
  const { program } = await store.open(tree(text), { attributeWords: macros, leftOut: [] });
  const outline = program.file(path)?.unit.functions[0];
  assert.ok(outline);
  const unit = program.lower({ path, outline });
  store.keep();
  return unit;
}

const entries = (): readonly string[] => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));

describe('what runs make of files', () => {
  it('is the same from the cache', async () => {
    const first = await read(source('one()'));
    assert.equal(entries().length, 1);
    assert.deepEqual(await read(source('one()')), first);
  });

  it('is taken from the cache, and not made again', async () => {
    await read(source('one()'));
    // A valid entry with other content, to show that the cache is read.
    const cache = openCache(await words());
    const file = cache.file(path, source('one()'), kernelMacros(null)) ?? assert.fail();
    const other = cache.lowered(file, file.unit.functions[0]?.start ?? -1) ?? assert.fail();
    const forged = openCache(await words());
    forged.keep([[path, file]], [{ ...other, body: [] }]);
    assert.deepEqual((await read(source('one()'))).body, []);
  });

  it('is of one content, and of the words that mean nothing', async () => {
    await read(source('one()'));
    assert.deepEqual((await read(source('two()'))).body.length, 1);
    await read(source('one()'), ['__odd']);
    assert.equal(entries().length, 3);
  });

  it('grows by what further runs parse', async () => {
    await read(source('one()'));
    const [before = ''] = entries();
    const store = createSingleStore(openCache);
    const { program } = await store.open(tree(source('one()')), { attributeWords: [], leftOut: [] });
    const [, outline] = program.file(path)?.unit.functions ?? [];
    program.lower({ path, outline: outline ?? assert.fail() });
    store.keep();
    assert.equal(entries().length, 1);
    assert.ok((entries()[0] ?? '').length > before.length);
    assert.equal((await read(source('one()'))).body.length, 1);
  });

  it('is dropped where it is damaged, and made again', async () => {
    const first = await read(source('one()'));
    for (const damage of [
      (text: string) => text.slice(0, -9),
      (text: string) => text.replace('one', 'two'),
      () => '',
    ]) {
      for (const name of readdirSync(folder))
        writeFileSync(join(folder, name), damage(readFileSync(join(folder, name), 'utf8')));
      assert.deepEqual(await read(source('one()')), first);
      assert.equal(entries().length, 1);
    }
  });

  it('is of the content at hand, where several trees are read in turn', async () => {
    const store = createUnitStore(openCache);
    const [one, two] = [source('one()'), source('two()')];
    await read(one);
    for (const text of [two, one, two, one]) {
      const unit = await read(text, [], store);
      assert.equal(text.slice(unit.body[0]?.at, (unit.body[0]?.at ?? 0) + 3), text === one ? 'one' : 'two');
      assert.match(JSON.stringify(unit.body), text === one ? /"one"/ : /"two"/);
    }
  });
});

/** The attribute words of the tree. */
async function words(): Promise<string> {
  let found = '';
  await createSingleStore((setting) => {
    found = setting;
    return openUnitCache(setting, folder);
  }).open(tree(source('one()')), { attributeWords: [], leftOut: [] });
  return found;
}
