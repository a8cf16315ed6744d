import { join } from 'node:path';
import { demoTrees, showTree } from './demo/show-tree.js';
import { fixturesFolder } from './examples/example-tree.js';

/*
 * `npm run demo`: scans the package's own fixture trees and prints what it finds. Findings are the point; it fails where
 * they are others than the markers in the trees say.
 */
const differences: string[] = [];
for (const { heading, folder } of demoTrees) {
  const shown = await showTree(join(fixturesFolder, '..'), `fixtures/${folder}`);
  process.stdout.write(`\n=== ${heading}\n$ ${shown.command}\n\n${shown.stdout}`);
  differences.push(...shown.differences);
}
if (differences.length > 0) {
  process.stderr.write(`\nthe demo shows what it should not:\n${differences.map((line) => `  ${line}\n`).join('')}`);
  process.exitCode = 1;
}
