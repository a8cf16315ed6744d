import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { kernelTree } from '../../dev/kernels/kernel-cache.js';
import { prototypesIn } from '../../dev/kernels/prototypes.js';
import { lockFunctions, reservationHeader } from './lock-functions.js';

for (const version of ['6.1', '6.12', '7.x'])
  describe(`the functions on the reservation lock in Linux ${version}`, () => {
    const text = readFileSync(join(kernelTree(version), reservationHeader), 'utf8');
    const prototypes = [...prototypesIn(text).values()];
    const isOfLock = (name: string): boolean => /_(?:lock|trylock|unlock)(?:_|$)/.test(name);

    it('have a row each', () => {
      const names = prototypes.map(({ name }) => name).filter(isOfLock);
      assert.ok(names.length >= 6);
      assert.deepEqual(
        names.filter((name) => !lockFunctions.has(name)),
        [],
      );
    });

    it('return what the row says', () => {
      const results = { 'zero-or-error': 'int', 'true-or-false': 'bool', nothing: 'void' };
      for (const { name, result, parameters } of prototypes.filter((one) => isOfLock(one.name))) {
        const row = lockFunctions.get(name);
        assert.ok(row);
        assert.match(result, new RegExp(`^${results[row.answer]}\\b`), name);
        assert.equal(parameters.length > 1, row.context !== null, name);
        assert.match(parameters[row.lock] ?? '', /^struct dma_resv \*/, name);
        if (row.context !== null) assert.match(parameters[row.context] ?? '', /^struct ww_acquire_ctx \*/, name);
      }
    });
  });
