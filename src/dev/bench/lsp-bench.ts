import { kernelTree } from '../kernels/kernel-cache.js';
import { timeEdits } from '../lsp/lsp-kernel.js';
import '../scripts/user-errors.js';

// `npm run bench:lsp [-- <version>]`: how long an editor waits on a kernel tree of the cache. The first run is not
// counted: it brings the files into the page cache.
const tree = kernelTree(process.argv[2] ?? '7.x');
const runs = 5;
const edits = 20;
await timeEdits(tree, 0);
const times = [];
for (let run = 0; run < runs; run++) times.push(await timeEdits(tree, edits));
const median = (all: readonly number[]): string => ([...all].sort((a, b) => a - b)[all.length >> 1] ?? 0).toFixed(0);
const most = (all: readonly number[]): string => Math.max(...all).toFixed(0);
const rows = [
  ['first diagnostics', times.map(({ first }) => first)],
  ['of the whole tree', times.map(({ whole }) => whole)],
  ['after an edit', times.flatMap(({ edits: all }) => all)],
] as const;
for (const [what, all] of rows)
  process.stdout.write(`${what.padEnd(20)} median ${median(all)} ms, at most ${most(all)} ms (${all.length} times)\n`);
