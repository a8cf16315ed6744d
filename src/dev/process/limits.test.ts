import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type KillBench, type KillCommand, killCommands, makeBench } from '../kills/kill-bench.js';
import { halfDone, type Snapshot } from '../kills/snapshot.js';
import { everyKind, onlyInCi, sample } from '../run/cases.js';
import { cli } from '../run/run-cli.js';

const errorsModule = fileURLToPath(new URL('../../commands/cli/errors.js', import.meta.url));

let top: string;
let bench: KillBench;
let untouched: Snapshot;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'limits-'));
  bench = makeBench(top);
  untouched = bench.look();
});
beforeEach(() => bench.restore());
after(() => rmSync(top, { recursive: true, force: true }));

/** Every command, those that write among them. */
const commands: readonly KillCommand[] = [
  ...killCommands,
  { name: 'scan', args: ({ tree }) => ['scan', tree] },
  { name: 'matrix', args: ({ tree }) => ['matrix', tree] },
  { name: 'docs --check', args: ({ tree }) => ['docs', tree, '--check'] },
  { name: 'rules', args: () => ['rules'] },
  { name: 'explain', args: () => ['explain', 'pin-leak'] },
  { name: 'setup', args: () => ['setup', 'github', '--from', `https://git.example.org/lint.git#${'a'.repeat(40)}`] },
  { name: 'completion', args: () => ['completion', 'bash'] },
  { name: 'kbuild', args: ({ tree }) => ['kbuild', join(tree, 'drivers/rnic/unmarked/unmarked.c')] },
];

/** A limit of a shell, and what a command says that it does not suffice for. */
interface Limit {
  readonly what: string;
  readonly command: string;
  readonly said: RegExp;
}

/** Node itself needs some gigabytes of addresses, and some twenty descriptors. */
const limits: readonly Limit[] = [
  { what: 'files that may be open', command: 'ulimit -n 32', said: /too many (?:open )?files/ },
  { what: 'addresses of 4 GB', command: 'ulimit -v 4000000', said: /memory/ },
  { what: 'files of 4 kB', command: 'ulimit -f 8', said: /larger than allowed|too large/ },
];

function run(limit: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, signal, stdout, stderr } = spawnSync(
    'sh',
    ['-c', `${limit}; exec "$@"`, 'sh', process.execPath, cli, ...args],
    { cwd: top, env: { ...bench.env, ...env }, encoding: 'utf8' },
  );
  return { status, signal, stdout, stderr };
}

/** The lines in which the program complains; it also says in lines what it did. */
const complaints = (stderr: string): readonly string[] =>
  stderr.split('\n').filter((line) => /^dmabuf-lint: |^ {4}at |^node:|Error:/.test(line));

/** In CI some commands are tried with one limit, and all with all of them where `DMABUF_LINT_LIMITS` is `all`. */
function chosen(name: string, row: number, column: number): { readonly skip?: false | string } {
  if (process.env['DMABUF_LINT_LIMITS'] === 'all' || (name === 'baseline' && (everyKind || row === 0))) return {};
  return (row + column) % limits.length === 0 ? sample(false) : { skip: 'only with DMABUF_LINT_LIMITS=all' };
}

describe('a command with little', () => {
  for (const [row, { what, command, said }] of limits.entries())
    for (const [column, { name, args }] of commands.entries())
      it(`does its work or says in one line why not: ${what}: ${name}`, chosen(name, row, column), () => {
        const { status, signal, stderr } = run(command, args(bench));
        // The engine aborts where it gets no memory: a process that cannot run can say nothing of its own.
        if (signal !== null || status === 134) {
          assert.equal(command, 'ulimit -v 4000000');
          return;
        }
        const told = complaints(stderr);
        assert.ok(told.length <= 1, stderr);
        for (const line of told) assert.match(line, said);
        // A build goes on whatever kbuild meets: its exit code is always 0.
        if (name === 'kbuild') assert.equal(status, 0, stderr);
        else
          assert.ok(
            told.length === 1 ? status === 2 || status === 3 : status === 0 || status === 1,
            `${status}: ${stderr}`,
          );
        // Nothing is written where something cannot be, and no temporary file stays.
        const found = bench.look();
        assert.deepEqual(
          [...found.keys()].filter((path) => /\.tmp$/.test(path)),
          [],
        );
        if (told.length === 1) assert.deepEqual(halfDone(found, untouched, untouched), []);
      });
});

