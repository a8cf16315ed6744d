import assert from 'node:assert/strict';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { isSlow, slowBeginnings } from './slow-files.js';
import { testFiles } from './test-files.js';

const built = join(import.meta.dirname, '../../..');
const paths = testFiles(built, 'all', [], new Map()).files.map((path) => relative(built, path));

describe('the tests that npm test leaves out', () => {
  it('are there: no entry of the table is out of date', () => {
    for (const beginning of slowBeginnings)
      assert.ok(
        paths.some((path) => path.startsWith(beginning)),
        `no test is called ${beginning}: take it off the table`,
      );
  });

  it('leave tests in every folder of the product that has some, and of each command', () => {
    const inProduct = paths.filter((path) => !path.startsWith('src/dev/'));
    const kept = new Set(inProduct.filter((path) => !isSlow(path)).map((path) => dirname(path)));
    for (const path of inProduct) assert.ok(kept.has(dirname(path)), `all tests of ${dirname(path)} are left out`);
  });
});
