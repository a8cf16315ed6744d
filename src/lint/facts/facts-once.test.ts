import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { factsOnce } from './facts-once.js';
import { type FactsStore, noStore } from './facts-store.js';
import type { TreeFacts } from './tree-facts.js';

function memoryStore(): FactsStore {
  const kept = new Map<string, TreeFacts>();
  return { get: (identity) => kept.get(identity), put: (identity, facts) => void kept.set(identity, facts) };
}

describe('what a tree says', () => {
  const facts = { kernelVersion: '7.3.4' } as TreeFacts;

  it('is found by one, and the others wait for it', async () => {
    const store = memoryStore();
    const identity = randomUUID();
    let looks = 0;
    const look = async (): Promise<TreeFacts> => {
      looks++;
      await sleep(200);
      return facts;
    };
    const all = await Promise.all([1, 2, 3, 4].map(() => factsOnce(store, identity, look, tmpdir())));
    assert.equal(looks, 1);
    for (const each of all) assert.equal(each, facts);
  });

  it('is found by the next where the first fails', async () => {
    const store = memoryStore();
    const identity = randomUUID();
    const failing = factsOnce(
      store,
      identity,
      async () => {
        await sleep(100);
        throw new Error('no tree');
      },
      tmpdir(),
    );
    const next = factsOnce(store, identity, async () => facts, tmpdir());
    await assert.rejects(failing, /no tree/);
    assert.equal(await next, facts);
  });

  it('is found by each where nothing can be kept', async () => {
    const identity = randomUUID();
    const all = await Promise.all([1, 2].map(() => factsOnce(noStore, identity, async () => facts, tmpdir())));
    assert.deepEqual(all, [facts, facts]);
  });
});
