import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { parseDiff } from '../diff/diff.js';
import { binarySize, type PatchBounds } from './patch-bounds.js';
import { type PatchBase, startPatching } from './patching.js';

const bounds: PatchBounds = { files: 1000, binary: 1 << 20, copies: 4 << 20, attempts: 9, results: 8 << 20 };
const large = Buffer.alloc(1 << 20, '/* register */\n');

describe('a small patch that would become large', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patching-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const base: PatchBase = {
    objects: [],
    objectFormat: 'sha1',
    file: (path) => (path === 'include/large.h' ? { mode: '100644', bytes: large } : null),
  };

  /** The bytes of all objects that git has written. */
  const written = (): number =>
    Number(
      /size: (\d+)/.exec(
        execFileSync('git', ['count-objects', '-v'], { cwd: join(folder, 'patching.git'), encoding: 'utf8' }),
      )?.[1],
    );

  it('copies a large file only so often', async () => {
    const copy = (n: number): string =>
      `diff --git a/include/large.h b/include/copy${n}.h\nsimilarity index 99%\ncopy from include/large.h\ncopy to include/copy${n}.h\n--- a/include/large.h\n+++ b/include/copy${n}.h\n@@ -1,4 +1,4 @@\n-/* register */\n+/* copy ${n} */\n${' /* register */\n'.repeat(3)}`;
    const patching = await startPatching(base, folder, process.env, bounds);
    const diff = Array.from({ length: 300 }, (_, n) => copy(n)).join('');
    const { changes, failures } = await patching.apply(Buffer.from(diff));
    assert.equal(changes.length, 4);
    assert.deepEqual(failures, [
      {
        path: 'include/copy4.h',
        line: null,
        hunk: null,
        hunks: 1,
        reason: 'refused, with 295 more: the patch copies more than 4 MB of files',
      },
    ]);
    assert.ok(written() < 1024, 'kB of objects');
  });

  it('is refused where its binary parts inflate', async () => {
    writeFileSync(join(folder, 'zeros'), Buffer.alloc(2 << 20));
    const diff = binaryDiff(folder);
    assert.ok(diff.length < 20_000, `${diff.length} bytes`);
    const patching = await startPatching(base, folder, process.env, bounds);
    const { changes, failures } = await patching.apply(diff);
    assert.deepEqual(changes, []);
    assert.deepEqual(
      failures.map(({ reason }) => reason),
      ['refused: the binary parts of the patch become more than 1 MB'],
    );
  });

  const change = (path: string, from: string): string =>
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,4 +1,4 @@\n-${from}\n+yes\n${' /* register */\n'.repeat(3)}`;

  it('has its files tried one by one only so often', async () => {
    const patching = await startPatching(base, folder, process.env, bounds);
    const diff = Array.from({ length: 100 }, (_, n) => change(`drivers/${n}.c`, 'no')).join('');
    const { failures } = await patching.apply(Buffer.from(diff));
    assert.deepEqual(
      failures.map(({ path, reason }) => `${path}: ${reason}`),
      [
        'drivers/0.c: there is no such file',
        'drivers/1.c: there is no such file',
        'drivers/2.c: refused, with 97 more: too many files of the patch do not apply: the rest is not tried',
      ],
    );
  });

  it('is applied but for the file that does not fit', async () => {
    const files = Array.from({ length: 40 }, (_, n) => `drivers/${n}.c`);
    const small = { mode: '100644', bytes: Buffer.from('/* register */\n'.repeat(4)) };
    const patching = await startPatching({ ...base, file: () => small }, folder, process.env, {
      ...bounds,
      attempts: 20,
    });
    const diff = files.map((path) => change(path, path === 'drivers/7.c' ? 'no' : '/* register */')).join('');
    const { changes, failures } = await patching.apply(Buffer.from(diff));
    assert.equal(changes.length, 39);
    assert.deepEqual(
      failures.map(({ path, line, reason }) => `${path}:${line}: ${reason}`),
      ["drivers/7.c:1: the lines that it expects are not there: line 1 is '/* register */', where it expects 'no'"],
    );
  });

  it('has a size that a delta tells by what it makes', () => {
    git(folder, 'init', '--quiet', '.');
    writeFileSync(join(folder, 'x'), Buffer.from(`\0${'0123456789abcdef'.repeat(5000)}`));
    git(folder, 'add', 'x');
    writeFileSync(join(folder, 'x'), Buffer.from(`\0${'0123456789abcdef'.repeat(5000)}end`));
    const [file] = parseDiff(Buffer.from(git(folder, 'diff', '--binary')));
    assert.ok(file?.isBinary);
    const text = file.text.toString('latin1');
    const [forward = 0, backward = 0] = [...text.matchAll(/^delta (\d+)$/gm)].map((match) => Number(match[1]));
    assert.equal(binarySize(file), forward + 80_004 + backward + 80_001);
  });

  it('has no size where a delta does not say what it makes', () => {
    const nothing = deflateSync(Buffer.alloc(0)).toString('latin1');
    const text = Buffer.from(`diff --git a/x b/x\nGIT binary patch\ndelta 5\n${nothing.replace(/\W/g, 'z')}\n\n`);
    const [file] = parseDiff(text);
    assert.ok(file?.isBinary);
    assert.equal(binarySize({ ...file, text }), Number.POSITIVE_INFINITY);
  });
});

const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', [...args], { cwd, encoding: 'latin1' });

/** A diff by git that adds a file of zeros. */
function binaryDiff(folder: string): Buffer {
  git(folder, 'init', '--quiet', '.');
  git(folder, 'add', '--intent-to-add', 'zeros');
  writeFileSync(join(folder, 'diff'), git(folder, 'diff', '--binary'), 'latin1');
  return readFileSync(join(folder, 'diff'));
}
