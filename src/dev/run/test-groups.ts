import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { timeRecorder } from './durations.js';

/** What keeps a file in a process of its own: a statement that changes the process for all that run in it. */
const alone =
  /^\s*(?:process\.(?:(?:chdir|on|once|exit|umask)\(|(?:exitCode|argv) = )|process\.env\[[^\]]*\] = |delete process\.env\b)/m;

/** Whether tests can run in one process with those of other files. @param code of the file, as compiled */
export const runsWithOthers = (code: string): boolean => !alone.test(code);

/** Options of `writeGroups()`. */
export interface GroupOptions {
  /** Says what processor time a file takes, in seconds. */
  costOf(file: string): number;
  /** Whether the tests run most code a few times only, as all do but those on kernels, which is the default. */
  readonly isBrief?: boolean;
  /** The file in which each process says what processor time it and its files took, if anybody asks. */
  readonly record?: string | undefined;
}

/** V8 then compiles what is very hot, and not yet what is warm: brief tests take two thirds of the processor time. */
const compileLate = `import { setFlagsFromString } from 'node:v8';
setFlagsFromString('--interrupt-budget=1000000');`;

/**
 * Has files run in a few processes. The first analysis in a process costs as much as some thirty later ones: the modules
 * are loaded for it, and nothing is compiled yet. All processes get files that cost about the same together.
 * @param files that can run with others, those that cost most first
 * @param count how many processes there may be
 * @param folder an existing one, in which the groups are written, as modules that import their files
 * @returns the modules
 */
export function writeGroups(
  files: readonly string[],
  count: number,
  folder: string,
  { costOf, isBrief = true, record }: GroupOptions,
): readonly string[] {
  return dealOut(files, count, costOf).map((group, index) => {
    const [first = ''] = group;
    mkdirSync(folder, { recursive: true });
    const others = group.length > 1 ? `-and-${group.length - 1}-more` : '';
    const module = join(folder, `${index + 1}-${basename(first, '.js')}${others}.mjs`);
    writeFileSync(module, groupModule(group, isBrief, record));
    return module;
  });
}

/** Gives each file to the group that costs least so far. @returns groups, none of them empty */
function dealOut(
  files: readonly string[],
  count: number,
  costOf: (file: string) => number,
): readonly (readonly string[])[] {
  const groups = Array.from({ length: Math.min(count, files.length) }, () => ({ cost: 0, files: [] as string[] }));
  for (const file of files) {
    const cheapest = groups.reduce((least, group) => (group.cost < least.cost ? group : least));
    cheapest.files.push(file);
    cheapest.cost += costOf(file);
  }
  return groups.map((group) => group.files);
}

/**
 * Each file is a suite with its name, so that its hooks are its own. One that cannot be imported fails; the others of the
 * group run all the same. No test begins before all are imported: it may look at what a process does from moment to moment.
 */
function groupModule(files: readonly string[], isBrief: boolean, record: string | undefined): string {
  const urls = files.map((file) => pathToFileURL(file).href);
  const recorder = record === undefined ? '' : timeRecorder(files[0] ?? '', record);
  const [begins, ends] =
    record === undefined ? ['', ''] : [' begun = taken();', 'after(() => tell(url, taken() - begun));'];
  return `import { after, before, describe, it } from 'node:test';
${isBrief ? compileLate : ''}
${recorder}
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
    let begun = 0;
    before(async () => { await Promise.all(imports);${begins} });
    ${ends}
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
