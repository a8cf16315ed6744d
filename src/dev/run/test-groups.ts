import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { timeRecorder } from './durations.js';

/**
 * What keeps a file in a process of its own: what changes the process, or looks at all of it; and the choice among cases,
 * which counts those of its process.
 */
const alone =
  /\/run\/cases\.js'|\bprocess\.(?:chdir|on|once|exit|exitCode|umask|argv|kill)\b|\bprocess\.env\[[^\]]*\] = |\bdelete process\.env\b/m;

/** Whether tests can run in one process with those of other files. @param code of the file, as compiled */
export const runsWithOthers = (code: string): boolean => !alone.test(code);

/**
 * Has files run in a few processes, because the start of one costs more than most files of tests do.
 * @param files that can run with others
 * @param most how many files a process gets
 * @param folder an existing one, in which the groups are written, as modules that import their files
 * @param record the file in which each group says what processor time it took, if anybody asks
 * @returns the modules; a group of one is the file itself, unless it has to say what it took
 */
export function writeGroups(
  files: readonly string[],
  most: number,
  folder: string,
  record?: string,
): readonly string[] {
  const count = Math.ceil(files.length / most);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((files.length * index) / count);
    const group = files.slice(from, Math.floor((files.length * (index + 1)) / count));
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
 * group run all the same.
 */
function groupModule(files: readonly string[]): string {
  const urls = files.map((file) => pathToFileURL(file).href);
  return `import { describe, it } from 'node:test';
for (const url of ${JSON.stringify(urls, undefined, 2)})
  describe(url, async () => {
    try {
      await import(url);
    } catch (error) {
      it('can be imported', () => {
        throw error;
      });
    }
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
