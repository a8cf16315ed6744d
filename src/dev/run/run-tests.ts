import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { durationTables, listen, recordedTimes } from './durations.js';
import { isLong, isLongest, testFiles } from './test-files.js';
import { separate, writeGroups } from './test-groups.js';

// `npm test [-- word…]` and `npm run test:kernel [-- word…]`: runs the files with one of the words in their path, or all.
// `node --test` would run them in the order of their names, whatever they cost, and each in a process of its own.
// With `--durations` the files and tests that took longest are listed at the end.
const built = join(import.meta.dirname, '../../..');
const [set, ...args] = process.argv.slice(2);
if (set !== 'unit' && set !== 'kernel') throw new Error(`no such set of tests: ${set}`);
const words = args.filter((arg) => arg !== '--durations');
const files = testFiles(built, set, words);
if (files.length === 0) {
  process.stderr.write(`no ${set} tests found${words.length > 0 ? ` for ${words.join(' ')}` : ''}\n`);
  process.exitCode = 1;
} else {
  const groups = mkdtempSync(join(tmpdir(), 'test-groups-'));
  const record = args.includes('--durations') ? join(groups, 'times') : undefined;
  const alone = (paths: readonly string[]): readonly string[] =>
    record === undefined
      ? paths
      : paths.flatMap((path) => writeGroups([path], 1, mkdtempSync(join(groups, 'one-')), record));
  process.once('exit', () => rmSync(groups, { recursive: true, force: true }));
  const longest = files.filter((file) => set === 'kernel' || isLongest(file));
  const { single, together } = separate(files.filter((file) => !longest.includes(file)));
  const [long, short] = [together.filter(isLong), together.filter((file) => !isLong(file))];
  const events = run({
    files: [
      ...alone(longest),
      ...writeGroups(long, 4, join(groups, 'long'), record),
      ...alone(single),
      ...writeGroups(short, 16, groups, record),
    ],
    concurrency: availableParallelism(),
  });
  events.on('test:fail', () => {
    process.exitCode = 1;
  });
  const durations = listen(events);
  const report = events.compose(new spec());
  report.pipe(process.stdout, { end: false });
  if (record !== undefined)
    report.once('end', () => process.stdout.write(durationTables(durations, built, recordedTimes(record))));
}
