import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readBlobs, sayNoBlob } from './blobs.js';
import { findRepository, resolveCommit } from './repository.js';
import { openSince } from './work-tree.js';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'repository-'));
});
afterEach(() => rmSync(top, { recursive: true }));

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], {
    cwd: top,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

async function found() {
  const repository = await findRepository(top, process.env);
  assert.ok(repository);
  return repository;
}

describe('what keeps a repository from being used is told in one line', () => {
  const isRoot = process.getuid?.() === 0;
  it('another owner', { skip: isRoot ? false : 'only root can give folders away' }, async () => {
    git('init', '--quiet', '.');
    for (const path of [top, join(top, '.git')]) chownSync(path, 12345, 12345);
    await assert.rejects(
      findRepository(top, process.env),
      /^OwnerError: .*: git does not open the repository, which belongs to another user; if you trust it: git config --global --add safe\.directory [^\n]*$|^Error: .*safe\.directory [^\n]*$/,
    );
  });

  it('no commits', async () => {
    git('init', '--quiet', '.');
    await assert.rejects(
      resolveCommit(await found(), 'HEAD'),
      /: the repository has no commits yet; commit the tree first$/,
    );
  });

  it('no work tree', async () => {
    git('init', '--quiet', '--bare', '.');
    mkdirSync(join(top, 'include/linux'), { recursive: true });
    writeFileSync(join(top, 'include/linux/dma-buf.h'), 'struct dma_buf;\n');
    await assert.rejects(
      openSince(
        { folder: top, name: top, revision: 'HEAD', option: '--since', env: process.env },
        join(top, 'scratch'),
      ),
      /is a bare repository, without files to scan; /,
    );
  });

  it('a revision that a shallow clone does not have', async () => {
    git('init', '--quiet', '.');
    git('commit', '--quiet', '--allow-empty', '--message=x');
    writeFileSync(join(top, '.git/shallow'), `${git('rev-parse', 'HEAD')}\n`);
    await assert.rejects(resolveCommit(await found(), 'v6.1'), /no such revision .* shallow: .*--deepen=/);
  });

  it('a blob that a partial clone does not have', async () => {
    git('init', '--quiet', '.');
    writeFileSync(join(top, 'x.c'), 'int x;\n');
    git('add', 'x.c');
    const blob = git('hash-object', 'x.c');
    for (const folder of readdirSync(join(top, '.git/objects')).filter((name) => name.length === 2))
      rmSync(join(top, '.git/objects', folder), { recursive: true });
    const told: string[] = [];
    await readBlobs([{ path: 'x.c', blob }], { cwd: top, env: process.env }, ({ path }, bytes) => {
      if (typeof bytes === 'string') told.push(`${path}: ${sayNoBlob(bytes)}`);
    });
    assert.deepEqual(told, [
      'x.c: git does not have its content, as in a partial clone; fetch it: git fetch --refetch --no-filter',
    ]);
  });

  it('a blob for which git would ask the promisor of a partial clone, which it may not', async () => {
    git('init', '--quiet', '.');
    writeFileSync(join(top, 'x.c'), 'int x;\n');
    git('add', 'x.c');
    git('commit', '--quiet', '--message=x');
    git('config', 'uploadpack.allowFilter', 'true');
    const blob = git('rev-parse', 'HEAD:x.c');
    git('clone', '--quiet', '--no-checkout', '--filter=blob:none', `file://${top}`, 'part');
    await assert.rejects(
      readBlobs([{ path: 'x.c', blob }], { cwd: join(top, 'part'), env: process.env }, () => undefined),
      /^Error: x\.c: git does not have its content, as in a partial clone; /,
    );
  });
});
