import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { leavingCommit } from './removing-commit.js';

it('the commit that renames a function is blamed for the files that used it then, and for no later one', async () => {
  const top = mkdtempSync(join(tmpdir(), 'leaving-'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: top });
  const commit = (subject: string, files: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(top, name), text);
    git('add', '-A');
    git('commit', '--quiet', '--message', subject);
  };
  git('init', '--quiet', '.');
  commit('one', { 'api.h': 'int old_name(void);\n', 'early.c': 'int x = old_name();\n' });
  commit('api: rename', { 'api.h': 'int new_name(void);\n' });
  commit('late driver', { 'late.c': 'int y = old_name();\n', 'early.c': 'int z, x = old_name();\n' });
  const leaves = (path: string, name = 'old_name') => leavingCommit(top, { header: 'api.h', path, name }, process.env);
  assert.equal((await leaves('early.c'))?.subject, 'api: rename');
  assert.equal(await leaves('late.c'), null);
  assert.equal(await leaves('early.c', 'never_there'), null);
  rmSync(top, { recursive: true });
});
