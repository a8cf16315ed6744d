import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernelTree } from '../kernels/kernel-cache.js';
import { cli } from '../run/run-cli.js';
import { wholeNumber } from '../scripts/user-errors.js';
import { editedTree } from './edited-tree.js';
import { peakMemory } from './process-memory.js';

// `npm run bench [-- <version> [times]]`: a scan of a kernel tree beside what one would use instead, in turns, so that
// whatever else the machine does meets all alike. A turn before fills the page cache and what we keep; memory, of all
// processes of a command together, is measured in one of its own.
const tree = kernelTree(process.argv[2] ?? '7.x');
const times = wholeNumber(process.argv[3] ?? '7', 'number of runs');
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
// What is kept is ours alone.
process.env['XDG_CACHE_HOME'] = join(scratch, 'cache');

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
  /** Where it runs; in the kernel if missing. */
  readonly folder?: string;
  /** What is done before each run, and takes no part in its time. */
  readonly prepare?: () => void;
}

const rule = join(scratch, 'tables.cocci');
const mailboxes = { one: join(scratch, 'one.mbox'), many: join(scratch, 'many.mbox') };
/** A kernel in the cache is not edited, but a copy of it. */
const edited = editedTree(tree, join(scratch, 'linux'));
const afterEdit = {
  command: [process.execPath, cli, 'scan', '.', '--format', 'json'],
  times,
  folder: edited.folder,
};
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
    name: 'dmabuf-lint scan of one driver, nothing known',
    command: [process.execPath, cli, 'scan', 'drivers/infiniband/hw/efa', '--format', 'json', '--no-cache'],
    times,
  },
  { name: 'dmabuf-lint scan, a function added to a driver', ...afterEdit, prepare: edited.addFunction },
  { name: 'dmabuf-lint scan, a line added above a driver', ...afterEdit, prepare: edited.addLine },
  { name: 'dmabuf-lint scan, a file edited that is only searched', ...afterEdit, prepare: edited.editElsewhere },
  {
    name: 'dmabuf-lint scan, nothing changed',
    command: [process.execPath, cli, 'scan', '.', '--format', 'json'],
    times,
  },
  {
    name: 'dmabuf-lint series, 8 patches to one driver, nothing known',
    command: [process.execPath, cli, 'series', mailboxes.one, '--tree', '.', '--no-cache'],
    times: Math.min(times, 3),
  },
  {
    name: 'dmabuf-lint series, 8 patches to 8 modules and the core, nothing known',
    command: [process.execPath, cli, 'series', mailboxes.many, '--tree', '.', '--no-cache'],
    times: Math.min(times, 3),
  },
  {
    name: 'the same with --whole',
    command: [process.execPath, cli, 'series', mailboxes.many, '--tree', '.', '--no-cache', '--whole'],
    times: Math.min(times, 3),
  },
  {
    name: 'dmabuf-lint series, 8 patches, judged before',
    command: [process.execPath, cli, 'series', mailboxes.many, '--tree', '.'],
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

/** How many seconds it takes. */
function measure({ command, folder = tree, prepare }: Contender): number {
  const [program = '', ...args] = command;
  prepare?.();
  const started = performance.now();
  const { error, status, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  // A scan that finds something exits with 1.
  if (error || status === null || status > 1) throw new Error(`${command[0]}: ${error?.message ?? stderr.slice(-500)}`);
  return (performance.now() - started) / 1000;
}

/** Patches that each add a function at the end of one of the files which use the API. */
function toManyModules(): string {
  const listed = spawnSync('git', ['grep', '--no-index', '-l', 'dma_buf_attach(', '--', 'drivers/*.c'], {
    cwd: tree,
    encoding: 'utf8',
  });
  const files = (listed.stdout ?? '').trim().split('\n').sort().slice(0, 8);
  if (files.length < 8) throw new Error(`${tree}: fewer than 8 files to patch`);
  return files.map((path, index) => patchOf(path, linesOf(path), index + 1)).join('');
}

/** Patches that each add a function at the end of one file. */
function toOneDriver(): string {
  const path = 'drivers/infiniband/hw/efa/efa_verbs.c';
  const lines = [...linesOf(path)];
  return Array.from({ length: 8 }, (_, index) => {
    const patch = patchOf(path, lines, index + 1);
    lines.push(...addedLines(index + 1));
    return patch;
  }).join('');
}

const linesOf = (path: string): readonly string[] =>
  readFileSync(join(tree, path), 'utf8').replace(/\n$/, '').split('\n');

const addedLines = (number: number): readonly string[] => [
  '',
  `int bench_${number}(struct dma_buf_attachment *attach)`,
  '{',
  '\treturn dma_buf_pin(attach);',
  '}',
];

function patchOf(path: string, lines: readonly string[], number: number): string {
  const last = lines
    .slice(-3)
    .map((line) => ` ${line}\n`)
    .join('');
  const added = addedLines(number)
    .map((line) => `+${line}\n`)
    .join('');
  return [
    `From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n`,
    `From: A Developer <a@example.org>\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n`,
    `Subject: [PATCH ${number}/8] bench: function ${number}\n\n---\n`,
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n`,
    `@@ -${lines.length - 2},3 +${lines.length - 2},8 @@\n${last}${added}-- \n2.39\n\n`,
  ].join('');
}

const median = (all: readonly number[]): number => [...all].sort((one, other) => one - other)[all.length >> 1] ?? 0;

/** Whether a program can be started. One that is not installed is named, and left out. */
function isInstalled({ name, command: [program = ''] }: Contender): boolean {
  const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' });
  if (error) process.stderr.write(`left out, since ${program} is not installed: ${name}\n`);
  return error === undefined;
}

try {
  writeFileSync(rule, tables);
  writeFileSync(mailboxes.one, toOneDriver());
  writeFileSync(mailboxes.many, toManyModules());
  const memory = new Map<Contender, number>();
  const present = contenders.filter(isInstalled);
  for (const contender of present) {
    measure(contender);
    contender.prepare?.();
    memory.set(contender, await peakMemory(contender.command, contender.folder ?? tree));
  }
  const results = new Map<Contender, number[]>(present.map((contender) => [contender, []]));
  for (let turn = 1; turn <= times; turn++)
    for (const contender of present) if (turn <= contender.times) results.get(contender)?.push(measure(contender));
  const floor = median([...results.values()][0] ?? []);
  const yardstick = present[0]?.name ?? 'nothing';
  process.stdout.write(
    `| what | seconds | times ${yardstick} | memory in MB | runs |\n| --- | --- | --- | --- | --- |\n`,
  );
  for (const [contender, all] of results) {
    const seconds = median(all);
    const megabytes = (memory.get(contender) ?? 0).toFixed(0);
    process.stdout.write(
      `| ${contender.name} | ${seconds.toFixed(2)} | ${(seconds / floor).toFixed(1)} | ${megabytes} | ${all.length} |\n`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true });
}
