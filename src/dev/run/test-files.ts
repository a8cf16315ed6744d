import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The two sets of tests: those that need nothing, and those that read kernel trees. */
export type TestSet = 'unit' | 'kernel';

const endings: Readonly<Record<TestSet, string>> = { unit: '.test.js', kernel: '.kernel-test.js' };

/**
 * The files that take longest, the longest first, by a part of their path. They begin first, so that no processor waits
 * for a long one at the end. The order changes nothing else: what is not named here runs after them.
 */
const longest: Readonly<Record<TestSet, readonly string[]>> = {
  unit: [
    'src/dev/process/stop',
    'src/dev/process/lsp',
    'src/commands/series/',
    'src/dev/process/',
    'src/docs/plan',
    'src/c/hostile',
    'src/dev/house/library',
    'src/input/mail/mail-series',
    'src/commands/cli/hostile',
    'src/dev/fuzz/incremental',
    'src/dev/pages/matrix-browser',
    'src/commands/',
    'src/dev/demo',
    'src/dev/fuzz/',
    'src/dev/lsp/',
    'src/dev/pages/',
    'rules/',
  ],
  kernel: [
    'series/series.',
    'kernels/analysed',
    'kernels/built',
    'dialects/mapping-series',
    'renaming/renamed-api',
    'readings/baseline',
    'docs/docs-judges',
    'series/series-b4',
    'fuzz/incremental',
    'readings/scan',
    'lsp/near-findings',
  ],
};

/**
 * @param built the folder that the compiler writes into
 * @param words only files with one of these in their path; all where there is none
 * @returns the paths of the test files of a set, those that take longest first
 */
export function testFiles(built: string, set: TestSet, words: readonly string[]): readonly string[] {
  return readdirSync(built, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(endings[set]))
    .map((entry) => relative(built, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
    .sort((left, right) => rank(set, left) - rank(set, right) || (left < right ? -1 : 1))
    .map((path) => join(built, path));
}

function rank(set: TestSet, path: string): number {
  const found = longest[set].findIndex((part) => path.includes(part));
  return found < 0 ? longest[set].length : found;
}
