import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { durationTables, listen, recordedTimes } from './durations.js';
import { memoryFolder } from './memory-folder.js';
import { testFiles } from './test-files.js';
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
  const memory = set === 'unit' && process.env['TMPDIR'] === undefined ? memoryFolder() : null;
  if (memory !== null) process.env['TMPDIR'] = memory;
  const groups = mkdtempSync(join(tmpdir(), 'test-groups-'));
  const record = args.includes('--durations') ? join(groups, 'times') : undefined;
  const alone = (paths: readonly string[]): readonly string[] =>
    record === undefined
      ? paths
      : paths.flatMap((path) => writeGroups([path], 1, mkdtempSync(join(groups, 'one-')), record));
  process.once('exit', () => {
    for (const folder of [groups, ...(memory === null ? [] : [memory])])
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const { single, together } = set === 'kernel' ? { single: files, together: [] } : separate(files);
  // Four for each processor: with fewer, one would wait long for the last of another.
  const processes = availableParallelism() * 4;
  const events = run({
    files: [...alone(single), ...writeGroups(together, processes, join(groups, 'together'), record)],
    // One more than there are processors: some tests wait, for a time stamp to be old enough or for a process. Those on
    // kernels rarely do, and take much memory.
    concurrency: availableParallelism() + (set === 'unit' ? 1 : 0),
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
