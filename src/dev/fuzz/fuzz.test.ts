import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fuzzProperties } from './fuzz-properties.js';
import { type FuzzProperty, pureProperty } from './fuzz-property.js';
import { fuzzTable, runFuzz } from './fuzz-run.js';
import { baselineTexts, configTexts } from './settings-inputs.js';
import { checkBaselineText, checkConfigText } from './settings-properties.js';

/**
 * A few inputs, always the same, and a quarter of them where git, a disk or a whole scan takes part. CI sets the variable
 * for more; `npm run fuzz` tries as many as are wished.
 */
const numRuns = Number(process.env['DMABUF_LINT_INPUTS'] ?? 4);
const seed = 20260112;

describe('whatever strangers send', () => {
  for (const property of fuzzProperties)
    it(property.name, async () => {
      const inputs = property.share < 10 ? Math.ceil(numRuns / 4) : numRuns;
      const [count] = await runFuzz([property], { seed, count: inputs, rounds: 1 });
      assert.equal(count?.failure, null);
      assert.equal(count.inputs, inputs);
    });

  it('is often enough what can be read, so that more than its refusal is tried', () => {
    const inputs = [
      [configTexts, checkConfigText],
      [baselineTexts, checkBaselineText],
    ] as const;
    for (const [texts, isRead] of inputs) {
      const read = fc.sample(texts, { seed, numRuns: 200 }).filter((text) => isRead(text));
      assert.ok(read.length > 60 && read.length < 180, String(read.length));
    }
  });
});

describe('a run of the fuzzer', () => {
  /** @param failsAt the input for which it does not hold; 0 for none */
  const property = (name: string, share: number, failsAt: number): FuzzProperty => {
    let tried = 0;
    return pureProperty(name, share, fc.constant(0), () => assert.notEqual(++tried, failsAt));
  };

  it('gives each property its share, in rounds, and those that fail no more', async () => {
    const [often, seldom, wrong] = [property('often', 90, 0), property('seldom', 1, 0), property('wrong', 9, 2)];
    let rounds = 0;
    const counts = await runFuzz([often, seldom, wrong], { seed: 1, count: 1000, rounds: 10 }, () => ++rounds < 10);
    assert.deepEqual(
      counts.map(({ name, inputs }) => [name, inputs]),
      [
        ['often', 900],
        ['seldom', 10],
        ['wrong', 2],
      ],
    );
    assert.equal(rounds, 10);
    assert.match(counts[2]?.failure ?? '', /^seed 1, path 1\n/);
    assert.match(fuzzTable(counts), /^\| wrong \| 2 \| 0 \| FAILED \|$/m);
  });

  it('can end after any round', async () => {
    const counts = await runFuzz([property('one', 1, 0)], { seed: 1, count: 100, rounds: 10 }, () => false);
    assert.equal(counts[0]?.inputs, 10);
  });
});
