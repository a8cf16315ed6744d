import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fuzzProperties } from './fuzz-properties.js';

/** A few inputs, always the same. CI sets the variable for more; `npm run fuzz` tries as many as time allows. */
const numRuns = Number(process.env['DMABUF_LINT_INPUTS'] ?? 4);

describe('whatever strangers send', () => {
  for (const { name, property } of fuzzProperties)
    it(name, () => fc.assert(property, { seed: 20260112, numRuns, endOnFailure: true }));
});
