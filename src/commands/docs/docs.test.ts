import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { copyFixture } from '../../dev/examples/example-tree.js';
import { type Ran, run as runCommand } from '../../dev/examples/run-command.js';

const page = 'Documentation/driver-api/dma-buf-invalidation.rst';
const header = 'include/linux/dma-buf.h';
const known = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_COMMITTER_NAME: 'Ann Maintainer',
  GIT_COMMITTER_EMAIL: 'ann@example.org',
};
/** Whoever runs the tests is not asked who he is. */
const nobody = Object.fromEntries(
  Object.keys(process.env).flatMap((name) =>
    /^(?:GIT_|EMAIL$|SOURCE_DATE_EPOCH$)/.test(name) ? [[name, undefined]] : [],
  ),
);

describe('dmabuf-lint docs', () => {
  let top: string;
  let tree: string;
  let out: string;

  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'docs-'));
    tree = join(top, 'tree');
    out = join(top, 'out');
    copyFixture('invalidate-mappings', tree, ['drivers/misc/nopin', 'drivers/misc/revocable']);
  });
  afterEach(() => rmSync(top, { recursive: true }));

  const run = (args: readonly string[], env: Readonly<Record<string, string | undefined>> = known) =>
    runCommand(['docs', ...args], { cwd: top, env: { ...nobody, ...env } });

  it('writes pages, and patches that are signed off', async () => {
    const { code, stdout } = await run([tree, '--out', out]);
    assert.equal(code, 0);
    const names = readdirSync(out).sort();
    assert.equal(names.filter((name) => /^000[123]-.*\.patch$/.test(name)).length, 3);
    assert.deepEqual(
      stdout.trim().split('\n').sort(),
      names.map((name) => join(out, name)),
    );
    for (const name of names.filter((each) => each.endsWith('.patch')))
      assert.match(readFileSync(join(out, name), 'utf8'), /^Signed-off-by: Ann Maintainer <ann@example\.org>$/m);
    assert.match(readFileSync(join(out, 'dma-buf-invalidation.md'), 'utf8'), /^# Invalidation of dma-buf mappings$/m);
  });

  it('writes below docs-out where no folder is named', async () => {
    assert.equal((await run([tree])).code, 0);
    assert.ok(existsSync(join(top, 'docs-out', 'dma-buf-invalidation.rst')));
  });

  it('changes nothing when it is run again, not even a date', async () => {
    await run([tree, '--out', out]);
    const read = () => readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]);
    const first = read();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await run([tree, '--out', out]);
    assert.deepEqual(read(), first);
  });

  it('takes back its own patches that are not needed any more, and no others', async () => {
    await run([tree, '--out', out]);
    writeFileSync(join(out, '0001-mine.patch'), 'From me\n');
    assert.equal((await run([tree, '--write'])).code, 0);
    const { code, stderr } = await run([tree, '--out', out]);
    assert.equal(code, 0);
    assert.match(stderr, /up to date: no patches/);
    assert.deepEqual(readdirSync(out).sort(), [
      '0001-mine.patch',
      'dma-buf-invalidation.md',
      'dma-buf-invalidation.rst',
    ]);
  });

  it('finds a tree stale until it is written, and again when a driver changes', async () => {
    const before = await run([tree, '--check']);
    assert.equal(before.code, 1);
    assert.match(
      before.stdout,
      new RegExp(`^${page}:1:1: warning: the tree has no page on invalidation \\[stale-documentation\\]$`, 'm'),
    );
    await run([tree, '--write']);
    assert.deepEqual([(await run([tree, '--check'])).code, (await run([tree, '--check'])).stdout], [0, '']);
    const driver = join(tree, 'drivers/misc/nopin/nopin.c');
    writeFileSync(join(tree, 'drivers/misc/another.c'), readFileSync(driver, 'utf8').replace(/\bnopin/g, 'another'));
    const after = await run([tree, '--check']);
    assert.equal(after.code, 1);
    assert.match(
      after.stdout,
      /warning: importer 'nopn_ops' of drivers\/misc\/another\.c is not listed \[stale-table\]/,
    );
    await run([tree, '--write']);
    assert.equal((await run([tree, '--check'])).code, 0);
  });

  it('checks a folder of pages and patches', async () => {
    await run([tree, '--out', out]);
    assert.equal(
      (await run([tree, '--check', '--out', out], { ...known, GIT_COMMITTER_NAME: 'Somebody Else' })).code,
      0,
    );
    rmSync(join(tree, 'drivers/misc/nopin'), { recursive: true });
    const { code, stdout } = await run([tree, '--check', '--out', out]);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /out\/dma-buf-invalidation\.rst:\d+:1: warning: importer '\w+' of \S+ is listed, but the tree does not have it/,
    );
    assert.match(stdout, /out\/0003-[\w-]+\.patch:1:1: warning: is not what the tree needs/);
  });

  it('shows a conflict, leaves the text, and says so by its exit code', async () => {
    const path = join(tree, header);
    const text = readFileSync(path, 'utf8').replace(
      /(@invalidate_mappings: .*\n\t \*\n)[\s\S]*?(\t \*\/)/,
      '$1\t * It is not called while the buffer is pinned.\n$2',
    );
    writeFileSync(path, text);
    const { code, stderr } = await run([tree, '--write']);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /include\/linux\/dma-buf\.h:\d+:1: error: the text on dma_buf_attach_ops\.invalidate_mappings contradicts the contract.* \[documentation-conflict\]\n {2}the text says:\n {4}It is not called while the buffer is pinned\./,
    );
    assert.match(readFileSync(path, 'utf8'), /It is not called while the buffer is pinned\./);
    assert.equal((await run([tree, '--check'])).code, 1);
  });

  it('keeps the permissions of what it changes', async () => {
    const mode = statSync(join(tree, header)).mode;
    await run([tree, '--write']);
    assert.equal(statSync(join(tree, header)).mode, mode);
  });

  describe('says in one line what is wrong', () => {
    function assertLine({ code, stdout, stderr }: Ran, expected: RegExp): void {
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^dmabuf-lint: [^\n]+\n$/);
      assert.match(stderr, expected);
    }

    it('a tree without the header', async () => {
      rmSync(join(tree, header));
      assertLine(await run([tree, '--out', out]), /has no include\/linux\/dma-buf\.h/);
      assert.ok(!existsSync(out));
    });

    it('a header that is not UTF-8', async () => {
      const bytes = Buffer.concat([
        Buffer.from('/* Caf'),
        Buffer.from([0xe9]),
        Buffer.from(' */\n'),
        readFileSync(join(tree, header)),
      ]);
      writeFileSync(join(tree, header), bytes);
      assertLine(await run([tree, '--write']), /dma-buf\.h: is not plain UTF-8, so it cannot be changed/);
      assert.ok(readFileSync(join(tree, header)).equals(bytes));
    });

    it('a user whom git does not know', async () => {
      const env = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
      assertLine(await run([tree, '--out', out], env), /git does not know who you are/);
      assert.ok(!existsSync(out));
    });

    it('an output that is a file, or lies below one', async () => {
      writeFileSync(out, '');
      assertLine(await run([tree, '--out', out]), /out: is not a folder/);
      assertLine(await run([tree, '--out', join(out, 'deeper')]), /is not a folder/);
    });

    it('a folder that is to be checked and does not exist', async () => {
      assertLine(await run([tree, '--check', '--out', out]), /no such folder; write it with/);
    });

    it('options that exclude each other', async () => {
      assertLine(await run([tree, '--check', '--write']), /exclude each other/);
      assertLine(await run([tree, '--write', '--out', out]), /exclude each other/);
    });

    it('a full or a read-only file system', async (test) => {
      const small = join(top, 'small');
      mkdirSync(small);
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small]).status !== 0)
        return test.skip('no file system can be mounted here');
      try {
        assertLine(await run([tree, '--out', join(small, 'out')]), /cannot be written: no space left on the device/);
        assert.deepEqual(readdirSync(small), []);
        spawnSync('mount', ['-o', 'remount,ro', small]);
        assertLine(await run([tree, '--out', join(small, 'out')]), /cannot be written: the file system is read-only/);
      } finally {
        spawnSync('umount', [small]);
      }
    });
  });
});
