import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fixturesFolder } from '../examples/example-tree.js';
import { cli as program } from '../run/run-cli.js';

const tree = join(fixturesFolder, 'invalidate-mappings');

describe('--profile', () => {
  it('tells where the time went, and changes nothing else, wherever it stands', () => {
    const run = (...args: readonly string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
    const plain = run('scan', tree, '--format', 'checkpatch');
    for (const args of [
      ['scan', tree, '--format', 'checkpatch', '--no-cache', '--profile'],
      ['--profile', 'scan', tree, '--format', 'checkpatch', '--no-cache'],
    ]) {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual([status, stdout], [plain.status, plain.stdout]);
      for (const phase of ['walk', 'search', 'prepare', 'parse', 'lower', 'link', 'flow', 'rules', 'report', 'in all'])
        assert.match(stderr, new RegExp(`^${phase} +\\d+ ms +\\d+ %$`, 'm'));
    }
  });

  it('tells it with every command that reports on a tree', () => {
    for (const args of [
      ['docs', tree, '--check'],
      ['matrix', tree],
      ['scan', tree, '--format', 'json'],
    ]) {
      const { stderr } = spawnSync(process.execPath, [program, ...args, '--profile'], { encoding: 'utf8' });
      assert.match(stderr, /^report +\d+ ms/m);
      assert.match(stderr, /^in all +\d+ ms 100 %$/m);
    }
  });
});
