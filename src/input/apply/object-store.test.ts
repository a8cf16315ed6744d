import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { namedRepository } from '../git/environment.js';
import { git } from '../git/git.js';
import { makeObjectStore } from './object-store.js';

describe('the private repository of a series', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'store-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  // Git sorts by bytes, a folder as if its name ended with a slash: `a.c` stands before the folder `a`, `a0` after it.
  const paths = ['a/b/c.h', 'a.c', 'a0', 'a/b.c', 'Z', 'grün/x.c', 'grüo', '\u{1f600}', '\ufb01', 'link'];

  for (const format of ['sha1', 'sha256'] as const)
    it(`has the objects that git would write: ${format}`, async () => {
      const repository = join(folder, 'x.git');
      const store = makeObjectStore(repository, format, []);
      const variables = { ...namedRepository(repository, null), GIT_INDEX_FILE: join(folder, 'index') };
      const ask = async (args: readonly string[], input: string | Buffer = ''): Promise<string> =>
        (await git(args, { cwd: folder, env: process.env, variables, input })).toString('utf8').trim();
      const texts = ['', 'one\n', 'one\0two'].map((text) => Buffer.from(text));
      const blobs = texts.map(store.blob);
      for (const [index, text] of texts.entries())
        assert.equal(blobs[index], await ask(['hash-object', '--stdin'], text));
      const modes = ['100644', '100755', '120000'];
      const entries = new Map(
        paths.map((path, index) => [path, { mode: modes[index % 3] ?? '', blob: blobs[index % 3] ?? '' }]),
      );
      const tree = store.tree(entries);
      const lines = [...entries].map(([path, { mode, blob }]) => `${mode} ${blob}\t${path}\0`).join('');
      await ask(['update-index', '-z', '--index-info'], lines);
      assert.equal(tree, await ask(['write-tree']));
      assert.equal(store.tree(new Map()), await ask(['hash-object', '-t', 'tree', '--stdin']));
      assert.equal(await ask(['cat-file', 'blob', `${tree}:a/b.c`]), texts[0]?.toString());
      await ask(['fsck', '--strict']);
    });

  it('reads the objects of the repository that it borrows from', async () => {
    const blob = makeObjectStore(join(folder, 'one.git'), 'sha1', []).blob(Buffer.from('there'));
    makeObjectStore(join(folder, 'two.git'), 'sha1', [join(folder, 'one.git/objects')]);
    const variables = namedRepository(join(folder, 'two.git'), null);
    const text = await git(['cat-file', 'blob', blob], { cwd: folder, env: process.env, variables });
    assert.equal(text.toString('utf8'), 'there');
  });
});
