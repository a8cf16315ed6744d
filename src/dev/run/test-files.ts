import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isSlow } from './slow-files.js';
import { type Costs, costOf } from './test-costs.js';

/** The sets of tests: those that need nothing, without the slow ones and with them, and those that read kernel trees. */
export type TestSet = 'unit' | 'all' | 'kernel';

const endings: Readonly<Record<TestSet, string>> = { unit: '.test.js', all: '.test.js', kernel: '.kernel-test.js' };

/**
 * The files of kernel tests that take longest, the longest first, by a part of their path. They begin first, so that no
 * processor waits for a long one at the end. The order changes nothing else: what is not named here runs after them.
 */
const longest: readonly string[] = [
  'series/series.',
  'kernels/analysed',
  'kernels/built',
  'dialects/mapping-series',
  'readings/baseline',
  'docs/docs-judges',
  'series/series-b4',
  'fuzz/incremental',
  'readings/scan',
  'lsp/near-findings',
];

/** The files of a run, and how many slow ones it leaves out. */
export interface WantedFiles {
  /** Those that take longest first. */
  readonly files: readonly string[];
  readonly leftOut: number;
}

/**
 * @param built the folder that the compiler writes into
 * @param words only files with one of these in their path, slow ones too; all of the set where there is none
 * @param costs what each file of unit tests costs, by its path in `built`
 */
export function testFiles(built: string, set: TestSet, words: readonly string[], costs: Costs): WantedFiles {
  const found = readdirSync(built, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(endings[set]))
    .map((entry) => relative(built, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
    .sort();
  const wanted = set === 'unit' && words.length === 0 ? found.filter((path) => !isSlow(path)) : found;
  const files = wanted.toSorted((left, right) =>
    set === 'kernel' ? rank(left) - rank(right) : costOf(costs, right) - costOf(costs, left),
  );
  return { files: files.map((path) => join(built, path)), leftOut: found.length - wanted.length };
}

function rank(path: string): number {
  const found = longest.findIndex((part) => path.includes(part));
  return found < 0 ? longest.length : found;
}
