import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonDifferences } from './json-differences.js';

const none = (): boolean => false;

describe('jsonDifferences', () => {
  it('is empty for equal values', () => {
    assert.deepEqual(jsonDifferences({ a: [1, { b: null }] }, { a: [1, { b: null }] }, none), []);
  });

  it('names the place and both values', () => {
    assert.deepEqual(jsonDifferences({ a: [1, { b: 'x' }] }, { a: [1, { b: 'y' }] }, none), [
      { path: 'a[1].b', before: 'x', after: 'y' },
    ]);
  });

  it('sees what is missing on one side', () => {
    assert.deepEqual(jsonDifferences({ a: [1] }, { a: [1, 2], c: 3 }, none), [
      { path: 'a[1]', before: undefined, after: 2 },
      { path: 'c', before: undefined, after: 3 },
    ]);
  });

  it('tells an array from an object', () => {
    assert.equal(jsonDifferences({ a: [] }, { a: {} }, none).length, 1);
  });

  it('passes over members that are left out', () => {
    assert.deepEqual(
      jsonDifferences({ milliseconds: 1 }, { milliseconds: 2 }, (name) => name === 'milliseconds'),
      [],
    );
  });
});
