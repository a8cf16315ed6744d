import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { copyFixture } from '../examples/example-tree.js';
import { runEither } from '../run/cases.js';

let top: string;
let tree: string;
let home: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'links-'));
  tree = join(top, 'tree');
  home = join(top, 'home');
  copyFixture('marker-field', tree, ['drivers/rnic/unmarked']);
  mkdirSync(home);
  writeFileSync(join(home, '.bash_login'), 'precious\n');
});
afterEach(() => rmSync(top, { recursive: true }));

/** Runs a command in the tree, which must be refused in one line, and must leave the user's folder as it is. */
async function refused(args: readonly string[], link: string): Promise<void> {
  const { code, stderr } = await runEither(args, {
    cwd: tree,
    env: {
      XDG_CACHE_HOME: join(top, 'cache'),
      GIT_COMMITTER_NAME: 'A. Developer',
      GIT_COMMITTER_EMAIL: 'dev@example.org',
    },
  });
  assert.equal(code, 2, stderr);
  const lines = stderr.split('\n').filter((line) => line.includes('leads out of the tree'));
  assert.equal(lines.length, 1, stderr);
  assert.match(lines[0] ?? '', new RegExp(`^dmabuf-lint: .*; remove the link ${link}$`));
  assert.deepEqual(readdirSync(home), ['.bash_login']);
  assert.equal(readFileSync(join(home, '.bash_login'), 'utf8'), 'precious\n');
}

describe('a tree with links that lead out of it', () => {
  it('gets no page written by docs --write', async () => {
    mkdirSync(join(tree, 'Documentation'));
    symlinkSync(home, join(tree, 'Documentation/driver-api'));
    await refused(['docs', '--write'], 'Documentation/driver-api');
  });

  it('gets no comment written by docs --write', async () => {
    cpSync(join(tree, 'include/linux'), join(top, 'linux'), { recursive: true });
    rmSync(join(tree, 'include/linux'), { recursive: true });
    symlinkSync('../../linux', join(tree, 'include/linux'));
    const header = readFileSync(join(top, 'linux/dma-buf.h'), 'utf8');
    await refused(['docs', '--write'], 'include/linux');
    assert.equal(readFileSync(join(top, 'linux/dma-buf.h'), 'utf8'), header);
  });

  it('gets no page or patch written where the user named no folder', async () => {
    symlinkSync(home, join(tree, 'docs-out'));
    await refused(['docs'], 'docs-out');
  });

  it('gets no baseline written where its own configuration says', async () => {
    symlinkSync(home, join(tree, 'known'));
    writeFileSync(join(tree, 'dmabuf-lint.json'), JSON.stringify({ baseline: 'known/.profile' }));
    await refused(['baseline'], 'known');
  });

  it('gets no baseline written where its usual name is a link', async () => {
    symlinkSync(join(home, '.profile'), join(tree, 'dmabuf-lint-baseline.jsonl'));
    await refused(['baseline'], 'dmabuf-lint-baseline.jsonl');
  });
});
