import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fuzzProperties } from './fuzz-properties.js';

// A few inputs, always the same; `npm run fuzz` tries more.
describe('whatever strangers send', () => {
  for (const { name, property } of fuzzProperties)
    it(name, () => fc.assert(property, { seed: 20260112, numRuns: 15, endOnFailure: true }));
});
