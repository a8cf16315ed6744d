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
const mailbox = join(scratch, 'series.mbox');
const contenders: readonly Contender[] = [
  { name: 'rg -l dma_buf', command: ['rg', '--no-ignore', '-l', '-g', '*.[ch]', 'dma_buf', '.'], times },
  {
    name: 'git grep -l dma_buf',
    command: ['git', 'grep', '--no-index', '-l', 'dma_buf', '--', '*.c', '*.h'],
    times: Math.min(times, 3),
  },
  {
    name: 'dmabuf-lint scan, nothing known',
    command: [process.execPath, cli, 'scan', '.', '--format', 'json', '--no-cache'],
    times,
  },
  {
    name: 'dmabuf-lint scan, nothing changed',
    command: [process.execPath, cli, 'scan', '.', '--format', 'json'],
    times,
  },
  {
    name: 'dmabuf-lint series, 8 patches, judged before',
    command: [process.execPath, cli, 'series', mailbox, '--tree', '.', '--format', 'json'],
    times,
  },
  { name: 'dmabuf-lint --version', command: [process.execPath, cli, '--version'], times },
  { name: 'node, nothing else', command: [process.execPath, '-e', '0'], times },
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

/** Patches that each add a function at the end of one of the files which use the API. */
function eightPatches(): string {
  const listed = spawnSync('rg', ['--no-ignore', '-l', '-g', '*.c', 'dma_buf_attach\\(', 'drivers'], {
    cwd: tree,
    encoding: 'utf8',
  });
  const files = listed.stdout.trim().split('\n').sort().slice(0, 8);
  if (files.length < 8) throw new Error(`${tree}: fewer than 8 files to patch`);
  return files.map((path, index) => patchOf(path, index + 1)).join('');
}

function patchOf(path: string, number: number): string {
  const lines = readFileSync(join(tree, path), 'utf8').replace(/\n$/, '').split('\n');
  const last = lines
    .slice(-3)
    .map((line) => ` ${line}\n`)
    .join('');
  const added = `+\n+int bench_${number}(struct dma_buf_attachment *attach)\n+{\n+\treturn dma_buf_pin(attach);\n+}\n`;
  return [
    `From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n`,
    `From: A Developer <a@example.org>\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n`,
    `Subject: [PATCH ${number}/8] bench: function ${number}\n\n---\n`,
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n`,
    `@@ -${lines.length - 2},3 +${lines.length - 2},8 @@\n${last}${added}-- \n2.39\n\n`,
  ].join('');
}

const median = (all: readonly number[]): number => [...all].sort((one, other) => one - other)[all.length >> 1] ?? 0;

try {
  writeFileSync(rule, tables);
  writeFileSync(mailbox, eightPatches());
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
