import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PersistentMap } from './persistent-map.js';

describe('what is known of some things', () => {
  it('is what a map says that is copied for each entry, and no later entry changes it', () => {
    const entry = fc.record({ key: fc.nat(12), value: fc.nat(3), isListed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 80 }), (entries) => {
        const states: { readonly known: PersistentMap<number, number>; readonly map: ReadonlyMap<number, number> }[] = [
          { known: new PersistentMap(), map: new Map() },
        ];
        for (const { key, value, isListed } of entries) {
          const last = states.at(-1);
          if (!last) return;
          const visited: [number, number][] = [];
          last.known.forEach((value, key) => {
            visited.push([key, value]);
          });
          assert.deepEqual(visited, [...last.map]);
          // Iterating replaces the layers of a map by one plain map: the maps above it must stay the same.
          if (isListed) assert.deepEqual([...last.known], [...last.map]);
          states.push({ known: last.known.with(key, value), map: new Map(last.map).set(key, value) });
        }
        for (const { known, map } of states) {
          for (let key = 0; key <= 12; key++) {
            assert.equal(known.get(key), map.get(key));
            assert.equal(known.has(key), map.has(key));
          }
          assert.deepEqual([...known], [...map]);
          assert.deepEqual([...known.keys()], [...map.keys()]);
        }
      }),
    );
  });

  it('has what was made of it made once', () => {
    const known = new PersistentMap<string, number>().with('a', 1);
    const list = (map: typeof known) => [...map.keys()];
    assert.equal(known.derived(list), known.derived(list));
    assert.deepEqual(known.with('b', 2).derived(list), ['a', 'b']);
    assert.equal(
      known.derived((map) => map.get('a')),
      1,
    );
  });

  it('is the same where nothing new is said', () => {
    const known = new PersistentMap<string, number>().with('a', 1).with('b', 2);
    assert.equal(known.with('a', 1), known);
    assert.notEqual(known.with('a', 2), known);
  });

  it('begins with what a map says', () => {
    const known = new PersistentMap(new Map([['a', 1]])).with('b', 2).with('a', 3);
    assert.deepEqual(
      [...known],
      [
        ['a', 3],
        ['b', 2],
      ],
    );
  });
});
