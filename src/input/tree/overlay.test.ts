import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changedPaths } from './changes.js';
import { overlayTree } from './overlay.js';
import { rememberingTree } from './remembering.js';
import { openMemory, type SourceTree } from './tree.js';

const base = openMemory('linux', {
  'a.c': 'dma_buf\nEXPORT_SYMBOL(twice);\n',
  'b.c': 'nothing\n',
  'c.c': 'dma_buf\nEXPORT_SYMBOL(twice);\n',
  'Documentation/x.rst': 'x\n',
});

describe('a tree with changes', () => {
  const tree = overlayTree(
    base,
    new Map([
      ['a.c', 'nothing\n'],
      ['b.c', 'EXPORT_SYMBOL(twice);\ndma_buf\n'],
      ['c.c', null],
      ['aa.h', 'dma_buf\n'],
      ['Documentation/y.rst', 'y\n'],
      ['Makefile', 'VERSION = 7\n'],
    ]),
  );

  it('lists what is there now, in order', () => {
    assert.deepEqual(tree.sources, ['a.c', 'aa.h', 'b.c']);
    assert.deepEqual(tree.documentation, ['Documentation/x.rst', 'Documentation/y.rst']);
  });

  it('reads the new texts, and the old ones where nothing changed', () => {
    assert.equal(tree.read('a.c'), 'nothing\n');
    assert.equal(tree.read('c.c'), undefined);
    assert.equal(tree.read('Makefile'), 'VERSION = 7\n');
    assert.equal(tree.read('Documentation/x.rst'), 'x\n');
  });

  it('finds words and exports in what is there now, in the order of the paths', async () => {
    const { hits, exports } = await tree.search(tree.sources, ['dma_buf'], true);
    assert.deepEqual(hits, [['aa.h', 'b.c']]);
    assert.deepEqual(exports, [['twice', 'b.c']]);
  });

  it('keeps the order of exports, on which the file of a symbol depends', async () => {
    const changed = overlayTree(base, new Map([['a.c', 'EXPORT_SYMBOL(twice);\n']]));
    const { exports } = await changed.search(changed.sources, [], true);
    assert.deepEqual(exports, [
      ['twice', 'a.c'],
      ['twice', 'c.c'],
    ]);
  });

  it('keeps the lists of its base where no file comes or goes', () => {
    assert.equal(overlayTree(base, new Map([['a.c', '']])).sources, base.sources);
  });
});

describe('what two trees differ in', () => {
  const one = overlayTree(base, new Map([['a.c', '1']]));
  const two = overlayTree(one, new Map([['b.c', '2']]));
  const other = overlayTree(base, new Map([['c.c', '3']]));

  it('is what changed on the way from one to the other', () => {
    assert.deepEqual(changedPaths(one, two), ['b.c']);
    assert.deepEqual(changedPaths(two, base), ['a.c', 'b.c']);
    assert.deepEqual(changedPaths(two, other), ['a.c', 'b.c', 'c.c']);
  });

  it('is not known of trees that have nothing in common', () => {
    assert.equal(changedPaths(one, openMemory('other', {})), undefined);
  });
});

describe('a tree that remembers', () => {
  it('searches no file twice for a word, and answers the same', async () => {
    const asked: string[] = [];
    const counting: SourceTree = {
      ...base,
      search(paths, words, exports) {
        asked.push(`${paths.join(' ')}: ${words.join(' ')}${exports ? ' exports' : ''}`);
        return base.search(paths, words, exports);
      },
    };
    const tree = rememberingTree(counting);
    assert.deepEqual((await tree.search(['a.c', 'b.c'], ['dma_buf'], false)).hits, [['a.c']]);
    assert.deepEqual((await tree.search(['b.c', 'c.c'], ['dma_buf'], false)).hits, [['c.c']]);
    assert.deepEqual((await tree.search(['c.c', 'a.c'], ['dma_buf'], false)).hits, [['c.c', 'a.c']]);
    assert.deepEqual(asked, ['a.c b.c: dma_buf', 'c.c: dma_buf']);
    const { exports } = await tree.search(tree.sources, ['dma_buf'], true);
    assert.deepEqual(exports, [
      ['twice', 'a.c'],
      ['twice', 'c.c'],
    ]);
    assert.deepEqual((await tree.search(tree.sources, ['dma_buf'], true)).exports, exports);
    assert.equal(asked.length, 3);
  });
});
