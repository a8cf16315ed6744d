import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
