import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, freemem, tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { durationTables, listen, recordedTimes } from './durations.js';
import { memoryFolder } from './memory-folder.js';
import { costOf, readCosts, writeCosts } from './test-costs.js';
import { type TestSet, testFiles } from './test-files.js';
import { separate, writeGroups } from './test-groups.js';

// `npm test [-- word…]`, `npm run test:all` and `npm run test:kernel [-- word…]`: runs the files with one of the words in
// their path, or all. `node --test` would run them in the order of their names, whatever they cost, and each in a process
// of its own. With `--durations` the files and tests that took longest are listed at the end; with `--record-costs` the
// table is written by which the next runs deal them out.
const built = join(import.meta.dirname, '../../..');
const sets: readonly string[] = ['unit', 'all', 'kernel'] satisfies readonly TestSet[];
const isSet = (word: string | undefined): word is TestSet => sets.includes(word ?? '');
/** How much memory has to be free before one more process reads kernels, in bytes: each takes up to two gigabytes. */
const memoryOfMore = 12 * 2 ** 30;
const [set, ...args] = process.argv.slice(2);
if (!isSet(set)) throw new Error(`no such set of tests: ${set}`);
const words = args.filter((arg) => !arg.startsWith('--'));
const costs = readCosts();
const pathOf = (file: string): string => relative(built, file).split(sep).join('/');
const { files, leftOut } = testFiles(built, set, words, costs);
if (files.length === 0) {
  process.stderr.write(`no ${set} tests found${words.length > 0 ? ` for ${words.join(' ')}` : ''}\n`);
  process.exitCode = 1;
} else {
  const memory = set !== 'kernel' && process.env['TMPDIR'] === undefined ? memoryFolder() : null;
  if (memory !== null) process.env['TMPDIR'] = memory;
  const groups = mkdtempSync(join(tmpdir(), 'test-groups-'));
  const isTimed = args.includes('--durations') || args.includes('--record-costs');
  const record = isTimed ? join(groups, 'times') : undefined;
  process.once('exit', () => {
    for (const folder of [groups, ...(memory === null ? [] : [memory])])
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const events = run(set === 'kernel' ? onKernels() : ofUnits());
  events.on('test:fail', () => {
    process.exitCode = 1;
  });
  const durations = listen(events);
  const report = events.compose(new spec());
  report.pipe(process.stdout, { end: false });
  report.once('end', () => {
    const times = recordedTimes(record ?? '');
    if (args.includes('--durations')) process.stdout.write(durationTables(durations, times, built));
    if (args.includes('--record-costs'))
      writeCosts(
        new Map([...costs, ...[...times.files].map(([file, seconds]) => [pathOf(file), seconds] as const)]),
        built,
      );
    if (leftOut > 0) process.stdout.write(`${leftOut} slow files left out; npm run test:all runs all\n`);
  });

  /**
   * Each file of kernel tests has a process, which takes much memory. Where there is enough, one more runs than there are
   * processors: each waits now and then for git, or for a disk that has the kernel's files.
   */
  function onKernels() {
    const alone = (path: string) => grouped([path], 1, mkdtempSync(join(groups, 'one-')));
    return {
      files: record === undefined ? [...files] : files.flatMap(alone),
      concurrency: availableParallelism() + (freemem() > memoryOfMore ? 1 : 0),
    };
  }

  /**
   * One process more than there are processors, which all begin at once: some tests wait, for a time stamp to be old enough
   * or for a process. Each process more would compile the same code once more. One runs the files that must be alone.
   */
  function ofUnits() {
    const { single, together } = separate(files);
    const count = availableParallelism() + 1;
    const alone = single.flatMap((path) => grouped([path], 1, mkdtempSync(join(groups, 'one-'))));
    return { files: [...grouped(together, count, join(groups, 'together')), ...alone], concurrency: count + 1 };
  }

  function grouped(paths: readonly string[], count: number, folder: string): readonly string[] {
    return writeGroups(paths, count, folder, {
      costOf: (file) => costOf(costs, pathOf(file)),
      isBrief: set !== 'kernel',
      record,
    });
  }
}
