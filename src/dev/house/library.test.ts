import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { matrix, type ScanResult, scan, series, UserError } from 'dmabuf-lint';
import { copyFixture, fixturesFolder } from '../examples/example-tree.js';
import { type Ran, run } from '../examples/run-command.js';

const package_ = fileURLToPath(new URL('../../../..', import.meta.url));
/** Parts of two fixture trees, below `top`. */
let trees: { readonly one: string; readonly other: string };
let top: string;
let env: NodeJS.ProcessEnv;
before(() => {
  top = mkdtempSync(join(tmpdir(), 'library-'));
  trees = { one: join(top, 'move-notify'), other: join(top, 'invalidate-mappings') };
  copyFixture('move-notify', trees.one, ['drivers/misc/flagonly', 'drivers/misc/revokeopen']);
  copyFixture('invalidate-mappings', trees.other, ['drivers/misc/nopin', 'drivers/misc/revocable', 'drivers/gpu/ext']);
  env = { ...process.env, XDG_CACHE_HOME: join(top, 'cache') };
});
after(() => rmSync(top, { recursive: true }));

/** A result without what differs from run to run. */
function settled(result: ScanResult): unknown {
  return { ...result, stats: { ...result.stats, milliseconds: 0 } };
}

describe('the library', () => {
  it('gives what the command line prints as JSON', async () => {
    const printed = async (...args: readonly string[]): Promise<unknown> =>
      JSON.parse((await run([...args, '--format', 'json'])).stdout);
    const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    const scanned = (await printed('scan', trees.one)) as ScanResult;
    assert.deepEqual(asJson(settled(await scan({ tree: trees.one, env }))), settled(scanned));
    assert.deepEqual(asJson(await matrix({ tree: trees.other, env })), await printed('matrix', trees.other));
    const mails = join(fixturesFolder, 'formats/series.mbox');
    const judged = await printed('series', mails, '--tree', trees.other);
    assert.deepEqual(asJson(await series({ tree: trees.other, series: mails, env })), judged);
    assert.deepEqual(asJson(await series({ tree: trees.other, mail: readFileSync(mails), env })), judged);
  });

  it('does several things at the same time, each as if it were alone', async () => {
    const one = () => scan({ tree: trees.one, env, cache: false });
    const other = () => scan({ tree: trees.other, env, cache: false });
    const table = () => matrix({ tree: trees.other, env });
    const alone = [settled(await one()), settled(await other()), await table()];
    const [first, second, third] = await Promise.all([one(), other(), table()]);
    assert.deepEqual([settled(first), settled(second), third], alone);
    assert.ok(first.findings.length > 0 && second.findings.length > 0);
    assert.notDeepEqual(first.importers, second.importers);
  });

  it('resolves paths against the folder that it is told', async () => {
    const inFolder = await scan({ tree: 'move-notify', cwd: top, env });
    assert.deepEqual(settled(inFolder), settled(await scan({ tree: trees.one, env })));
  });

  it('refuses in one line what cannot be meant', async () => {
    const refused = async (work: Promise<unknown>, message: RegExp): Promise<void> => {
      const error = await work.then(
        () => assert.fail('nothing is refused'),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
    };
    await refused(scan({ tree: 'none', cwd: top, env }), /^none: no such folder; name the top of a kernel tree$/);
    await refused(scan({ tree: trees.one, config: 'none.json', cwd: top, env }), /^none\.json: cannot be read$/);
    await refused(series({ tree: trees.one, mail: 'no mail', env }), /^-: /);
    await refused(matrix({ tree: trees.one, against: 'no-such-revision', env }), /^--against no-such-revision: /);
  });
});

describe('commands in one process', () => {
  it('run at the same time, and each prints what it prints alone', async () => {
    const commands = [
      ['scan', trees.one, '--format', 'gcc', '--no-cache'],
      ['scan', 'invalidate-mappings', '--format', 'checkpatch', '--no-cache'],
      ['matrix', trees.other],
      ['scan', 'none'],
    ];
    const alone: Ran[] = [];
    for (const args of commands) alone.push(await run(args, { cwd: top }));
    const withoutTime = ({ stderr, ...rest }: Ran) => ({
      ...rest,
      stderr: stderr.replace(/\d+\.\d+ s\)/, ''),
    });
    const together = await Promise.all(commands.map((args) => run(args, { cwd: top })));
    assert.deepEqual(together.map(withoutTime), alone.map(withoutTime));
    assert.deepEqual(
      alone.map(({ code }) => code),
      [1, 1, 0, 2],
    );
  });

  it('count their own time each', async () => {
    const profiled = ['scan', trees.one, '--no-cache', '--profile'];
    const [one, other, silent] = await Promise.all([
      run(profiled),
      run(['matrix', trees.other, '--profile']),
      run(['scan', trees.other, '--no-cache', '--format', 'checkpatch']),
    ]);
    for (const { stderr } of [one, other]) assert.match(stderr, /^in all +\d+ ms 100 %$/m);
    assert.match(one.stderr, /^search +\d+ ms/m);
    assert.equal(silent.stderr, '');
  });
});

/** Runs a module in a process of its own, in the package's folder, from where it can import the package by its name. */
async function runModule(text: string) {
  return await promisify(execFile)(process.execPath, ['--input-type=module', '-e', text], {
    cwd: package_,
    env: { ...env },
    encoding: 'utf8',
  });
}

describe('a script', () => {
  it('may call itself what it likes', async () => {
    const { stdout, stderr } = await runModule(`
      process.argv = ['/none/node', '/none/script.js', 'scan', '/dev/fd/9', '-', '--clientProcessId'];
      const { matrix, scan } = await import('dmabuf-lint');
      const trees = ${JSON.stringify(Object.values(trees))};
      const results = await Promise.all(trees.map((tree) => scan({ tree, cache: false })));
      const { cells } = await matrix({ tree: trees[1] });
      console.log(JSON.stringify([...results.map(({ notAnalysed }) => notAnalysed.length), cells.length > 0]));
    `);
    assert.deepEqual([JSON.parse(stdout), stderr], [[0, 0, true], '']);
  });

  it('as README.md shows it works', async () => {
    const readme = readFileSync(join(package_, 'README.md'), 'utf8');
    const [, example = ''] = /```js\n(import \{[^}]*\} from 'dmabuf-lint';[\s\S]*?)```/.exec(readme) ?? [];
    assert.notEqual(example, '');
    const { stdout, stderr } = await runModule(example);
    assert.equal(stderr, '');
    const shown = /```console\n\$ node example\.mjs\n([\s\S]*?)```/.exec(readme)?.[1];
    assert.equal(stdout, shown);
  });
});
