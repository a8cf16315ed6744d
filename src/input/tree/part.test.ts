import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { overlayTree } from './overlay.js';
import { partOfTree } from './part.js';
import { openMemory } from './tree.js';

const whole = openMemory('memory', {
  'a/one.c': 'one',
  'a/two.c': 'two',
  'b/three.c': 'one',
  'Documentation/x.rst': 'x',
});
const part = partOfTree(whole, (path) => path.startsWith('a/'));

describe('a part of a tree', () => {
  it('lists its own sources, and knows those of the whole', () => {
    assert.deepEqual(part.sources, ['a/one.c', 'a/two.c']);
    assert.deepEqual(part.sourcesOfWhole, ['a/one.c', 'a/two.c', 'b/three.c']);
    assert.deepEqual(part.documentation, []);
  });

  it('reads any file that is named', () => assert.equal(part.read('b/three.c'), 'one'));

  it('finds what its sources hold', async () => {
    const { hits } = await part.search(part.sources, ['one'], false);
    assert.deepEqual(hits, [['a/one.c']]);
  });

  it('stays a part with a file more', () => {
    const changed = overlayTree(part, new Map([['a/new.c', 'new']]));
    assert.deepEqual(changed.sources, ['a/new.c', 'a/one.c', 'a/two.c']);
    assert.deepEqual(changed.sourcesOfWhole, ['a/new.c', 'a/one.c', 'a/two.c', 'b/three.c']);
  });
});
