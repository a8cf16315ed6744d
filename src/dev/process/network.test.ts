import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fixturesFolder } from '../examples/example-tree.js';
import { cli as program } from '../run/run-cli.js';

const tree = join(fixturesFolder, 'invalidate-mappings');

/** Runs the command where there is no network at all, not even one of its own. */
function without(...args: readonly string[]) {
  const unshare = ['--net', '--map-root-user', '--', process.execPath, program, ...args];
  return spawnSync('unshare', unshare, { encoding: 'utf8' });
}

const { status } = spawnSync('unshare', ['--net', '--map-root-user', '--', 'true']);
const missing = status === 0 ? false : 'this machine lets nobody have a network namespace of their own';

describe('where there is no network', { skip: missing }, () => {
  it('every command does what it does elsewhere', () => {
    const elsewhere = spawnSync(process.execPath, [program, 'scan', tree, '--format', 'checkpatch'], {
      encoding: 'utf8',
    });
    const here = without('scan', tree, '--format', 'checkpatch');
    assert.deepEqual([here.status, here.stdout, here.stderr], [1, elsewhere.stdout, '']);
    assert.equal(without('matrix', tree).status, 0);
    assert.equal(without('explain', 'pin-leak').status, 0);
    assert.equal(without('docs', tree, '--check').status, 1);
  });
});
