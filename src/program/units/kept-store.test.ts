import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { functionsIn, memoByFunction, openCodebase, plain } from '../index.js';
import { createKeptStore } from './kept-store.js';
import { openUnitCache } from './unit-cache.js';

const a = 'drivers/a/a.c';
const files = {
  Makefile: 'VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 0\n',
  [a]: 'void below(void);\nvoid one(struct dma_buf *b)\n{\n\tdma_buf_put(b);\n\tbelow();\n}\n',
  'drivers/a/b.c': 'void below(void)\n{\n}\n',
  'drivers/b/c.c': 'void other(struct dma_buf *b)\n{\n\tdma_buf_put(b);\n}\n',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly tree?: string;
  /** The stamp of each file. */
  readonly stamp?: string;
  /** A file that this run reads besides. */
  readonly reads?: string;
}

/** What a run says of a tree, and for which functions it had to make the answer. Each run is as one of its own process. */
async function ask(texts: Readonly<Record<string, string>>, { tree = 'tree', stamp, reads }: Run = {}) {
  const openCache = (setting: string) => openUnitCache(setting, join(folder, 'units'));
  const store = createKeptStore(openCache, { folder: join(folder, 'answers'), tree });
  const source = { ...openMemory('linux', texts), ...(stamp !== undefined && { stampOf: () => stamp }) };
  const codebase = await openCodebase(source, { attributeWords: [], leftOut: [] }, store);
  const made: string[] = [];
  const answers = codebase.program.candidates.flatMap((path) =>
    functionsIn(codebase.program, path).map((ref) =>
      memoByFunction(
        codebase,
        ref,
        'calls',
        () => {
          made.push(ref.outline.name);
          codebase.program.lower(ref);
          const isCalled = codebase.program.bodyText(ref).includes('below(');
          return (isCalled && codebase.definitions.find('below', path)?.path) || 'none';
        },
        plain(),
      ),
    ),
  );
  if (reads !== undefined) codebase.memory.recall('besides', () => codebase.program.text(reads)?.length, plain());
  store.keep();
  const { program } = codebase;
  const unparsed = [...codebase.memory.marks()].map(({ name }) => name);
  const counts = [program.parsedFiles(), program.loweredFunctions()];
  return { made, answers, counts, ...(unparsed.length > 0 && { unparsed }) };
}

