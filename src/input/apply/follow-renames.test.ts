import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TreeChange } from '../git/repository.js';
import { renamesOf, withRenamesFollowed } from './follow-renames.js';

const entry = { mode: '100644', blob: '0'.repeat(40) };
const change = (path: string, oldPath: string | null, after: TreeChange['after'] = entry): TreeChange => ({
  path,
  oldPath,
  before: entry,
  after,
});

const part = (old: string, now = old): string =>
  `diff --git a/${old} b/${now}\nindex 1..2 100644\n--- a/${old}\n+++ b/${now}\n@@ -1 +1 @@\n--- a/${old}\n+b/${old}\n`;

describe('a patch on top of renames', () => {
  it('knows a file by its last name, unless another file has taken its own', () => {
    assert.deepEqual([...renamesOf([change('b.c', 'a.c'), change('c.c', 'b.c')])].sort(), [
      ['a.c', 'c.c'],
      ['b.c', 'c.c'],
    ]);
    assert.deepEqual([...renamesOf([change('b.c', 'a.c'), change('a.c', null)])], []);
    assert.deepEqual([...renamesOf([change('a.c', null, null)])], []);
  });

  it('changes the file under its present name, and nothing else', () => {
    const moved = new Map([['x/a.c', 'y/b.c']]);
    const text = `Words of x/a.c.\n\n${part('x/z.c')}${part('x/a.c')}-- \n2.4\n`;
    const lines = withRenamesFollowed(Buffer.from(text), moved).toString();
    const followed = part('x/a.c')
      .replace('a/x/a.c b/x/a.c', 'a/y/b.c b/y/b.c')
      .replace('--- a/x/a.c\n+++ b/x/a.c', '--- a/y/b.c\n+++ b/y/b.c');
    assert.equal(lines, `Words of x/a.c.\n\n${part('x/z.c')}${followed}-- \n2.4\n`);
  });

  it('removes the file under its present name', () => {
    const removal = 'diff --git a/a.c b/a.c\ndeleted file mode 100644\n--- a/a.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n';
    const followed = withRenamesFollowed(Buffer.from(removal), new Map([['a.c', 'b.c']])).toString();
    assert.equal(followed, removal.replace('a/a.c b/a.c', 'a/b.c b/b.c').replace('--- a/a.c', '--- a/b.c'));
  });

  it('that renames the file elsewhere is left as it is', () => {
    const other = Buffer.from(
      `diff --git a/a.c b/d.c\nsimilarity index 90%\nrename from a.c\nrename to d.c\n${part('a.c', 'd.c').slice(24)}`,
    );
    assert.deepEqual(withRenamesFollowed(other, new Map([['a.c', 'b.c']])), other);
  });
});
