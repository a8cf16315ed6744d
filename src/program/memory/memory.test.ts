import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLastingMemory, createMemory } from './memory.js';

describe('a memory that lasts', () => {
  it('forgets what was made from a fact, and what was made from that, and nothing else', () => {
    const lasting = createLastingMemory();
    let made: string[] = [];
    const ask = (memory = lasting.begin()) => {
      made = [];
      const leaf = (name: string): string =>
        memory.recall(name, () => {
          made.push(name);
          memory.note(`file:${name}`);
          return name;
        });
      memory.recall('both', () => {
        made.push('both');
        return leaf('a') + leaf('b');
      });
      leaf('c');
      return made;
    };
    assert.deepEqual(ask(), ['both', 'a', 'b', 'c']);
    assert.deepEqual(ask(), []);
    lasting.forget(['file:b']);
    assert.deepEqual(ask(), ['both', 'b']);
    lasting.forget(['file:c', 'file:unknown']);
    assert.deepEqual(ask(), ['c']);
  });

  it('belongs to whoever began last; who began before keeps nothing in it', () => {
    const lasting = createLastingMemory();
    const first = lasting.begin();
    assert.equal(
      first.recall('x', () => 1),
      1,
    );
    const second = lasting.begin();
    assert.equal(
      first.recall('x', () => 2),
      2,
    );
    assert.equal(
      second.recall('x', () => 3),
      1,
    );
  });

  it('asks again where a setting has another value, at any depth', () => {
    const memory = createMemory();
    const ask = () => memory.recall('outer', () => memory.recall('inner', () => memory.setting('mode') ?? 'none'));
    assert.equal(ask(), 'none');
    memory.set('mode', 'one');
    assert.equal(ask(), 'one');
    memory.set('mode', 'two');
    assert.equal(ask(), 'two');
  });

  it('notes for who catches an error what was seen before it', () => {
    const lasting = createLastingMemory();
    const ask = (memory: ReturnType<typeof lasting.begin>, value: number): number =>
      memory.recall('outer', () => {
        try {
          memory.recall('inner', () => {
            memory.note('file:x');
            throw new RangeError('too deep');
          });
        } catch {
          return value;
        }
        return 0;
      });
    assert.equal(ask(lasting.begin(), 1), 1);
    lasting.forget(['file:x']);
    assert.equal(ask(lasting.begin(), 2), 2);
  });
});
