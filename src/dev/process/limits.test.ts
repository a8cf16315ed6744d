import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { coreFiles, fixturesFolder } from '../examples/example-tree.js';
import { sample } from '../run/cases.js';
import { cli } from '../run/run-cli.js';

let top: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'limits-'));
  for (const path of coreFiles)
    cpSync(join(fixturesFolder, 'invalidate-mappings', path), join(top, 'tree', path), { recursive: true });
  cpSync(join(fixturesFolder, 'formats/stub.c'), join(top, 'tree/drivers/odd/odd.c'), { recursive: true });
});
after(() => rmSync(top, { recursive: true, force: true }));

const commands: Readonly<Record<string, readonly string[]>> = {
  scan: ['scan', 'tree'],
  baseline: ['baseline', 'tree', '--output', 'known.jsonl'],
  docs: ['docs', 'tree', '--out', 'pages'],
  matrix: ['matrix', 'tree', '--format', 'html', '--output', 'matrix.html'],
  'scan --fix-patch': ['scan', 'tree', '--fix-patch', 'fixes'],
  series: ['series', join(fixturesFolder, 'formats/series.mbox'), '--tree', 'tree'],
};

/** Limits of a shell. Node itself needs some gigabytes of addresses, and a few dozen descriptors. */
const limits: Readonly<Record<string, string>> = {
  'files that may be open': 'ulimit -n 32',
  'addresses of 4 GB': 'ulimit -v 4000000',
  'files of 4 kB': 'ulimit -f 8',
};

function run(limit: string, args: readonly string[]) {
  const env = {
    ...process.env,
    XDG_CACHE_HOME: join(top, 'cache'),
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  const script = `${limit}; exec "$@"`;
  const { status, signal, stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', process.execPath, cli, ...args], {
    cwd: top,
    env,
    encoding: 'utf8',
  });
  return { status, signal, stdout, stderr };
}

describe('a command with little', () => {
  for (const [what, limit] of Object.entries(limits))
    for (const [name, args] of Object.entries(commands))
      it(`does its work or says in lines why not: ${what}: ${name}`, sample(name === 'baseline'), () => {
        const { status, signal, stderr } = run(limit, args);
        // The kernel may end a process that writes too large a file, and the engine one that has no memory.
        if (signal === null) assert.ok([0, 1, 2, 3, 134].includes(status ?? -1), `${status}: ${stderr}`);
        if (status !== 134) assert.doesNotMatch(stderr, /^ {4}at /m);
        assert.deepEqual(
          readdirSync(top).filter((file) => /\.tmp$|^\.|^core/.test(file)),
          [],
        );
        const made = join(top, 'known.jsonl');
        if (existsSync(made)) assert.match(readFileSync(made, 'utf8'), /\}\n$/, 'whole or not at all');
      });

  const isRoot = process.getuid?.() === 0;
  it('says in one line where the tree cannot be written', {
    skip: isRoot ? 'root may write everywhere' : false,
  }, () => {
    chmodSync(join(top, 'tree'), 0o555);
    try {
      const { status, stderr } = run('true', ['baseline', 'tree']);
      assert.deepEqual([status, stderr.trimEnd().split('\n').length], [2, 1]);
    } finally {
      chmodSync(join(top, 'tree'), 0o755);
    }
  });
});
