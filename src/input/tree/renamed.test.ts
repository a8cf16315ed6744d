import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { overlayTree } from './overlay.js';
import { isRenamed, plainTree, renameTree } from './renamed.js';
import { openMemory } from './tree.js';

const exchange = new Map([
  ['new_attach', 'attach'],
  ['attach', 'new_attach'],
]);
const tree = openMemory('tree', {
  'a.c': 'x = new_attach(b); y = new_attach(c);\nz = old(attach);\n',
  'b.c': 'x = attach_all(b);\nEXPORT_SYMBOL(new_attach);\n',
  'core.c': 'shim(short_name);\n',
});
const named = renameTree(tree, {
  words: exchange,
  aliases: new Map([['short_name', 'a_rather_long_name']]),
  keepsAliases: (path) => path === 'core.c',
});

describe('a tree that is read in other words', () => {
  it('has them for whole words only, and two words may change places', () => {
    assert.equal(named.tree.read('a.c'), 'x = attach(b); y = attach(c);\nz = old(new_attach);\n');
    assert.equal(named.tree.read('b.c'), 'x = attach_all(b);\nEXPORT_SYMBOL(attach);\n');
    assert.equal(named.tree.read('none.c'), undefined);
  });

  it('is spoken of in its own words', () => {
    assert.equal(named.told('attach() is called here, not new_attach()'), 'new_attach() is called here, not attach()');
  });

  it('has aliases where they are not kept, of which nothing is told back', () => {
    const other = renameTree(openMemory('tree', { 'a.c': 'short_name();\n', 'core.c': 'short_name();\n' }), {
      words: new Map(),
      aliases: new Map([['short_name', 'a_rather_long_name']]),
      keepsAliases: (path) => path === 'core.c',
    });
    assert.equal(other.tree.read('a.c'), 'a_rather_long_name();\n');
    assert.equal(other.tree.read('core.c'), 'short_name();\n');
    assert.equal(other.told('a_rather_long_name()'), 'a_rather_long_name()');
    assert.equal(other.columnOf('a.c', 1, 'a_rather_long_name('.length), 'short_name('.length);
  });

  it('leads back to columns and offsets', () => {
    const text = named.tree.read('a.c') ?? '';
    const second = text.indexOf('attach(c)');
    assert.equal(named.offsetOf('a.c', second), (tree.read('a.c') ?? '').indexOf('new_attach(c)'));
    assert.equal(named.columnOf('a.c', 1, second + 1), 'x = new_attach(b); y = '.length + 1);
    assert.equal(named.columnOf('a.c', 2, 'z = old('.length + 1), 'z = old('.length + 1);
  });

  it('is searched for the words that it has', async () => {
    const { hits, exports } = await named.tree.search(['a.c', 'b.c', 'core.c'], ['attach(', 'long_name', 'old'], true);
    assert.deepEqual(hits, [['a.c'], ['core.c'], ['a.c']]);
    assert.deepEqual(exports, [['attach', 'b.c']]);
  });

  it('comes from a tree that is read in the same words', () => {
    const renaming = { words: exchange, aliases: new Map<string, string>(), keepsAliases: () => false };
    const before = renameTree(tree, renaming).tree;
    const after = renameTree(overlayTree(tree, new Map([['a.c', 'x = new_attach(d);\n']])), renaming).tree;
    assert.equal(after.origin?.tree, before);
    assert.equal(after.read('a.c'), 'x = attach(d);\n');
  });

  it('is told apart from one that is read as it is', () => {
    assert.equal(isRenamed(named), true);
    assert.equal(isRenamed(plainTree(tree)), false);
    assert.equal(plainTree(tree).told('new_attach'), 'new_attach');
  });
});
