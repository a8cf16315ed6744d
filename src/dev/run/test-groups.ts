import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { timeRecorder } from './durations.js';

/** What keeps a file in a process of its own: a statement that changes the process for all that run in it. */
const alone =
  /^\s*(?:process\.(?:(?:chdir|on|once|exit|umask)\(|(?:exitCode|argv) = )|process\.env\[[^\]]*\] = |delete process\.env\b)/m;

/** Whether tests can run in one process with those of other files. @param code of the file, as compiled */
export const runsWithOthers = (code: string): boolean => !alone.test(code);

/**
 * Has files run in a few processes. The first analysis in a process costs as much as some thirty later ones: the modules
 * are loaded for it, and nothing is compiled yet. Each process gets some of the files that take long.
 * @param files that can run with others, those that take longest first
 * @param count how many processes there may be
 * @param folder an existing one, in which the groups are written, as modules that import their files
 * @param record the file in which each group says what processor time it took, if anybody asks
 * @returns the modules; a group of one is the file itself, unless it has to say what it took
 */
export function writeGroups(
  files: readonly string[],
  count: number,
  folder: string,
  record?: string,
): readonly string[] {
  return Array.from({ length: Math.min(count, files.length) }, (_, index) => {
    const group = files.filter((_, number) => number % count === index);
    const [first = ''] = group;
    if (group.length === 1 && record === undefined) return first;
    mkdirSync(folder, { recursive: true });
    const module = join(folder, `${index + 1}-${basename(first, '.js')}-and-${group.length - 1}-more.mjs`);
    writeFileSync(module, groupModule(group) + (record === undefined ? '' : timeRecorder(group, record)));
    return module;
  });
}

/**
 * Each file is a suite with its name, so that its hooks are its own. One that cannot be imported fails; the others of the
 * group run all the same. No test begins before all are imported: it may look at what a process does from moment to moment.
 */
function groupModule(files: readonly string[]): string {
  const urls = files.map((file) => pathToFileURL(file).href);
  return `import { before, describe, it } from 'node:test';
const imports = [];
async function load(url) {
  try {
    await import(url);
  } catch (error) {
    it('can be imported', () => {
      throw error;
    });
  }
}
for (const url of ${JSON.stringify(urls, undefined, 2)})
  describe(url, async () => {
    before(() => Promise.all(imports));
    imports.push(load(url));
    await imports.at(-1);
  });
`;
}

/** @returns the files that run alone, and those that run with others, each in the order given */
export function separate(files: readonly string[]): {
  readonly single: readonly string[];
  readonly together: readonly string[];
} {
  const together = files.filter((file) => runsWithOthers(readFileSync(file, 'utf8')));
  return { single: files.filter((file) => !together.includes(file)), together };
}
