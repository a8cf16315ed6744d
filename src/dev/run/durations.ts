import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { TestsStream } from 'node:test';
import { fileURLToPath } from 'node:url';

/** What was measured in a run of tests: by test file, and of single tests. */
interface Durations {
  /** The seconds that the outermost tests of each file took, by its path. */
  readonly files: ReadonlyMap<string, number>;
  readonly tests: readonly { readonly file: string; readonly name: string; readonly seconds: number }[];
}

/** The processor time of one process of tests, and of all that it started and waited for, in seconds. */
interface ProcessTime {
  readonly files: readonly string[];
  readonly seconds: number;
}

/** How many rows a table has. */
const rows = 40;

/**
 * The code with which a process of tests says at its end, as a line of a file, how much processor time it took.
 * @param files that run in it
 * @param record the file to which the line is added
 */
export const timeRecorder = (files: readonly string[], record: string): string => `
import { appendFileSync, readFileSync } from 'node:fs';
process.on('exit', () => {
  const fields = readFileSync('/proc/self/stat', 'latin1').replace(/^.*\\) /s, '').split(' ');
  const seconds = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
  appendFileSync(${JSON.stringify(record)}, JSON.stringify({ files: ${JSON.stringify(files)}, seconds }) + '\\n');
});
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
 * @param record what the processes wrote, line by line
 * @returns three tables: the files and the tests that took longest, and the processes that took most processor time
 */
export function durationTables({ files, tests }: Durations, built: string, record: string): string {
  const short = (file: string): string => relative(built, file);
  const line = (seconds: number, text: string): string => `${seconds.toFixed(2).padStart(9)} s  ${text}`;
  const processes = record
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => JSON.parse(each) as ProcessTime)
    .sort((left, right) => right.seconds - left.seconds);
  const sum = processes.reduce((total, { seconds }) => total + seconds, 0);
  const byTime = [...files].sort(([, left], [, right]) => right - left).slice(0, rows);
  const slowTests = [...tests].sort((left, right) => right.seconds - left.seconds).slice(0, rows);
  return [
    'the files that took longest:',
    ...byTime.map(([file, seconds]) => line(seconds, short(file))),
    'the tests that took longest:',
    ...slowTests.map(({ file, name, seconds }) => line(seconds, `${short(file)}: ${name}`)),
    `processor time of the processes (${sum.toFixed(1)} s in all):`,
    ...processes.slice(0, rows).map(({ files: [first = '', ...others], seconds }) => {
      return line(seconds, `${short(first)}${others.length > 0 ? ` and ${others.length} more` : ''}`);
    }),
    '',
  ].join('\n');
}

/** What the processes have written so far; nothing where none has ended. */
export function recordedTimes(record: string): string {
  try {
    return readFileSync(record, 'utf8');
  } catch {
    return '';
  }
}
