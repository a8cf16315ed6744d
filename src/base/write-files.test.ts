import assert from 'node:assert/strict';
import {
  chmodSync,
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
import { OutputError, writeTogether } from './write-files.js';

describe('writing files together', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'write-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes the folders that are missing, and leaves nothing else behind', async () => {
    await writeTogether([
      { path: join(folder, 'a/b/one'), text: '1' },
      { path: join(folder, 'two'), text: '2' },
    ]);
    assert.equal(readFileSync(join(folder, 'a/b/one'), 'utf8'), '1');
    assert.deepEqual(readdirSync(folder).sort(), ['a', 'two']);
    assert.deepEqual(readdirSync(join(folder, 'a/b')), ['one']);
  });

  it('keeps the permissions of a file', async () => {
    const path = join(folder, 'script');
    writeFileSync(path, 'old');
    chmodSync(path, 0o754);
    await writeTogether([{ path, text: 'new' }]);
    assert.equal(readFileSync(path, 'utf8'), 'new');
    assert.equal(statSync(path).mode & 0o777, 0o754);
  });

  it('writes none where one cannot be written', async () => {
    writeFileSync(join(folder, 'file'), 'old');
    const files = [
      { path: join(folder, 'file'), text: 'new' },
      { path: join(folder, 'deep/er/one'), text: '1' },
      { path: join(folder, 'file', 'below'), text: '2' },
    ];
    await assert.rejects(writeTogether(files), (error: unknown) => {
      assert.ok(error instanceof OutputError);
      assert.equal(
        error.message,
        `${join(folder, 'file', 'below')}: cannot be written: a part of the path is not a folder`,
      );
      return true;
    });
    assert.equal(readFileSync(join(folder, 'file'), 'utf8'), 'old');
    assert.ok(!existsSync(join(folder, 'deep')));
    assert.deepEqual(readdirSync(folder), ['file']);
  });

  it('does not replace a folder', async () => {
    mkdirSync(join(folder, 'there'));
    await assert.rejects(
      writeTogether([{ path: join(folder, 'there'), text: '' }]),
      /there: cannot be written: is not a file/,
    );
    assert.deepEqual(readdirSync(folder), ['there']);
  });
});