describe('a store that keeps answers for later runs', () => {
  it('makes no answer twice while nothing changes, and counts as if it had', async () => {
    const first = await ask(files);
    assert.deepEqual(first, { made: ['one', 'other'], answers: ['drivers/a/b.c', 'none'], counts: [3, 2] });
    assert.deepEqual(await ask(files), { ...first, made: [] });
  });

  const edits: Readonly<Record<string, readonly [Readonly<Record<string, string>>, readonly string[], string]>> = {
    'of the function itself': [{ [a]: `\n${files[a]}` }, ['one'], 'drivers/a/b.c'],
    'below the function': [{ [a]: `${files[a]}\nint last;\n` }, [], 'drivers/a/b.c'],
    'of a definition that it found': [{ 'drivers/a/b.c': 'static void below(void)\n{\n}\n' }, ['one'], 'none'],
    'that moves what it found': [{ 'drivers/a/b.c': '\n\nvoid below(void)\n{\n}\n' }, ['one'], 'drivers/a/b.c'],
    'that comes before what it found': [{ [a]: `${files[a]}void below(void)\n{\n}\n` }, ['below', 'one'], a],
    'in another driver': [{ 'drivers/b/d.c': 'void below(void)\n{\n}\n' }, ['one'], 'drivers/a/b.c'],
    'of a file that nobody asked about': [{ 'fs/d.c': 'void fs(void)\n{\n}\n' }, [], 'drivers/a/b.c'],
    'of the version': [{ Makefile: 'VERSION = 7\nPATCHLEVEL = 4\n' }, ['one', 'other'], 'drivers/a/b.c'],
  };
  for (const [what, [edit, made, answer]] of Object.entries(edits))
    it(`makes what an edit can change: ${what}`, async () => {
      await ask(files);
      const after = await ask({ ...files, ...edit });
      assert.deepEqual([...after.made].sort(), [...made].sort());
      assert.equal(after.answers[0], answer);
      rmSync(folder, { recursive: true });
      const fresh = await ask({ ...files, ...edit });
      assert.deepEqual({ ...after, made: [] }, { ...fresh, made: [] });
    });

  it('begins with what is known of the tree that came last, for a tree that is new', async () => {
    await ask(files, { tree: 'one' });
    assert.deepEqual((await ask(files, { tree: 'another' })).made, []);
  });

  it('keeps answers that met a function which cannot be parsed, and says again which', async () => {
    const odd = { ...files, [a]: `${files[a]}void odd(void)\n{\n\tint x = = 2;\n\tdma_buf_put(0);\n}\n` };
    const first = await ask(odd);
    assert.deepEqual([first.made, first.unparsed], [['one', 'odd', 'other'], ['odd']]);
    assert.deepEqual(await ask(odd), { ...first, made: [] });
    const edited = { ...odd, 'drivers/b/c.c': `\n${odd['drivers/b/c.c']}` };
    assert.deepEqual(await ask(edited), { ...first, made: ['other'] });
    assert.deepEqual(await ask(edited), { ...first, made: [] });
  });

  it('knows a word that stands in a comment only', async () => {
    const says = async (text: string) => {
      const openCache = (setting: string) => openUnitCache(setting, join(folder, 'units'));
      const store = createKeptStore(openCache, { folder: join(folder, 'answers'), tree: 'tree' });
      const source = { ...openMemory('linux', { ...files, [a]: text }), stampOf: () => text };
      const { program, references, memory } = await openCodebase(source, { attributeWords: [], leftOut: [] }, store);
      const places = memory.recall('places', () => references.of('below', ['drivers/b/c.c', a]).length, plain());
      const isSaid = program.includes(a, 'below');
      store.keep();
      return [places, isSaid];
    };
    const text = '/* below */\nvoid one(struct dma_buf *b)\n{\n\tdma_buf_put(b);\n}\n';
    assert.deepEqual(
      [await says(text), await says(text)],
      [
        [0, true],
        [0, true],
      ],
    );
    assert.deepEqual(await says(text.replace('below', 'above')), [0, false]);
    assert.deepEqual(await says(text.replace('one(', 'below(')), [1, true]);
  });

  it('writes each answer once, however often it is taken over', async () => {
    const two = (inside: string): Readonly<Record<string, string>> => ({
      ...files,
      [a]: `${files[a]}void two(void)\n{\n${inside}\tbelow();\n}\n`,
    });
    const size = (): number => {
      const place = join(folder, 'answers');
      return Math.max(...readdirSync(place).map((name) => statSync(join(place, name)).size));
    };
    await ask(two('\n'));
    const before = size();
    // Both functions ask what `below` is: the one that changes takes the answer that the other one rests on.
    for (const inside of ['\t', '\n', '\t', '\n']) assert.deepEqual((await ask(two(inside))).made, ['two']);
    assert.equal(size(), before);
  });

  it('believes no stamp of another tree', async () => {
    const edited = { ...files, 'drivers/a/b.c': 'int below;\n' };
    await ask(files, { tree: 'one', stamp: 'same' });
    assert.deepEqual((await ask(edited, { tree: 'another', stamp: 'same' })).answers, ['none', 'none']);
  });

  it('keeps nothing of a run in which a file changes', async () => {
    const edited = { ...files, 'drivers/a/b.c': 'int below;\n' };
    await ask(files, { stamp: 'old' });
    // The file is saved after its stamp was taken, and read after that.
    await ask(edited, { stamp: 'old', reads: 'drivers/a/b.c' });
    assert.deepEqual((await ask(edited, { stamp: 'new' })).answers, ['none', 'none']);
  });

  const damages: Readonly<Record<string, (path: string) => void>> = {
    'cut off': (path) => truncateSync(path, 100),
    empty: (path) => truncateSync(path, 0),
    'other bytes': (path) => writeFileSync(path, 'words'),
  };
  for (const [what, damage] of Object.entries(damages))
    it(`makes all answers where what was kept is damaged: ${what}`, async () => {
      const first = await ask(files);
      for (const name of readdirSync(join(folder, 'answers'))) damage(join(folder, 'answers', name));
      assert.deepEqual(await ask(files), first);
      assert.deepEqual((await ask(files)).made, []);
    });
});
