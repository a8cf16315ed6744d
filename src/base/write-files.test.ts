import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
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

  it('leaves the files as they were where a later one cannot be put in its place', async () => {
    writeFileSync(join(folder, 'first'), 'old');
    chmodSync(join(folder, 'first'), 0o640);
    // When the second is about to be put in its place, the third has made a folder there.
    const files = ['first', 'new', 'third', 'third/below'].map((name) => ({ path: join(folder, name), text: 'new' }));
    await assert.rejects(writeTogether(files), /third: cannot be written: is not a file$/);
    assert.equal(readFileSync(join(folder, 'first'), 'utf8'), 'old');
    assert.equal(statSync(join(folder, 'first')).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(folder), ['first']);
  });

  it('opens no temporary file that somebody has prepared, and follows no link at its place', async () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'precious');
    const path = join(folder, 'file');
    symlinkSync(victim, `${path}.${process.pid}.tmp`);
    symlinkSync(victim, path);
    await writeTogether([{ path, text: 'new' }]);
    assert.equal(readFileSync(victim, 'utf8'), 'precious');
    assert.equal(readFileSync(path, 'utf8'), 'new');
    assert.equal(lstatSync(path).isSymbolicLink(), false);
  });

  it('removes what a killed process has left, and nothing else', async () => {
    const dead = '.dmabuf-lint-999999999-00112233445566778899aabbccddeeff.tmp';
    const others = [`.dmabuf-lint-${process.pid}-00112233445566778899aabbccddeeff.tmp`, 'file.999999999.tmp'];
    for (const name of [dead, ...others]) writeFileSync(join(folder, name), '');
    await writeTogether([{ path: join(folder, 'file'), text: '' }]);
    assert.deepEqual(readdirSync(folder).sort(), [...others, 'file'].sort());
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

describe('writing files of a tree', () => {
  let top: string;
  let tree: string;
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'write-'));
    tree = join(top, 'tree');
    mkdirSync(join(tree, 'include/linux'), { recursive: true });
    mkdirSync(join(top, 'home'));
    writeFileSync(join(top, 'home/file.h'), 'precious');
  });
  afterEach(() => rmSync(top, { recursive: true }));

  const write = (path: string) => writeTogether([{ path: join(tree, path), text: 'new', tree }]);

  /** What is said of a link, with the test's own folder left out. */
  async function refusal(path: string): Promise<string> {
    const real = realpathSync(top);
    let said = '';
    await assert.rejects(write(path), (error: unknown) => {
      assert.ok(error instanceof OutputError);
      said = error.message.replaceAll(real, 'TOP').replaceAll(top, 'TOP');
      return true;
    });
    assert.equal(readFileSync(join(top, 'home/file.h'), 'utf8'), 'precious');
    assert.deepEqual(readdirSync(join(top, 'home')), ['file.h']);
    return said;
  }

  for (const [name, target] of [
    ['relative', '../../home'],
    ['absolute', null],
  ] as const)
    it(`does not follow a folder that is a link out of the tree (${name})`, async () => {
      symlinkSync(target ?? join(top, 'home'), join(tree, 'include/out'));
      assert.equal(
        await refusal('include/out/file.h'),
        'TOP/tree/include/out/file.h: leads out of the tree, to TOP/home/file.h, by a symbolic link: nothing was written; remove the link include/out',
      );
      await refusal('include/out/new/file.h');
    });

  it('does not follow a file that is a link out of the tree, be it there or not', async () => {
    symlinkSync(join(top, 'home/file.h'), join(tree, 'include/file.h'));
    symlinkSync(join(top, 'home/new.h'), join(tree, 'include/new.h'));
    assert.match(await refusal('include/file.h'), /to TOP\/home\/file\.h,/);
    assert.match(await refusal('include/new.h'), /to TOP\/home\/new\.h,/);
  });

  it('does not follow a chain of links that ends outside', async () => {
    symlinkSync('include/two', join(tree, 'one'));
    symlinkSync('../../home', join(tree, 'include/two'));
    assert.match(await refusal('one/file.h'), /to TOP\/home\/file\.h,/);
  });

  it('does not follow a path that climbs out', async () => {
    assert.match(await refusal('../home/file.h'), /leads out of the tree/);
  });

  it('ends where links lead in a circle', async () => {
    symlinkSync('two', join(tree, 'one'));
    symlinkSync('one', join(tree, 'two'));
    await assert.rejects(write('one/file.h'), /its symbolic links lead in a circle/);
  });

  it('writes where a link of the tree leads within it, and in a tree that is itself named by a link', async () => {
    symlinkSync('include/linux', join(tree, 'inside'));
    await write('inside/a.h');
    assert.equal(readFileSync(join(tree, 'include/linux/a.h'), 'utf8'), 'new');
    symlinkSync('tree', join(top, 'named'));
    await writeTogether([{ path: join(top, 'named/include/b.h'), text: 'new', tree: join(top, 'named') }]);
    assert.equal(readFileSync(join(tree, 'include/b.h'), 'utf8'), 'new');
  });

  it('writes nothing at all where one of several leads out', async () => {
    symlinkSync(join(top, 'home'), join(tree, 'out'));
    const files = ['a.h', 'out/file.h'].map((path) => ({ path: join(tree, path), text: 'new', tree }));
    await assert.rejects(writeTogether(files), OutputError);
    assert.deepEqual(readdirSync(tree).sort(), ['include', 'out']);
  });
});
