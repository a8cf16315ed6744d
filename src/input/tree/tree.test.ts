import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { UserError } from '../../base/errors.js';
import { InputError, openFolder, openMemory, type SourceTree } from './tree.js';

const files: Readonly<Record<string, string>> = {
  'drivers/a.c': 'needle\nEXPORT_SYMBOL_GPL(a);\n',
  'drivers/b.h': 'EXPORT_SYMBOL(not_in_a_header)\n',
  'Documentation/c.rst': 'C\n=\n',
  Makefile: 'VERSION = 7\n',
};

describe('a tree', () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'tree-'));
    for (const folder of ['drivers', 'Documentation', 'empty']) mkdirSync(join(root, folder));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const kinds: Readonly<Record<string, () => SourceTree>> = {
    'in a folder': () => openFolder(root),
    'in memory': () => openMemory('memory', files),
  };
  for (const [kind, open] of Object.entries(kinds)) {
    it(`${kind} lists sources and documentation`, () => {
      const tree = open();
      assert.deepEqual(tree.sources, ['drivers/a.c', 'drivers/b.h']);
      assert.deepEqual(tree.documentation, ['Documentation/c.rst']);
      assert.deepEqual(tree.problems, []);
    });

    it(`${kind} reads any file, and says undefined where there is none`, () => {
      const tree = open();
      assert.equal(tree.read('Makefile'), 'VERSION = 7\n');
      assert.equal(tree.read('drivers/missing.c'), undefined);
      assert.equal(tree.read('drivers'), undefined);
      assert.deepEqual(tree.problems, []);
    });

    it(`${kind} is searched for words and exports`, async () => {
      const tree = open();
      assert.deepEqual(await tree.search(tree.sources, ['needle', 'thread'], true), {
        hits: [['drivers/a.c'], []],
        exports: [['a', 'drivers/a.c']],
        problems: [],
      });
    });
  }

  it('in a folder keeps each file that could not be read as one problem', async () => {
    const tree = openFolder(root);
    await tree.search(['missing.c'], ['x'], false);
    await tree.search(['missing.c'], ['y'], false);
    assert.deepEqual(tree.problems, [{ path: 'missing.c', reason: 'cannot be read: ENOENT' }]);
  });

  it('in a folder is called as the user called it', () => {
    assert.equal(openFolder(`${root}/`).name, `${root}/`);
  });

  const refused: Readonly<Record<string, readonly [path: string, reason: RegExp]>> = {
    'that does not exist': ['missing', /missing: no such folder; name the top of a kernel tree$/],
    'that is a file': ['Makefile', /Makefile: is a file; /],
    'below a file': ['Makefile/below', /Makefile\/below: ENOTDIR; /],
    'that is empty': ['empty', /empty: has no C source; /],
    'without C source': ['Documentation', /Documentation: has no C source; /],
  };
  it('says how to judge a repository without a checkout', () => {
    mkdirSync(join(root, 'bare/objects'), { recursive: true });
    writeFileSync(join(root, 'bare/HEAD'), '');
    mkdirSync(join(root, 'kept/.git'), { recursive: true });
    assert.throws(() => openFolder(join(root, 'bare')), /no C source; it is a bare repository: .* --revision$/);
    assert.throws(() => openFolder(join(root, 'kept')), /no C source; check out the files, or .* --revision$/);
  });

  for (const [what, [path, reason]] of Object.entries(refused))
    it(`is refused in one line that names a folder ${what}`, () => {
      assert.throws(
        () => openFolder(join(root, path)),
        (error) =>
          error instanceof InputError &&
          error instanceof UserError &&
          reason.test(error.message) &&
          !error.message.includes('\n'),
      );
    });
});
