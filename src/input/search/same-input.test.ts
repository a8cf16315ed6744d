import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { recordedTree } from '../tree/recorded.js';
import { stampedWalk } from '../tree/stamped-walk.js';
import { openWalked } from '../tree/tree.js';
import { keepSearches } from './kept-search.js';

let root: string;
let folder: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'seen-'));
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
  await write('drivers/a.c', 'int dma_buf;\nEXPORT_SYMBOL(a);\n');
  await write('drivers/b.c', 'int b;\n');
  await write('drivers/c.c', 'int c; /* dma_buf */\nEXPORT_SYMBOL(c);\n');
  await write('drivers/Makefile', 'obj-y += a.o\n');
  await write('Documentation/d.rst', 'dma_buf\n');
});
afterEach(() => {
  for (const path of [root, folder]) rmSync(path, { recursive: true, force: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Opens the tree as a process of its own would, at a time at which everything has settled. */
async function open() {
  const walk = await stampedWalk(root, Date.now() + 60_000);
  return keepSearches(openWalked(root, walk), walk, { folder, tree: root });
}

/** An analysis that reads two files, asks for a third, and searches for a word. */
async function analyse() {
  const kept = await open();
  const { tree, seen } = recordedTree(kept.tree);
  for (const path of ['drivers/a.c', 'drivers/Makefile', 'drivers/none.h']) tree.read(path);
  tree.has('drivers/later.c');
  await tree.search(tree.sources, ['dma_buf'], true);
  return { state: kept.keep() ?? 'none', seen: seen() ?? { texts: new Map(), existing: new Map() } };
}

describe('what an analysis has seen of a tree', () => {
  const edits: Readonly<Record<string, readonly [path: string, text: string, isSame: boolean]>> = {
    'no change of a file that was read': ['drivers/a.c', 'int dma_buf;\nEXPORT_SYMBOL(a);\n', true],
    'another text of a file that was read': ['drivers/a.c', 'long dma_buf;\nEXPORT_SYMBOL(a);\n', false],
    'another text of a file that nobody lists': ['drivers/Makefile', 'obj-m += a.o\n', false],
    'a file that was read and not there': ['drivers/none.h', '\n', false],
    'another text of a file that was only searched': ['drivers/b.c', 'long b;\n', true],
    'the word, in a file that was only searched': ['drivers/b.c', 'int b; /* dma_buf */\n', false],
    'the word no longer': ['drivers/c.c', 'int c;\nEXPORT_SYMBOL(c);\n', false],
    'the word elsewhere in the file': ['drivers/c.c', '/* dma_buf */ long c;\nEXPORT_SYMBOL(c);\n', true],
    'another export': ['drivers/b.c', 'int b;\nEXPORT_SYMBOL(b);\n', false],
    'an export no longer': ['drivers/c.c', 'int c; /* dma_buf */\n', false],
    'another documentation, which nobody searched': ['Documentation/d.rst', 'words\n', true],
    'a new source': ['drivers/n.c', 'int n;\n', false],
    'a file that was asked for': ['drivers/later.c', 'int later;\n', false],
  };
  for (const [what, [path, text, isSame]] of Object.entries(edits))
    it(`is ${isSame ? 'the same' : 'another'} after an edit: ${what}`, async () => {
      const { state, seen } = await analyse();
      await write(path, text);
      assert.equal(await (await open()).isAsSeen(state, seen), isSame);
    });

  it('is the same while nothing changes, and another once a source is gone', async () => {
    const { state, seen } = await analyse();
    assert.equal(await (await open()).isAsSeen(state, seen), true);
    rmSync(join(root, 'drivers/b.c'));
    assert.equal(await (await open()).isAsSeen(state, seen), false);
  });

  it('is not compared with another state than it was seen in', async () => {
    const { state, seen } = await analyse();
    await write('drivers/c.c', 'int c;\n');
    await analyse();
    assert.equal(await (await open()).isAsSeen(state, seen), false);
  });

  it('is nothing where one file was read twice and had two texts', async () => {
    const { tree, seen } = recordedTree((await open()).tree);
    tree.read('drivers/b.c');
    await write('drivers/b.c', 'long b;\n');
    tree.read('drivers/b.c');
    assert.equal(seen(), null);
  });
});
