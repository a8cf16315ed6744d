import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findRepository } from './repository.js';
import { openRevision } from './revision-tree.js';

describe('a revision with names that no checkout would accept', () => {
  let top: string;
  before(() => {
    top = mkdtempSync(join(tmpdir(), 'revision-'));
  });
  after(() => rmSync(top, { recursive: true }));

  const git = (args: readonly string[], input: Buffer | string = ''): string =>
    execFileSync('git', [...args], { cwd: join(top, 'repository'), input, encoding: 'utf8' }).trim();

  /** A tree object with entries as they are given: `git mktree` would refuse them. */
  function rawTree(entries: readonly (readonly [mode: string, name: string, id: string])[]): string {
    const bytes = entries.map(([mode, name, id]) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]),
    );
    return git(['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], Buffer.concat(bytes));
  }

  it('has nothing of it written outside of the scratch folder, and says so', async () => {
    mkdirSync(join(top, 'repository'));
    git(['init', '--quiet', '--bare', '.']);
    const blob = git(['hash-object', '-w', '--stdin'], 'int x;\n');
    const evil = rawTree([['100644', 'evil.c', blob]]);
    const tree = rawTree([
      ['40000', '..', evil],
      ['100644', 'good.c', blob],
    ]);
    writeFileSync(join(top, 'evil.c'), 'precious\n');
    const repository = await findRepository(join(top, 'repository'), process.env);
    assert.ok(repository);
    const { tree: opened } = await openRevision(repository, tree, join(top, 'scratch'));
    assert.deepEqual(opened.sources, ['good.c']);
    assert.deepEqual(opened.problems, [{ path: '../evil.c', reason: 'refused: the path leads out of the tree' }]);
    assert.equal(existsSync(join(top, 'scratch/good.c')), true);
    assert.equal(execFileSync('cat', [join(top, 'evil.c')], { encoding: 'utf8' }), 'precious\n');
  });
});

describe('a revision with many files that no work tree has', () => {
  let top: string;
  before(() => {
    top = mkdtempSync(join(tmpdir(), 'lazy-'));
  });
  after(() => rmSync(top, { recursive: true }));

  const texts: Readonly<Record<string, string>> = {
    'drivers/a/one.c': '#include "a.h"\nint one(void) { return dma_buf_pin(0); }\nEXPORT_SYMBOL_GPL(one);\n',
    'drivers/a/a.h': 'struct a;\n',
    'drivers/b/two.c': 'EXPORT_SYMBOL(\n\ttwo);\nEXPORT_SYMBOL(three); EXPORT_SYMBOL_NS(four, "X");\n',
    'drivers/c/binary.c': 'int x;\0\nint dma_buf;\n',
    'include/linux/h.h': '#define dma_buf_x 1\n#define EXPORT_SYMBOL(x)\n',
    'Documentation/x.rst': 'dma_buf and words\n',
    '.gitattributes': '*.c binary -diff\n',
  };

  it('is searched in git, and only what is read is written', async () => {
    const folder = join(top, 'work');
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const git = (...args: readonly string[]) => execFileSync('git', [...args], { cwd: folder, encoding: 'utf8' });
    const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgSign=false'];
    git('init', '--quiet', '.');
    // So many that it pays to search them in git.
    mkdirSync(join(folder, 'drivers/many'));
    for (let n = 0; n < 1000; n++) writeFileSync(join(folder, `drivers/many/${n}.c`), `int x${n};\n`);
    git('add', '--all');
    git(...who, 'commit', '--quiet', '--message', 'all');
    git('clone', '--quiet', '--bare', '.', '../bare');
    const repository = await findRepository(join(top, 'bare'), process.env);
    assert.ok(repository);
    const commit = git('rev-parse', 'HEAD').trim();
    const [eager, lazy] = await Promise.all([
      openRevision(repository, commit, join(top, 'eager'), Number.POSITIVE_INFINITY),
      openRevision(repository, commit, join(top, 'lazy'), 0),
    ]);
    assert.ok(!existsSync(join(top, 'lazy/drivers/a')));
    const words = ['dma_buf', 'dma_buf_pin', 'nowhere'];
    const all = await Promise.all([eager, lazy].map(({ tree }) => tree.search(tree.sources, words, true)));
    assert.deepEqual(all[1], all[0]);
    assert.deepEqual(all[1]?.hits[0], ['drivers/a/one.c', 'drivers/c/binary.c', 'include/linux/h.h']);
    assert.deepEqual(
      all[1]?.exports.map(([symbol]) => symbol),
      ['one', 'two', 'three', 'four'],
    );
    for (const path of Object.keys(texts)) assert.equal(lazy.tree.read(path), eager.tree.read(path), path);
    assert.equal(lazy.tree.read('drivers/none.c'), undefined);
    assert.ok(!existsSync(join(top, 'lazy/drivers/many/0.c')));
    const documents = await lazy.tree.search(lazy.tree.documentation, ['words'], false);
    assert.deepEqual(documents.hits, [['Documentation/x.rst']]);
  });
});
