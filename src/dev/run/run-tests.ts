import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { isLong, testFiles } from './test-files.js';
import { separate, writeGroups } from './test-groups.js';

// `npm test [-- word…]` and `npm run test:kernel [-- word…]`: runs the files with one of the words in their path, or all.
// `node --test` would run them in the order of their names, whatever they cost, and each in a process of its own.
const [set, ...words] = process.argv.slice(2);
if (set !== 'unit' && set !== 'kernel') throw new Error(`no such set of tests: ${set}`);
const files = testFiles(join(import.meta.dirname, '../../..'), set, words);
if (files.length === 0) {
  process.stderr.write(`no ${set} tests found${words.length > 0 ? ` for ${words.join(' ')}` : ''}\n`);
  process.exitCode = 1;
} else {
  const groups = mkdtempSync(join(tmpdir(), 'test-groups-'));
  process.once('exit', () => rmSync(groups, { recursive: true, force: true }));
  const long = files.filter((file) => set === 'kernel' || isLong(file));
  const { single, together } = separate(files.filter((file) => !long.includes(file)));
  const events = run({
    files: [...long, ...writeGroups(together, 16, groups), ...single],
    concurrency: availableParallelism(),
  });
  events.on('test:fail', () => {
    process.exitCode = 1;
  });
  events.compose(new spec()).pipe(process.stdout);
}
