import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { stampedWalk } from '../tree/stamped-walk.js';
import { openWalked } from '../tree/tree.js';
import { keepSearches } from './kept-search.js';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'searched-'));
  folder = mkdtempSync(join(tmpdir(), 'searches-'));
  mkdirSync(join(root, 'drivers'));
  write('drivers/a.c', 'int dma_buf;\nEXPORT_SYMBOL(a);\n');
  write('drivers/b.c', 'int b;\n');
  write('drivers/c.c', 'int c; /* dma_buf */\n');
});
afterEach(() => {
  for (const path of [root, folder]) rmSync(path, { recursive: true, force: true });
});

const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
/** A time at which everything has settled. */
const later = (): number => Date.now() + 60_000;

/** What a search finds, and which files it reads for that. */
async function search(word: string, now = later()) {
  const walk = await stampedWalk(root, now);
  const tree = openWalked(root, walk);
  const read: string[] = [];
  const telling: typeof tree = {
    ...tree,
    search(paths, words, exports) {
      read.push(...paths);
      return tree.search(paths, words, exports);
    },
  };
  const kept = keepSearches(telling, walk, { folder, tree: root });
  const { hits, exports } = await kept.tree.search(kept.tree.sources, [word], true);
  kept.keep();
  return { read, hits: hits[0], exports };
}

const all = ['drivers/a.c', 'drivers/b.c', 'drivers/c.c'];

describe('a search that is kept for later runs', () => {
  it('reads a file again only where it has changed', async () => {
    const first = await search('dma_buf');
    assert.deepEqual(first, { read: all, hits: ['drivers/a.c', 'drivers/c.c'], exports: [['a', 'drivers/a.c']] });
    assert.deepEqual(await search('dma_buf'), { ...first, read: [] });
    write('drivers/b.c', 'int b; /* dma_buf */\nEXPORT_SYMBOL_GPL(b);\n');
    assert.deepEqual(await search('dma_buf'), {
      read: ['drivers/b.c'],
      hits: all,
      exports: [
        ['a', 'drivers/a.c'],
        ['b', 'drivers/b.c'],
      ],
    });
  });

  it('reads a file of the same size and time where another stands in its place', async () => {
    const time = new Date(1_000_000_000_000);
    utimesSync(join(root, 'drivers/b.c'), time, time);
    await search('dma_buf');
    write('new', 'int d;\n');
    utimesSync(join(root, 'new'), time, time);
    renameSync(join(root, 'new'), join(root, 'drivers/b.c'));
    assert.deepEqual((await search('dma_buf')).read, ['drivers/b.c']);
  });

  it('knows a file by its path where files come and go before it', async () => {
    await search('dma_buf');
    write('drivers/aa.c', 'int aa; /* dma_buf */\n');
    rmSync(join(root, 'drivers/a.c'));
    const { read, hits, exports } = await search('dma_buf');
    assert.deepEqual([read, hits, exports], [['drivers/aa.c'], ['drivers/aa.c', 'drivers/c.c'], []]);
  });

  it('does not rely on what changed just now', async () => {
    await search('dma_buf', Date.now());
    assert.deepEqual((await search('dma_buf')).read, all);
  });

  it('reads all for another word', async () => {
    await search('dma_buf');
    assert.deepEqual(await search('int'), { read: all, hits: all, exports: [['a', 'drivers/a.c']] });
  });

  it('reads all where what was kept is damaged', async () => {
    const first = await search('dma_buf');
    for (const name of readdirSync(folder)) truncateSync(join(folder, name), 100);
    assert.deepEqual(await search('dma_buf'), first);
  });
});
