import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { run as runCommand } from '../../dev/examples/run-command.js';

const path = 'drivers/odd/odd.c';
const finding = `${path}:15 pinned-importer-unmarked`;
/** An importer that does nothing when it is invalidated: an error of `pinned-importer-unmarked`. */
const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8');
const good = stub.replace(/\t\.invalidate_mappings.*\n/, '');
const unparsable =
  'int odd_gap(struct dma_buf_attachment *attach)\n{\n\tif (dma_buf_pin(attach))\n\t\treturn 1;\n\t@ @ @;\n}\n';

let top: string;
let linux: ExampleRepository;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'side-'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  linux.write(path, good);
  linux.commit('odd: import buffers');
  linux.git('tag', 'clean');
  linux.write(path, stub);
  linux.commit('odd: follow nothing');
  linux.git('tag', 'bad');
});
after(() => rmSync(top, { recursive: true }));
beforeEach(() => {
  linux.git('sparse-checkout', 'disable');
  linux.git('checkout', '--quiet', '--force', '--detach', 'clean');
  linux.git('clean', '--quiet', '-fdx');
});

interface Result {
  readonly code: number;
  readonly told: readonly string[];
  readonly importers: number;
  readonly fixed: number;
}

async function scan(args: readonly string[], cwd = linux.folder): Promise<Result> {
  const { code, stdout, stderr } = await runCommand(['scan', '.', '--format', 'json', ...args], { cwd });
  assert.notEqual(stdout, '', stderr);
  const { findings, importers, fixed = [] } = JSON.parse(stdout);
  const told = findings.map(({ rule, file, line }: Record<string, string>) => `${file}:${line} ${rule}`);
  return { code, told, importers: importers.length, fixed: fixed.length };
}

describe('scan --revision', () => {
  it('judges a revision that is not checked out', async () => {
    assert.deepEqual((await scan(['--revision', 'bad'])).told, [finding]);
    assert.deepEqual((await scan(['--revision', 'clean'])).told, []);
    assert.deepEqual((await scan(['--revision', 'bad', '--since', 'clean'])).told, [finding]);
    assert.deepEqual((await scan(['--revision', 'clean', '--since', 'bad'])).fixed, 1);
    assert.equal(linux.git('status', '--porcelain'), '');
  });

  it('judges one of a bare repository', async () => {
    const bare = join(top, 'linux.git');
    linux.git('clone', '--quiet', '--bare', linux.folder, bare);
    assert.deepEqual((await scan(['--revision', 'bad'], bare)).told, [finding]);
    assert.deepEqual((await scan(['--revision', 'bad', '--since', 'clean'], bare)).told, [finding]);
    const { stdout } = await runCommand(['matrix', bare, '--revision', 'bad', '--format', 'json']);
    assert.match(stdout, /"odd_ops"/);
  });

  it('says of one revision after another what it says without what earlier scans kept', async () => {
    const bare = join(top, 'kept.git');
    linux.git('clone', '--quiet', '--bare', linux.folder, bare);
    const cache = { XDG_CACHE_HOME: join(top, 'kept') };
    const json = async (revision: string, cwd: string, ...args: readonly string[]): Promise<string> => {
      const asked = ['scan', '.', '--format', 'json', '--revision', revision, ...args];
      const { stdout } = await runCommand(asked, { cwd, env: cache });
      return stdout.replace(/"milliseconds":\s*\d+/, '');
    };
    for (const cwd of [bare, linux.folder])
      for (const revision of ['bad', 'clean', 'bad~1', 'bad', 'bad^{tree}'])
        assert.equal(await json(revision, cwd), await json(revision, cwd, '--no-cache'), `${revision} in ${cwd}`);
  });

  it('takes configuration and baseline from the revision', async () => {
    linux.git('checkout', '--quiet', '--detach', 'bad');
    linux.write('dmabuf-lint.json', '{ "exclude": ["drivers/odd"] }');
    assert.deepEqual((await scan(['--revision', 'HEAD'])).told, [finding]);
    linux.commit('odd: leave it out');
    assert.deepEqual((await scan(['--revision', 'HEAD'])).told, []);
    assert.deepEqual((await scan(['--revision', 'HEAD~1'])).told, [finding]);
  });

  it('refuses what it cannot do, in one line', async () => {
    const refused = async (args: readonly string[], message: RegExp) => {
      const { code, stdout, stderr } = await runCommand(['scan', ...args], { cwd: linux.folder });
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
      assert.match(stderr, /^[^\n]+\n$/);
    };
    await refused(['--revision', 'nosuch'], /nosuch: no such revision/);
    await refused(['--revision', 'bad', '--staged'], /--staged and --revision exclude each other/);
    await refused(['--revision', 'bad', '--fix'], /only the files of a work tree can be fixed/);
    await refused(['--revision', 'bad', top], /is not a git repository/);
  });
});

