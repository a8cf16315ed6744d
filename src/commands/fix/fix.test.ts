import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { copyFixture } from '../../dev/examples/example-tree.js';
import { run } from '../../dev/examples/run-command.js';

const unmarked = 'drivers/rnic/unmarked/unmarked.c';
const wrong = 'drivers/rnic/wrongmark/wrongmark.c';
/** The drivers in which something is found. */
const drivers = ['misc/asknobody', 'misc/refuseall', 'rnic/unmarked', 'rnic/unpinned', 'rnic/wrongmark'].map(
  (name) => `drivers/${name}`,
);
const fixable = ['drivers/misc/asknobody/asknobody.c', unmarked, wrong];
const identity = { GIT_COMMITTER_NAME: 'A Developer', GIT_COMMITTER_EMAIL: 'dev@example.org' };
const noIdentity = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', EMAIL: '' };

let top: string;
let tree: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'fix-'));
  tree = join(top, 'tree');
  copyFixture('marker-field', tree, drivers);
});
afterEach(() => rmSync(top, { recursive: true }));

const scan = (args: readonly string[], environment: Readonly<Record<string, string>> = identity) =>
  run(['scan', tree, ...args], {
    cwd: top,
    env: { ...noIdentity, XDG_CACHE_HOME: join(top, 'cache'), ...environment },
  });

function git(...args: readonly string[]): string {
  const settings = ['-c', 'user.name=A Developer', '-c', 'user.email=dev@example.org', '-c', 'commit.gpgSign=false'];
  const env = { ...process.env, ...noIdentity };
  return execFileSync('git', [...settings, ...args], { cwd: tree, stdio: 'pipe', env, encoding: 'utf8' });
}

function commitAll(subject: string): void {
  if (!existsSync(join(tree, '.git'))) git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', subject);
}

const read = (path: string): string => readFileSync(join(tree, path), 'latin1');

function edit(path: string, change: (text: string) => string): void {
  const text = read(path);
  assert.notEqual(change(text), text);
  writeFileSync(join(tree, path), change(text), 'latin1');
}

/** Another importer in a file, with the defect of the first. */
function addImporter(path: string): void {
  edit(path, (text) => `${text}\n${text.replace(/#include.*\n/g, '').replaceAll('unmk', 'seed')}`);
}

const lastOf = (text: string): string => text.trim().split('\n').at(-1) ?? '';

