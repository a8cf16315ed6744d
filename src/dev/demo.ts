import { join, relative } from 'node:path';
import { fixturesFolder, fixtureTrees } from './examples/example-tree.js';
import { run } from './examples/run-command.js';

/** What a newcomer should know about each tree before reading its result. */
const headings: Readonly<Record<string, string>> = {
  move_notify: 'the contract up to Linux 7.0: every dynamic importer must have a callback, and none can say "not me"',
  invalidate_mappings: 'the contract since Linux 7.1: leaving the callback out says "I cannot be invalidated"',
  marker: 'a tree in which a field of the ops says so',
  paths: 'what is held, released and locked on each path of a function: right and wrong side by side',
};

/** `npm run demo`: scans the package's own fixture trees and prints what it finds. Findings are the point: exit 0. */
for (const [dialect, name] of Object.entries(fixtureTrees)) {
  const top = join(fixturesFolder, '..');
  const args = ['scan', relative(top, join(fixturesFolder, name)), '--format', 'text'];
  process.stdout.write(`\n=== ${headings[dialect] ?? name}\n$ dmabuf-lint ${args.join(' ')}\n\n`);
  const { stdout, stderr } = await run(args, { cwd: top });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
}