describe('scan --staged', () => {
  it('judges what is staged, not the work tree', async () => {
    linux.write(path, stub);
    linux.git('add', path);
    linux.write(path, good);
    assert.deepEqual((await scan(['--staged'])).told, [finding]);
    assert.deepEqual((await scan(['--staged', '--since', 'HEAD'])).told, [finding]);
    assert.deepEqual((await scan(['--since', 'HEAD'])).told, []);
    linux.git('add', path);
    linux.write(path, stub);
    linux.write('drivers/odd/even.c', stub.replaceAll('odd_', 'even_'));
    assert.deepEqual((await scan(['--staged', '--since', 'HEAD'])).told, []);
  });

  it('does not count what the staged change says of itself', async () => {
    linux.write(path, stub);
    linux.write('dmabuf-lint.json', '{ "exclude": ["drivers/odd"] }');
    linux.git('add', '--all');
    rmSync(join(linux.folder, 'dmabuf-lint.json'));
    const told = ['dmabuf-lint.json:1 suppression-added', finding];
    assert.deepEqual((await scan(['--staged', '--since', 'HEAD'])).told, told);
  });
});

describe('a sparse checkout', () => {
  it('is judged whole: what is not checked out is read from git', async () => {
    linux.git('checkout', '--quiet', '--detach', 'bad');
    const whole = await scan([]);
    assert.deepEqual(whole.told, [finding]);
    linux.git('sparse-checkout', 'set', '--no-cone', '/*', '!/drivers');
    assert.deepEqual(await scan([]), whole);
    assert.deepEqual(await scan(['--since', 'HEAD']), { ...whole, code: 0, told: [] });
    assert.deepEqual((await scan(['--since', 'clean'])).told, [finding]);
    const { stderr } = await runCommand(['scan', '--fix'], { cwd: linux.folder });
    assert.match(stderr, /odd\.c:15: not fixed: /);
  });

  it('is read from git also where only a part of it is named', async () => {
    linux.git('checkout', '--quiet', '--detach', 'bad');
    linux.git('sparse-checkout', 'set', '--no-cone', '/*', '!/drivers/odd');
    const { stdout } = await runCommand(['scan', 'drivers', '--format', 'gcc'], { cwd: linux.folder });
    assert.match(stdout, /^drivers\/odd\/odd\.c:15:/m);
  });
});

describe('what cannot be analysed', () => {
  it('is told of a change only if the change brings it', async () => {
    linux.write('drivers/odd/gap.c', unparsable);
    linux.commit('odd: a gap');
    linux.write('drivers/odd/other.c', 'int other;\n');
    const old = await runCommand(['scan', '.', '--since', 'HEAD', '--strict'], { cwd: linux.folder });
    assert.deepEqual([old.code, old.stdout], [0, '']);
    assert.match(old.stderr, /; 0 more not analysed \([12] as before\) /);
    const { stdout, code } = await runCommand(['scan', '.', '--since', 'clean', '--strict'], { cwd: linux.folder });
    assert.match(stdout, /^drivers\/odd\/gap\.c:\d+:1: note: not analysed/m);
    assert.equal(code, 3);
  });
});
