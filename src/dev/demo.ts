import { join, relative } from 'node:path';
import { processTerminal } from '../commands/cli/terminal.js';
import { scan } from '../commands/scan/scan.js';
import { fixturesFolder, fixtureTrees } from './examples/example-tree.js';

const terminal = processTerminal();

/** What a newcomer should know about each tree before reading its result. */
const headings: Readonly<Record<string, string>> = {
  move_notify: 'the contract up to Linux 7.0: every dynamic importer must have a callback, and none can say "not me"',
  invalidate_mappings: 'the contract since Linux 7.1: leaving the callback out says "I cannot be invalidated"',
  marker: 'a tree in which a field of the ops says so',
  paths: 'what is held, released and locked on each path of a function: right and wrong side by side',
};

/** `npm run demo`: scans the package's own fixture trees and prints what it finds. Findings are the point: exit 0. */
async function demo(): Promise<void> {
  for (const [dialect, name] of Object.entries(fixtureTrees)) {
    const folder = join(fixturesFolder, name);
    const command = `dmabuf-lint scan ${relative(join(fixturesFolder, '..'), folder)} --format text`;
    terminal.write(`\n=== ${headings[dialect] ?? name}\n$ ${command}\n\n`);
    await scan(folder, { format: 'text', failOn: 'error', strict: false }, terminal);
  }
}

await demo();
