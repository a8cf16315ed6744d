import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defaultConfig, runSeriesRules } from '../src/lint/index.js';
import rule from './series-incomplete/rule.js';

type Judged = Parameters<typeof runSeriesRules>[0];

/** How bad it is that patches of a series of three are not there. */
function severitiesOf(there: readonly number[], cover: object | null = null): readonly string[] {
  const patches = there.map((number) => ({ number, subject: 'x', source: { name: `${number}.patch`, line: 1 } }));
  const missing = [1, 2, 3].filter((number) => !there.includes(number));
  const judged = { patches: [], series: { name: 's', patches, missing, total: 3, cover, isPart: false } };
  return runSeriesRules(judged as unknown as Judged, [rule], defaultConfig).map(({ severity }) => severity);
}

it('a series is incomplete where patches are missing; of one patch alone that is only noted', () => {
  assert.deepEqual(severitiesOf([1, 3]), ['error']);
  assert.deepEqual(severitiesOf([2]), ['note']);
  assert.deepEqual(severitiesOf([2], {}), ['error']);
  assert.deepEqual(severitiesOf([1, 2, 3]), []);
});
