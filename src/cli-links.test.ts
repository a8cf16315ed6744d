import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fixturesFolder } from './dev/examples/example-tree.js';

const program = fileURLToPath(new URL('./cli.js', import.meta.url));

let top: string;
let tree: string;
let home: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'links-'));
  tree = join(top, 'tree');
  home = join(top, 'home');
  cpSync(join(fixturesFolder, 'marker-field'), tree, { recursive: true });
  mkdirSync(home);
  writeFileSync(join(home, '.bash_login'), 'precious\n');
});
afterEach(() => rmSync(top, { recursive: true }));

/** Runs a command in the tree, which must be refused in one line, and must leave the user's folder as it is. */
function refused(args: readonly string[], link: string): void {
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: tree,
    encoding: 'utf8',
    env: {
      ...process.env,
      XDG_CACHE_HOME: join(top, 'cache'),
      GIT_COMMITTER_NAME: 'A. Developer',
      GIT_COMMITTER_EMAIL: 'dev@example.org',
    },
  });
  assert.equal(status, 2, stderr);
  const lines = stderr.split('\n').filter((line) => line.includes('leads out of the tree'));
  assert.equal(lines.length, 1, stderr);
  assert.match(lines[0] ?? '', new RegExp(`^dmabuf-lint: .*; remove the link ${link}$`));
  assert.deepEqual(readdirSync(home), ['.bash_login']);
  assert.equal(readFileSync(join(home, '.bash_login'), 'utf8'), 'precious\n');
}

describe('a tree with links that lead out of it', () => {
  it('gets no page written by docs --write', () => {
    mkdirSync(join(tree, 'Documentation'));
    symlinkSync(home, join(tree, 'Documentation/driver-api'));
    refused(['docs', '--write'], 'Documentation/driver-api');
  });

  it('gets no comment written by docs --write', () => {
    cpSync(join(tree, 'include/linux'), join(top, 'linux'), { recursive: true });
    rmSync(join(tree, 'include/linux'), { recursive: true });
    symlinkSync('../../linux', join(tree, 'include/linux'));
    const header = readFileSync(join(top, 'linux/dma-buf.h'), 'utf8');
    refused(['docs', '--write'], 'include/linux');
    assert.equal(readFileSync(join(top, 'linux/dma-buf.h'), 'utf8'), header);
  });

  it('gets no page or patch written where the user named no folder', () => {
    symlinkSync(home, join(tree, 'docs-out'));
    refused(['docs'], 'docs-out');
  });

  it('gets no baseline written where its own configuration says', () => {
    symlinkSync(home, join(tree, 'known'));
    writeFileSync(join(tree, 'dmabuf-lint.json'), JSON.stringify({ baseline: 'known/.profile' }));
    refused(['baseline'], 'known');
  });

  it('gets no baseline written where its usual name is a link', () => {
    symlinkSync(join(home, '.profile'), join(tree, 'dmabuf-lint-baseline.jsonl'));
    refused(['baseline'], 'dmabuf-lint-baseline.jsonl');
  });
});
