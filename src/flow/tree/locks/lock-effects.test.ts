import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { effectOfBody, type LockEffect } from './lock-effects.js';

const effects: Readonly<Record<string, LockEffect>> = { lock: 'take', unlock: 'drop' };
const effectOf = (code: string): LockEffect | undefined => effectOfBody(`{ ${code} }`, (name) => effects[name]);

const bodies: readonly (readonly [what: string, code: string, effect: LockEffect | undefined])[] = [
  ['takes a lock', 'return lock(x);', 'take'],
  ['drops it again where it fails', 'lock(x); if (x->dead) { unlock(x); return -ENODEV; } return 0;', 'take'],
  ['drops it again at a label', 'lock(x); if (f(x)) goto fail; return 0; fail: unlock(x); return -EIO;', 'take'],
  ['drops the lock of its caller', 'x->busy = false; unlock(x);', 'drop'],
  ['takes and drops it', 'lock(x); f(x); unlock(x);', undefined],
  ['takes and drops it in each round', 'for (;;) { lock(x); f(x); unlock(x); }', undefined],
  ['drops the lock for a while', 'unlock(x); f(x); lock(x);', undefined],
  ['calls a slot of this name', 'x->ops->lock(x);', undefined],
];

describe('what a function leaves to its caller', () => {
  for (const [what, code, effect] of bodies)
    it(`is ${effect ?? 'nothing'} where it ${what}`, () => assert.equal(effectOf(code), effect));
});