describe('scan --fix', () => {
  it('changes the tree where that is sure, and tells what is left', async () => {
    const { code, stdout, stderr } = await scan(['--fix', '--format', 'json']);
    assert.equal(code, 1);
    assert.deepEqual(
      stderr
        .split('\n')
        .filter((line) => / fixed: /.test(line) && !/ not fixed: /.test(line))
        .map((line) => line.replace(/:.*/, '')),
      fixable,
    );
    assert.match(stderr, /\n3 fixed, 2 not fixed\n$/);
    assert.match(stderr, /unpinned\.c:\d+: not fixed: \S[^\n]* \[stub-callback\]\n/);
    assert.match(stderr, /refuseall\.c:\d+: not fixed: \S[^\n]* \[pin-refuses-all\]\n/);
    const left: readonly { readonly rule: string }[] = JSON.parse(stdout).findings;
    assert.deepEqual(left.map(({ rule }) => rule).sort(), ['pin-refuses-all', 'stub-callback']);
    assert.match(read(unmarked), /\n\t\.cannot_revoke = true,\n\};/);
    assert.match(read(wrong), /\.cannot_revoke = true,/);
    const again = await scan(['--fix', '--format', 'json']);
    assert.equal(lastOf(again.stderr), '0 fixed, 2 not fixed');
    assert.deepEqual(JSON.parse(again.stdout).findings, left);
  });

  it('keeps line ends and permissions, and leaves no file beside', async () => {
    edit(unmarked, (text) => text.replaceAll('\n', '\r\n'));
    chmodSync(join(tree, unmarked), 0o640);
    await scan(['--fix']);
    assert.match(read(unmarked), /\.cannot_revoke = true,\r\n/);
    assert.doesNotMatch(read(unmarked), /[^\r]\n/);
    assert.equal(statSync(join(tree, unmarked)).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(dirname(join(tree, unmarked))), ['unmarked.c']);
  });

  it('fixes only what is new with a baseline, and since a revision', async () => {
    await run(['baseline', tree, '--output', join(top, 'known.jsonl')]);
    commitAll('base');
    for (const option of [
      ['--baseline', join(top, 'known.jsonl')],
      ['--since', 'HEAD'],
    ]) {
      addImporter(unmarked);
      const { code, stdout, stderr } = await scan(['--fix', '--format', 'json', ...option]);
      assert.equal(code, 0, stderr);
      assert.equal(lastOf(stderr), '1 fixed, 0 not fixed');
      assert.deepEqual(JSON.parse(stdout).findings, []);
      assert.equal(JSON.parse(stdout).unchanged, 5);
      assert.match(git('diff', '--stat'), /^ drivers\/rnic\/unmarked\/unmarked\.c [^\n]*\n 1 file changed/);
      assert.equal(read(unmarked).match(/cannot_revoke = true/g)?.length, 1);
      git('checkout', '-q', '.');
    }
  });

  it('leaves alone what is not in UTF-8, and says so', async () => {
    edit(unmarked, (text) => `${text}/* caf\xe9 */\n`);
    const before = read(unmarked);
    const { stderr } = await scan(['--fix']);
    assert.match(stderr, /unmarked\.c:16: not fixed: \S+unmarked\.c is not plain UTF-8 \[/);
    assert.match(stderr, /\n2 fixed, 3 not fixed\n/);
    assert.equal(read(unmarked), before);
  });

  it('changes nothing where one file cannot be written', async () => {
    // So deep that there is no room for the temporary name, which root cannot help either.
    const most = 4090 - tree.length;
    let path = 'drivers/rnic/unmarked';
    while (path.length + 240 < most) path += `/${'x'.repeat(200)}`;
    path += `/${'y'.repeat(most - path.length - '/x.c'.length - 1)}/x.c`;
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    renameSync(join(tree, unmarked), join(tree, path));
    const before = [fixable[0] ?? '', path, wrong].map(read);
    const { code, stdout, stderr } = await scan(['--fix']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^dmabuf-lint: [^\n]*x\.c: cannot be written: the name is too long\n$/);
    assert.deepEqual([fixable[0] ?? '', path, wrong].map(read), before);
  });

  it('leaves a read-only file alone', { skip: process.getuid?.() === 0 && 'root writes every file' }, async () => {
    chmodSync(join(tree, unmarked), 0o444);
    assert.match((await scan(['--fix'])).stderr, /unmarked\.c is not writable \[/);
  });

  it('excludes --fix-patch', async () => {
    const { code, stderr } = await scan(['--fix', '--fix-patch', 'out']);
    assert.equal(code, 2);
    assert.match(stderr, /--fix and --fix-patch exclude each other/);
  });
});

describe('scan --fix-patch', () => {
  const out = (): string => join(top, 'out');

  it('writes a folder of patches that git am takes, with the prefix of the history', async () => {
    commitAll('Linux 7.1');
    edit(unmarked, (text) => `\n${text}`);
    commitAll('RDMA/unmk: Move down');
    const { code, stderr } = await scan(['--fix-patch', 'out']);
    assert.equal(code, 1);
    assert.match(stderr, /\n3 fixed by a patch, 2 not fixed\n3 patches; to apply: git am out\/\*\.patch\n/);
    assert.equal(git('status', '--porcelain'), '');
    const names = readdirSync(out()).sort();
    assert.deepEqual(names, [
      '0001-asknobody-refuse-importers-that-are-not-revocable.patch',
      '0002-RDMA-unmk-mark-unmk_ops-as-not-revocable.patch',
      '0003-wrongmark-mark-wrmk_ops-as-not-revocable.patch',
    ]);
    const text = readFileSync(join(out(), names[1] ?? ''), 'utf8');
    assert.match(text, /\nFrom: A Developer <dev@example\.org>\n/);
    assert.match(
      text,
      /\n\nFound by dmabuf-lint \(pinned-importer-unmarked\), generated by\n"dmabuf-lint scan --fix-patch"\.\n---\n/,
    );
    assert.doesNotMatch(text, /^Fixes:/m);
    git('am', '-q', ...names.map((name) => join(out(), name)));
    assert.equal((await scan(['--fix-patch', 'none'])).stderr.split('\n')[3], 'no fix is certain: no patches');
    assert.ok(!existsSync(join(top, 'none')));
  });

  it('signs patches off only where that is asked for', async () => {
    const signed = /\n---\n/g;
    const unsigned = (await scan(['--fix-patch'], identity)).stdout;
    assert.ok(unsigned.match(signed) && !unsigned.includes('Signed-off-by:'));
    const { stdout } = await scan(['--fix-patch', '--signoff'], identity);
    const trailers = stdout.match(/^\nSigned-off-by: A Developer <dev@example\.org>\n---$/gm);
    assert.equal(trailers?.length, unsigned.match(signed)?.length);
    const { code, stderr } = await scan(['--signoff']);
    assert.deepEqual([code, stderr], [2, 'dmabuf-lint: --signoff is for the patches of --fix-patch\n']);
  });

  it('works without git in the tree, to a mailbox or standard output', async () => {
    const environment = { ...identity, SOURCE_DATE_EPOCH: '1700000000' };
    const printed = await scan(['--fix-patch'], environment);
    assert.equal((await scan(['--fix-patch', '-'], environment)).stdout, printed.stdout);
    assert.match(printed.stdout, /^From 0{40} /);
    assert.match(printed.stderr, /\n3 patches; to apply: git am\n/);
    assert.match(
      (await scan(['--fix-patch', 'all.mbox'], environment)).stderr,
      /\n3 patches; to apply: git am all\.mbox\n/,
    );
    assert.equal(readFileSync(join(top, 'all.mbox'), 'utf8'), printed.stdout);
    commitAll('base');
    git('am', '-q', join(top, 'all.mbox'));
    assert.equal(lastOf(git('log', '--format=%s')), 'base');
  });

  it('tells what is on disk, where nothing has changed, also since a revision', async () => {
    commitAll('base');
    addImporter(unmarked);
    commitAll('another importer');
    const plain = await scan(['--since', 'HEAD~1', '--format', 'json']);
    const { code, stdout, stderr } = await scan(['--since', 'HEAD~1', '--format', 'json', '--fix-patch', 'out']);
    assert.equal(code, 1);
    assert.match(stderr, /^\S+unmarked\.c:\d+: fixed by a patch: [^\n]*\n1 fixed by a patch, 0 not fixed\n1 patch;/);
    const { findings, unchanged, importers } = JSON.parse(stdout);
    const before = JSON.parse(plain.stdout);
    assert.deepEqual([findings, unchanged, importers], [before.findings, before.unchanged, before.importers]);
    assert.equal(findings.length, 1);
    // The history shows which commit brought it in: the patch says so, and so does a mail.
    const fixes = `Fixes: ${git('log', '-1', '--abbrev=12', '--format=%h ("%s")').trim()}`;
    const [name = ''] = readdirSync(out());
    assert.ok(readFileSync(join(out(), name), 'utf8').includes(`\n\n${fixes}\n---\n`));
    const mail = await scan(['--since', 'HEAD~1', '--format', 'mail']);
    assert.ok(mail.stdout.includes(`\n\n${fixes}\n`));
  });

  it('leaves out a file that has changes which are not committed', async () => {
    commitAll('base');
    edit(unmarked, (text) => `${text}\n`);
    const { stderr } = await scan(['--fix-patch', 'out']);
    assert.match(
      stderr,
      /unmarked\.c:16: not fixed: \S+ has changes that are not committed, [^\n]*; commit them first \[/,
    );
    assert.match(stderr, /\n2 fixed by a patch, 3 not fixed\n2 patches;/);
    git('am', '-q', ...readdirSync(out()).map((name) => join(out(), name)));
  });

  it('refuses a folder with other patches, a path that is none, and a user without a name', async () => {
    const refused = async (path: string, message: RegExp, environment = {}): Promise<void> => {
      const { code, stdout, stderr } = await scan(['--fix-patch', path], environment);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    };
    mkdirSync(out());
    writeFileSync(join(out(), '0001-other.patch'), '');
    await refused('out', /0001-other\.patch: exists already; name a folder without patches\n$/, identity);
    await refused('tree/Makefile/x', /cannot be written: a part of the path is not a folder\n$/, identity);
    await refused('new', /git does not know who you are/);
    assert.ok(!existsSync(join(top, 'new')));
  });
});