/** Tells of a package that Node's loader does not find, while no further file can be opened. */
const loaderFails = `
import { openSync } from 'node:fs';
import { reportError } from ${JSON.stringify(String(pathToFileURL(errorsModule)))};
const terminal = { writeError: (text) => process.stderr.write(text) };
const missing = Object.assign(new Error("Cannot find package 'x'"), { code: 'ERR_MODULE_NOT_FOUND' });
reportError(missing, { env: {}, terminal });
try { for (;;) openSync('/', 'r'); } catch {}
process.exitCode = reportError(missing, { env: {}, terminal });
`;

describe('a package that cannot be found', () => {
  // The loader takes a package.json that it cannot open for none.
  it('is a shortage of descriptors where no file can be opened, and a defect of the program else', () => {
    const script = join(top, 'loader-fails.mjs');
    writeFileSync(script, loaderFails);
    const { status, stderr } = spawnSync('sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, script], {
      encoding: 'utf8',
    });
    assert.match(
      stderr,
      /^dmabuf-lint: internal error: Cannot find package 'x' .*\ndmabuf-lint: too many files are open; let a process open more \(ulimit -n\): Cannot find package 'x'\n$/,
    );
    assert.equal(status, 3);
  });
});

const isRoot = process.getuid?.() === 0;
/** Loaded before the program: root may write everywhere, so it becomes nobody. */
const nobody = 'if (process.getuid() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534); }\n';

/** Whether everybody may go into a folder, and into all that it lies in. */
function isOpen(folder: string): boolean {
  return (statSync(folder).mode & 5) === 5 && (folder === dirname(folder) || isOpen(dirname(folder)));
}

describe('a tree that cannot be written', {
  skip: isOpen(dirname(cli)) ? false : 'nobody may not run the program',
}, () => {
  const writing: Readonly<Record<string, (tree: string) => readonly string[]>> = {
    baseline: (tree) => ['baseline', tree],
    'scan --fix': (tree) => ['scan', tree, '--fix'],
    'docs --write': (tree) => ['docs', tree, '--write'],
    'docs --out': (tree) => ['docs', tree, '--out', join(tree, 'docs')],
    'scan --output': (tree) => ['scan', tree, '--output', `json=${join(tree, 'a.json')}`],
    'matrix --output': (tree) => ['matrix', tree, '--format', 'html', '--output', join(tree, 'a.html')],
    'scan --fix-patch': (tree) => ['scan', tree, '--fix-patch', join(tree, 'fixes')],
  };

  for (const [name, args] of Object.entries(writing))
    it(`is told in one line, and stays as it is: ${name}`, name === 'docs --write' ? onlyInCi : sample(false), () => {
      const preload = join(top, 'nobody.mjs');
      writeFileSync(preload, nobody);
      const others = { XDG_CACHE_HOME: join(top, 'none'), TMPDIR: join(top, 'open') };
      mkdirSync(others.TMPDIR, { recursive: true });
      for (const folder of [top, others.TMPDIR]) chmodSync(folder, folder === top ? 0o755 : 0o1777);
      // Who is not root does not own the files either: then only the folders matter.
      const folders = ['', 'include/linux', 'drivers/dma-buf', 'drivers/rnic/unmarked'].map((each) =>
        join(bench.tree, each),
      );
      for (const folder of folders) chmodSync(folder, 0o555);
      try {
        // Nobody trusts a repository of root only where told to.
        const trusts = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };
        const env = isRoot ? { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}`, ...trusts } : {};
        const { status, stderr } = run('true', args(bench.tree), { ...others, ...env });
        const told = complaints(stderr);
        if (name === 'scan --fix') {
          // It goes on with what else can be fixed.
          assert.deepEqual([status, told], [1, []]);
          assert.match(stderr, /^\S+: not fixed: \S+ is not writable \[/);
        } else {
          assert.deepEqual([status, told.length], [2, 1], stderr);
          assert.match(told[0] ?? '', /permission denied/);
        }
        assert.deepEqual(halfDone(bench.look(), untouched, untouched), []);
      } finally {
        for (const folder of folders) chmodSync(folder, 0o755);
      }
    });
});
