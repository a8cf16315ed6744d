import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InputError } from '../tree/tree.js';
import { type FilePatch, parseDiff, pathTrouble } from './diff.js';

function only(diff: string | Buffer): FilePatch {
  const files = parseDiff(diff);
  assert.equal(files.length, 1);
  return files[0] as FilePatch;
}

function paths(diff: string): string {
  return parseDiff(diff)
    .map(({ oldPath, newPath }) => `${oldPath} => ${newPath}`)
    .join(', ');
}

const change = `diff --git a/drivers/x.c b/drivers/x.c
index 1111111..2222222 100644
--- a/drivers/x.c
+++ b/drivers/x.c
@@ -10,3 +10,4 @@ int f(void)
 kept
-removed
+added
+also added
 kept
@@ -50 +51,0 @@
---a minus
`;

describe('a diff', () => {
  it('names the files and the lines it adds and removes', () => {
    const file = only(change);
    assert.deepEqual([file.oldPath, file.newPath, file.mode], ['drivers/x.c', 'drivers/x.c', 'file']);
    assert.deepEqual(file.hunks, [
      {
        oldStart: 10,
        oldLines: 3,
        newStart: 10,
        newLines: 4,
        added: [
          { line: 11, text: 'added' },
          { line: 12, text: 'also added' },
        ],
        removed: [{ line: 11, text: 'removed' }],
      },
      { oldStart: 50, oldLines: 1, newStart: 51, newLines: 0, added: [], removed: [{ line: 50, text: '--a minus' }] },
    ]);
  });

  it('gives each file its part of the text, without what stands around it', () => {
    const second = change.replaceAll('drivers/x.c', 'y.c');
    const files = parseDiff(`drm: subject\n\n---\n x.c | 2 +-\n\n${change}${second}-- \n2.39.5\n\nbase-commit: 1\n`);
    assert.deepEqual(
      files.map(({ text }) => text.toString()),
      [change, second],
    );
  });

  it('takes removed and added lines that look like headers for what they are', () => {
    const file = only(
      '--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,2 @@\n--- a/y.c\n-@@ -1 +1 @@\n+++ b/y.c\n+diff --git a/z b/z\n',
    );
    assert.deepEqual(
      [...(file.hunks[0]?.removed ?? []), ...(file.hunks[0]?.added ?? [])].map(({ text }) => text),
      ['-- a/y.c', '@@ -1 +1 @@', '++ b/y.c', 'diff --git a/z b/z'],
    );
  });

  it('knows new, removed, empty, moved and copied files', () => {
    const mode = '100644\n';
    assert.equal(
      paths(`diff --git a/n b/n\nnew file mode ${mode}--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+a\n`),
      'null => n',
    );
    assert.equal(
      paths(`diff --git a/n b/n\ndeleted file mode ${mode}--- a/n\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n`),
      'n => null',
    );
    assert.equal(paths(`diff --git a/e f b/e f\nnew file mode ${mode}index 0000000..e69de29\n`), 'null => e f');
    assert.equal(paths('--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+a\n'), 'null => n');
    const moved = 'diff --git a/o p b/q r\nsimilarity index 100%\nrename from o p\nrename to q r\n';
    assert.equal(paths(moved), 'o p => q r');
    assert.equal(only(moved).isRename, true);
    const copied = moved.replaceAll('rename', 'copy');
    assert.equal(paths(copied), 'o p => q r');
    assert.equal(only(copied).isRename, false);
  });

  it('reads names in git quotes, with blanks, dates and other prefixes', () => {
    const quoted = String.raw`diff --git "a/dr\303\274 \"x\".c" "b/dr\303\274 \"x\".c"`;
    assert.equal(paths(`${quoted}\nold mode 100644\nnew mode 100755\n`), 'drü "x".c => drü "x".c');
    assert.equal(paths('--- a/x y.c\t2024-01-01\n+++ b/x y.c\t\n@@ -1 +1 @@\n-a\n+b\n'), 'x y.c => x y.c');
    assert.equal(paths('--- linux.orig/x.c\n+++ linux/x.c\n@@ -1 +1 @@\n-a\n+b\n'), 'x.c => x.c');
    assert.equal(paths('diff --git i/x.c w/x.c\nold mode 100644\nnew mode 100755\n'), 'x.c => x.c');
  });

  it('knows links, submodules and binary files', () => {
    const link =
      'diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n';
    assert.equal(only(link).mode, 'symlink');
    assert.equal(only(link).text.toString(), link);
    assert.equal(only('diff --git a/s b/s\nindex 1..2 160000\n--- a/s\n+++ b/s\n').mode, 'submodule');
    assert.equal(only('diff --git a/b b/b\nindex 1..2 100644\nBinary files a/b and b/b differ\n').isBinary, true);
    const binary =
      'diff --git a/b b/b\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKcmZ?w1pD\n\nliteral 0\nHcmV?d00001\n\n';
    const files = parseDiff(`${binary}${change}`);
    assert.deepEqual(
      files.map(({ isBinary }) => isBinary),
      [true, false],
    );
    assert.equal(files[0]?.text.toString(), binary);
  });

  it('keeps carriage returns and bytes of any encoding', () => {
    const bytes = Buffer.from('--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-\xfc\r\n+\xe9\n', 'latin1');
    const file = only(bytes);
    assert.deepEqual(file.hunks[0]?.removed, [{ line: 1, text: 'ü\r' }]);
    assert.deepEqual(file.hunks[0]?.added, [{ line: 1, text: 'é' }]);
    assert.deepEqual(file.text, bytes);
    assert.equal(only(change.replaceAll('\n', '\r\n')).newPath, 'drivers/x.c');
  });

  it('reads the empty lines that mail programs strip their blank from', () => {
    const [hunk] = only('--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n\n-a\n+b\n\n').hunks;
    assert.deepEqual(hunk?.added, [{ line: 2, text: 'b' }]);
  });

  it('ends a hunk where it breaks off, however many lines it promises', () => {
    const [hunk, none] = only('--- a/x\n+++ b/x\n@@ -1,999999999999 +1,999999999999 @@\n+a\n').hunks;
    assert.deepEqual(hunk?.added, [{ line: 1, text: 'a' }]);
    assert.equal(none, undefined);
    assert.deepEqual(only('--- a/x\n+++ b/x\n@@ -1 +99999999999999999999 @@\n+a\n').hunks, []);
  });

  it('is refused where its paths have no prefix', () => {
    for (const diff of [
      'diff --git drivers/x.c drivers/x.c\n--- drivers/x.c\n+++ drivers/x.c\n',
      'diff --git n n\nnew file mode 100644\n--- /dev/null\n+++ n\n',
      'diff --git o/x n/x\nrename from o/x\nrename to n/x\n--- o/x\n+++ n/x\n',
      '--- drivers/x.c\n+++ drivers/x.c\n@@ -1 +1 @@\n-a\n+b\n',
    ])
      assert.throws(() => parseDiff(diff), InputError);
  });

  it('is none where nothing is changed', () => {
    assert.deepEqual(parseDiff(''), []);
    assert.deepEqual(parseDiff('--- \n+++ x\n---\n a | 1 +\n> diff --git a/x b/x\n'), []);
  });
});

describe('a path in a patch', () => {
  it('is fine within the tree', () => {
    for (const path of ['drivers/gpu/drm/x.c', '.gitignore', 'a/.gitattributes', 'drü.c', 'a b', '..a/b..', 'x.git/y'])
      assert.equal(pathTrouble(path), undefined, path);
  });

  it('is trouble where it leads elsewhere or hides what it is', () => {
    for (const path of ['', '/etc/passwd', '../x', 'a/../../x', 'a/./b', 'a//b', 'a/', 'C:x', 'a\\b', 'a\nb', 'a\x7f'])
      assert.equal(typeof pathTrouble(path), 'string', path);
    for (const path of ['.git/config', 'a/.GIT/hooks/x', '.git./x', '.git /x', 'GIT~1/x', '.g\u200cit/x', '.git::$x/y'])
      assert.equal(pathTrouble(path), 'leads into .git', path);
  });
});
