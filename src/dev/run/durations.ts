import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { TestsStream } from 'node:test';
import { fileURLToPath } from 'node:url';

/** What was measured in a run of tests: by test file, and of single tests. */
interface Durations {
  /** The seconds that the outermost tests of each file took, by its path. */
  readonly files: ReadonlyMap<string, number>;
  readonly tests: readonly { readonly file: string; readonly name: string; readonly seconds: number }[];
}

/** What processes of tests wrote of their processor time, in seconds. It counts what they started and waited for. */
export interface ProcessorTimes {
  /** Of each file, by its path: of its tests, without what it takes to load it. */
  readonly files: ReadonlyMap<string, number>;
  /** Of each process, with the first of its files. */
  readonly processes: readonly (readonly [seconds: number, first: string])[];
}

/** How many rows a table has. */
const rows = 40;

/**
 * The code with which a process of tests says, as lines of a file, how much processor time each of its files took, and it
 * as a whole.
 * @param first the first file that runs in it
 * @param record the file to which the lines are added
 * @returns a module's beginning: it has a function `taken()`, and one `tell(name, seconds)`
 */
export const timeRecorder = (first: string, record: string): string => `
import { appendFileSync, readFileSync } from 'node:fs';
function taken() {
  const fields = readFileSync('/proc/self/stat', 'latin1').replace(/^.*\\) /s, '').split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
}
function tell(name, seconds) {
  appendFileSync(${JSON.stringify(record)}, JSON.stringify([name, seconds]) + '\\n');
}
process.on('exit', () => tell(${JSON.stringify(first)}, taken()));
`;

/** Listens to a run of tests. @returns what it took, filled while it runs */
export function listen(events: TestsStream): Durations {
  const files = new Map<string, number>();
  const tests: { file: string; name: string; seconds: number }[] = [];
  for (const end of ['test:pass', 'test:fail'] as const)
    events.on(end, ({ file = '', name, nesting, details }: EndedTest) => {
      const seconds = details.duration_ms / 1000;
      // Of a group of files, each is a suite with its name.
      const path = name.startsWith('file://') ? fileURLToPath(name) : file;
      if (nesting === 0) files.set(path, (files.get(path) ?? 0) + seconds);
      if (details.type !== 'suite') tests.push({ file, name, seconds });
    });
  return { files, tests };
}

/** What an event says of a test; the types of Node have no `type` there in all versions. */
interface EndedTest {
  readonly file?: string;
  readonly name: string;
  readonly nesting: number;
  readonly details: { readonly duration_ms: number; readonly type?: string | undefined };
}

/**
 * @param built the folder of the test files; paths are shown relative to it
 * @returns tables: the files and the tests that took longest, the processor time of files and of processes
 */
export function durationTables({ files, tests }: Durations, times: ProcessorTimes, built: string): string {
  const short = (file: string): string => relative(built, file).split(sep).join('/');
  const table = (list: readonly (readonly [seconds: number, text: string])[]): readonly string[] =>
    [...list]
      .sort(([left], [right]) => right - left)
      .slice(0, rows)
      .map(([seconds, text]) => `${seconds.toFixed(2).padStart(9)} s  ${text}`);
  const byFile = (map: ReadonlyMap<string, number>) =>
    [...map].map(([file, seconds]) => [seconds, short(file)] as const);
  const sum = times.processes.reduce((total, [seconds]) => total + seconds, 0);
  return [
    'the files that took longest:',
    ...table(byFile(files)),
    'the tests that took longest:',
    ...table(tests.map(({ file, name, seconds }) => [seconds, `${short(file)}: ${name}`])),
    'processor time of the files:',
    ...table(byFile(times.files)),
    `processor time of the processes, by their first file (${sum.toFixed(1)} s in all):`,
    ...table(times.processes.map(([seconds, first]) => [seconds, short(first)])),
    '',
  ].join('\n');
}

/** What the processes have written so far; nothing where none has ended. */
export function recordedTimes(record: string): ProcessorTimes {
  const files = new Map<string, number>();
  const processes: (readonly [number, string])[] = [];
  for (const line of linesOf(record)) {
    const [name, seconds] = JSON.parse(line) as [string, number];
    if (name.startsWith('file:')) files.set(fileURLToPath(name), seconds);
    else processes.push([seconds, name]);
  }
  return { files, processes };
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}
