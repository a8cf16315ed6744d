import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { diffWorkTree } from './work-tree-git.js';

describe('the work tree', () => {
  let top: string;
  let linux: ExampleRepository;
  const index = (): Buffer => readFileSync(join(linux.folder, '.git/index'));
  const changed = async (commit: string | null): Promise<string> =>
    (
      await diffWorkTree({ workTree: linux.folder, gitFolder: join(linux.folder, '.git') }, commit, ['--name-only'], {
        env: process.env,
      })
    ).toString('utf8');

  before(() => {
    top = mkdtempSync(join(tmpdir(), 'work-tree-'));
    linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  });
  after(() => rmSync(top, { recursive: true }));

  it('is compared without a change of the index, also where a file is only newer', async () => {
    utimesSync(join(linux.folder, 'Makefile'), 1_000_000_000, 1_000_000_000);
    const former = index();
    for (const commit of ['HEAD', null]) assert.equal(await changed(commit), '');
    assert.deepEqual(index(), former);
  });

  it('is compared while somebody else holds the lock of the index, which stays theirs', async () => {
    const lock = join(linux.folder, '.git/index.lock');
    writeFileSync(lock, 'theirs');
    linux.write('Makefile', '# other\n');
    for (const commit of ['HEAD', null]) assert.equal(await changed(commit), 'Makefile\n');
    assert.equal(readFileSync(lock, 'utf8'), 'theirs');
    rmSync(lock);
  });

  it('is compared where there is no index yet', async () => {
    rmSync(join(linux.folder, '.git/index'));
    assert.match(await changed('HEAD'), /^Makefile\n/);
    assert.ok(!existsSync(join(linux.folder, '.git/index')));
  });

  it('is compared by its contents where it changed with the index, in the same second', async () => {
    linux.git('reset', '--quiet');
    linux.write('Makefile', '# aaaaa\n');
    linux.git('add', 'Makefile');
    linux.write('Makefile', '# bbbbb\n');
    assert.equal(await changed(null), 'Makefile\n');
  });
});
