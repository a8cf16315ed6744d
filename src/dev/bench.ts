import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernelTree } from './kernel-cache.js';
import { cli } from './series-run.js';

// `npm run bench [-- <version> [times]]`: a scan of a kernel tree beside what one would use instead, in turns, so that
// whatever else the machine does meets all alike. The first turn is not counted: it fills the page cache.
const tree = kernelTree(process.argv[2] ?? '7.x');
const times = Number(process.argv[3] ?? 7);
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));

/** Finds the tables of importers and exporters, and nothing else. */
const tables = `@@
identifier ops;
initializer list values;
@@
* struct dma_buf_attach_ops ops = { values };

@@
identifier ops;
initializer list values;
@@
* struct dma_buf_ops ops = { values };
`;

interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  /** Slow ones run less often. */
  readonly times: number;
}

const rule = join(scratch, 'tables.cocci');
const contenders: readonly Contender[] = [
  { name: 'rg -l dma_buf', command: ['rg', '--no-ignore', '-l', '-g', '*.[ch]', 'dma_buf', '.'], times },
  {
    name: 'git grep -l dma_buf',
    command: ['git', 'grep', '--no-index', '-l', 'dma_buf', '--', '*.c', '*.h'],
    times: Math.min(times, 3),
  },
  { name: 'dmabuf-lint scan', command: [process.execPath, cli, 'scan', '.', '--format', 'json'], times },
  {
    name: 'spatch, one rule, drivers/',
    command: ['spatch', '--very-quiet', '--sp-file', rule, '--dir', 'drivers', '-j', String(availableParallelism())],
    times: Math.min(times, 3),
  },
];

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

function measure({ command }: Contender): Measured {
  const report = join(scratch, 'time');
  const [program = '', ...args] = ['/usr/bin/time', '-f', '%e %M', '-o', report, ...command];
  const { error, status, stderr } = spawnSync(program, args, { cwd: tree, encoding: 'utf8', maxBuffer: 1 << 28 });
  // A scan that finds something exits with 1.
  if (error || status === null || status > 1) throw new Error(`${command[0]}: ${error?.message ?? stderr.slice(-500)}`);
  const [seconds = 0, kilobytes = 0] = (readFileSync(report, 'utf8').trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { seconds, megabytes: kilobytes / 1024 };
}

const median = (all: readonly number[]): number => [...all].sort((one, other) => one - other)[all.length >> 1] ?? 0;

try {
  writeFileSync(rule, tables);
  const results = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let turn = 0; turn <= times; turn++)
    for (const contender of contenders)
      if (turn === 0 ? contender.times > 1 : turn <= contender.times) {
        const measured = measure(contender);
        if (turn > 0) results.get(contender.name)?.push(measured);
      }
  const floor = median((results.get('rg -l dma_buf') ?? []).map(({ seconds }) => seconds));
  process.stdout.write('| what | seconds | times rg | memory in MB | runs |\n| --- | --- | --- | --- | --- |\n');
  for (const [name, all] of results) {
    const seconds = median(all.map((one) => one.seconds));
    const megabytes = Math.max(...all.map((one) => one.megabytes));
    process.stdout.write(
      `| ${name} | ${seconds.toFixed(2)} | ${(seconds / floor).toFixed(1)} | ${megabytes.toFixed(0)} | ${all.length} |\n`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true });
}
