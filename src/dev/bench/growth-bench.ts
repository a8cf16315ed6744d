import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kernelTree } from '../kernels/kernel-cache.js';
import { cli } from '../run/run-cli.js';
import { wholeNumber } from '../scripts/user-errors.js';

// `npm run bench:growth [-- <version> [times]]`: what a scan costs in a tree that has its drivers once, twice and four
// times. The copies are links to the same files, beside the tree of the cache.
const tree = kernelTree(process.argv[2] ?? '7.x');
const times = wholeNumber(process.argv[3] ?? '3', 'number of runs');
const scratch = mkdtempSync(join(dirname(tree), '.growth-'));

interface Cost {
  readonly seconds: number;
  readonly processor: number;
  readonly megabytes: number;
  readonly filesParsed: number;
}

function link(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-al', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${to}: ${stderr.slice(0, 200)}`);
}

function scan(folder: string): Cost {
  const report = join(scratch, 'time');
  const command = [process.execPath, cli, 'scan', folder, '--format', 'json', '--no-cache'];
  const { stdout } = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', '-o', report, ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const [seconds = 0, user = 0, system = 0, kilobytes = 0] = (
    readFileSync(report, 'utf8').trim().split('\n').at(-1) ?? ''
  )
    .split(' ')
    .map(Number);
  const { filesParsed } = JSON.parse(stdout).stats;
  return { seconds, processor: user + system, megabytes: kilobytes / 1024, filesParsed };
}

try {
  process.stdout.write('| drivers | files parsed | seconds | processor seconds | ms of it per file | memory in MB |\n');
  process.stdout.write('| --- | --- | --- | --- | --- | --- |\n');
  const grown = join(scratch, 'tree');
  link(tree, grown);
  for (let copies = 1; copies <= 4; copies++) {
    if (copies > 1) link(join(grown, 'drivers'), join(grown, `drivers-${copies}`));
    if (copies === 3) continue;
    scan(grown); // fills the page cache
    const costs = Array.from({ length: times }, () => scan(grown)).sort(
      (one, other) => one.processor - other.processor,
    );
    const { seconds, processor, megabytes, filesParsed } = costs[times >> 1] ?? scan(grown);
    const each = ((1000 * processor) / filesParsed).toFixed(1);
    process.stdout.write(
      `| ${copies} | ${filesParsed} | ${seconds.toFixed(1)} | ${processor.toFixed(1)} | ${each} | ${megabytes.toFixed(0)} |\n`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true });
}
