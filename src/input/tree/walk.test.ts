import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { walkTree } from './walk.js';

let top: string;
let root: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'walk-'));
  root = join(top, 'tree');
  mkdirSync(root);
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('walking a tree', () => {
  it('lists sources, headers, documentation and makefiles, each sorted', () => {
    for (const path of [
      'b.c',
      'a/z.c',
      'a/a.h',
      'a.c',
      'Makefile',
      'a/Kbuild',
      'a/Makefile.am',
      'a/x.S',
      'Documentation/b.rst',
      'Documentation/a/c.txt',
      'Documentation/d.svg',
      'tools/e.rst',
    ])
      write(path);
    assert.deepEqual(walkTree(root), {
      sources: ['a.c', 'a/a.h', 'a/z.c', 'b.c'],
      documentation: ['Documentation/a/c.txt', 'Documentation/b.rst'],
      makefiles: ['Makefile', 'a/Kbuild'],
      problems: [],
    });
  });

  it('lists empty files, and finds nothing in an empty folder', () => {
    assert.deepEqual(walkTree(root), { sources: [], documentation: [], makefiles: [], problems: [] });
    write('empty.c');
    assert.deepEqual(walkTree(root).sources, ['empty.c']);
  });

  it('does not honour .gitignore', () => {
    write('.gitignore', '/*\n*.c\n');
    write('drivers/a.c');
    assert.deepEqual(walkTree(root).sources, ['drivers/a.c']);
  });

  it('leaves out .git at every level, and no other hidden folder', () => {
    for (const path of ['.git/a.c', 'sub/.git/b.c', '.hidden/c.c', 'x.git/d.c']) write(path);
    assert.deepEqual(walkTree(root).sources, ['.hidden/c.c', 'x.git/d.c']);
  });

  it('walks a folder that is named like a source', () => {
    write('strange.c/a.h');
    assert.deepEqual(walkTree(root).sources, ['strange.c/a.h']);
  });

  it('does not follow links to folders, so that a loop ends', () => {
    write('a/a.c');
    symlinkSync('..', join(root, 'a', 'up'));
    symlinkSync('a', join(root, 'b'));
    assert.deepEqual(walkTree(root), { sources: ['a/a.c'], documentation: [], makefiles: [], problems: [] });
  });

  it('lists a file once, under its own name, where a link inside the tree leads to it', () => {
    write('a.c');
    symlinkSync('a.c', join(root, 'link.c'));
    assert.deepEqual(walkTree(root).sources, ['a.c']);
  });

  it('lists a link to a file outside of the tree, also one whose name begins like the tree', () => {
    writeFileSync(join(top, 'outside.c'), '');
    mkdirSync(`${root}-other`);
    writeFileSync(join(`${root}-other`, 'b.c'), '');
    symlinkSync(join(top, 'outside.c'), join(root, 'a.c'));
    symlinkSync(join(`${root}-other`, 'b.c'), join(root, 'b.c'));
    assert.deepEqual(walkTree(root).sources, ['a.c', 'b.c']);
  });

  it('passes over links that lead nowhere, to themselves, or to a folder', () => {
    symlinkSync('missing.c', join(root, 'dangling.c'));
    symlinkSync('loop.c', join(root, 'loop.c'));
    symlinkSync(top, join(root, 'folder.c'));
    assert.deepEqual(walkTree(root), { sources: [], documentation: [], makefiles: [], problems: [] });
  });

  it('can begin at a link to a folder', () => {
    write('a.c');
    symlinkSync(root, join(top, 'link'));
    assert.deepEqual(walkTree(join(top, 'link')).sources, ['a.c']);
  });

  it('names a folder that cannot be read, and goes on', {
    skip: process.getuid?.() === 0 && 'root reads every folder',
  }, () => {
    write('a/a.c');
    write('closed/b.c');
    chmodSync(join(root, 'closed'), 0);
    const walk = walkTree(root);
    chmodSync(join(root, 'closed'), 0o700);
    assert.deepEqual(walk, {
      sources: ['a/a.c'],
      documentation: [],
      makefiles: [],
      problems: [{ path: 'closed', reason: 'folder cannot be read: EACCES' }],
    });
  });
});
