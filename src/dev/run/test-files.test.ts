import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type TestSet, testFiles } from './test-files.js';

describe('the files of a test run', () => {
  let built: string;
  before(() => {
    built = mkdtempSync(join(tmpdir(), 'dmabuf-lint-'));
    for (const path of [
      'src/c/a.test.js',
      'src/c/a.js',
      'src/commands/series/series.test.js',
      'src/cli.test.js',
      'src/dev/process/disk.test.js',
      'src/dev/docs/docs.kernel-test.js',
      'src/dev/kernels/analysed.kernel-test.js',
      'src/dev/kernels/kbuild.kernel-group.js',
    ]) {
      mkdirSync(dirname(join(built, path)), { recursive: true });
      writeFileSync(join(built, path), '');
    }
  });
  after(() => rmSync(built, { recursive: true }));

  const costs = new Map([
    ['src/commands/series/series.test.js', 3],
    ['src/dev/process/disk.test.js', 2],
  ]);
  const found = (set: TestSet, ...words: readonly string[]): readonly string[] =>
    testFiles(built, set, words, costs).files.map((path) => relative(built, path));

  it('are those of one set, those that cost most first', () => {
    const [slow, others] = ['src/dev/process/disk.test.js', ['src/c/a.test.js', 'src/cli.test.js']];
    assert.deepEqual(found('all'), ['src/commands/series/series.test.js', slow, ...others]);
    const kernel = ['src/dev/kernels/analysed.kernel-test.js', 'src/dev/docs/docs.kernel-test.js'];
    assert.deepEqual(found('kernel'), kernel);
  });

  it('are without the slow ones, which are counted, unless a word names them', () => {
    assert.deepEqual(found('unit'), ['src/commands/series/series.test.js', 'src/c/a.test.js', 'src/cli.test.js']);
    assert.equal(testFiles(built, 'unit', [], costs).leftOut, 1);
    assert.deepEqual(found('unit', 'disk'), ['src/dev/process/disk.test.js']);
    assert.equal(testFiles(built, 'unit', ['disk'], costs).leftOut, 0);
    assert.equal(testFiles(built, 'all', [], costs).leftOut, 0);
  });

  it('are those with a word in their path, where one is given', () => {
    assert.deepEqual(found('unit', '/c/'), ['src/c/a.test.js']);
    assert.deepEqual(found('kernel', 'nothing'), []);
  });
});
