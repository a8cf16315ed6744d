import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { type Codebase, functionsIn, memoByFunction, openCodebase, plain } from '../index.js';
import { createKeptStore, createNotingStore } from './kept-store.js';
import type { UnitStore } from './store.js';
import { openUnitCache } from './unit-cache.js';

const a = 'drivers/a/a.c';
const b = 'drivers/b/b.c';
const broken = 'void odd(struct dma_buf *b)\n{\n\tdma_buf_put(b);\n\tif (b {\n\t}\n}\n';
const files = {
  Makefile: 'VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 0\n',
  [a]: 'void below(void);\nvoid one(struct dma_buf *b)\n{\n\tdma_buf_put(b);\n\tbelow();\n}\n',
  'drivers/a/below.c': 'void below(void)\n{\n}\n',
  [b]: `void other(struct dma_buf *b)\n{\n\tdma_buf_put(b);\n}\n${broken}`,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shared-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Texts = Readonly<Record<string, string>>;

const keptIn = (name: string): UnitStore =>
  createKeptStore((setting) => openUnitCache(setting, join(folder, name, 'units')), {
    folder: join(folder, name, 'answers'),
    tree: 'tree',
  });

async function openWith(texts: Texts, store?: UnitStore): Promise<Codebase> {
  return await openCodebase(openMemory('linux', texts), { attributeWords: [], leftOut: [] }, store);
}

/** Asks of each function of some files where it calls to; returns the answers, and for which functions they were made. */
function ask(codebase: Codebase, paths: readonly string[] = [a, b]) {
  const made: string[] = [];
  const answers = paths.flatMap((path) =>
    functionsIn(codebase.program, path).map((ref) => {
      const find = (): string => {
        made.push(ref.outline.name);
        codebase.program.lower(ref);
        const isCalled = codebase.program.bodyText(ref).includes('below(');
        return (isCalled && codebase.definitions.find('below', path)?.path) || 'none';
      };
      return memoByFunction(codebase, ref, 'calls', find, plain());
    }),
  );
  const { program, memory } = codebase;
  const unparsed = [...memory.marks()].map(({ name }) => name);
  return { made, answers, unparsed, counts: [program.parsedFiles(), program.loweredFunctions()] };
}

/** What another thread says that asked of some files, as it is sent. */
async function saidByAnother(paths: readonly string[], isKept: boolean) {
  const other = await openWith(files, isKept ? createNotingStore() : undefined);
  ask(other, paths);
  const shared = other.sharing?.share();
  assert.ok(shared);
  return structuredClone(shared);
}

describe('answers that another thread made about the same tree', () => {
  for (const isKept of [false, true]) {
    const kind = isKept ? 'that is kept for later runs' : 'of which nothing is kept';

    it(`are not made again in an analysis ${kind}, and count as if they were`, async () => {
      const alone = ask(await openWith(files, isKept ? keptIn('alone') : undefined));
      const codebase = await openWith(files, isKept ? keptIn('both') : undefined);
      codebase.sharing?.adopt(await saidByAnother([a], isKept));
      codebase.sharing?.adopt(await saidByAnother([b], isKept));
      const both = ask(codebase);
      assert.deepEqual(alone.made, ['one', 'other', 'odd']);
      assert.deepEqual(both, { ...alone, made: [] });
    });
  }

  it('say which functions cannot be parsed', async () => {
    const codebase = await openWith(files);
    codebase.sharing?.adopt(await saidByAnother([b], false));
    assert.deepEqual(ask(codebase).unparsed, ['odd']);
  });

  it('are not taken where a setting has another value that they depend on', async () => {
    const question = (codebase: Codebase): string =>
      codebase.memory.recall('which', () => codebase.memory.setting('mode') ?? 'none', plain());
    const other = await openWith(files);
    other.memory.set('mode', 'there');
    assert.equal(question(other), 'there');
    const codebase = await openWith(files);
    codebase.memory.set('mode', 'here');
    const shared = other.sharing?.share();
    assert.ok(shared);
    codebase.sharing?.adopt(structuredClone(shared));
    assert.equal(question(codebase), 'here');
  });

  const edits: readonly (readonly [what: string, texts: Texts])[] = [
    ['nothing', files],
    ['a function that was asked about', { ...files, [a]: files[a].replace('below();', 'below(); below();') }],
    ['what a name means', { ...files, 'drivers/a/below.c': 'static void below(void)\n{\n}\n' }],
    ['a line above everything', { ...files, [b]: `/* moved */\n${files[b]}` }],
  ];
  for (const [what, texts] of edits)
    it(`are kept: a later run makes the same anew as after one thread, where somebody edited ${what}`, async () => {
      const store = keptIn('both');
      const both = await openWith(files, store);
      both.sharing?.adopt(await saidByAnother([a], true));
      both.sharing?.adopt(await saidByAnother([b], true));
      ask(both);
      store.keep();
      const alone = keptIn('alone');
      ask(await openWith(files, alone));
      alone.keep();
      assert.deepEqual(ask(await openWith(texts, keptIn('both'))), ask(await openWith(texts, keptIn('alone'))));
    });

  it('are not asked for where an earlier run knows the tree', async () => {
    const store = keptIn('alone');
    ask(await openWith(files, store));
    store.keep();
    assert.equal((await openWith(files, keptIn('alone'))).sharing, null);
  });

  it('are not kept where the other thread read another text', async () => {
    const other = await openWith({ ...files, [b]: `${files[b]}\n` }, createNotingStore());
    ask(other);
    const shared = other.sharing?.share();
    assert.ok(shared);
    const store = keptIn('both');
    const codebase = await openWith(files, store);
    ask(codebase, [b]);
    codebase.sharing?.adopt(structuredClone(shared));
    assert.equal(store.texts?.(), null);
  });
});
