import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { copyFixture } from '../examples/example-tree.js';
import { run } from '../examples/run-command.js';
import { onlyInCi } from '../run/cases.js';
import { cli as program } from '../run/run-cli.js';

let tree: string;
before(() => {
  tree = mkdtempSync(join(tmpdir(), 'network-'));
  copyFixture('marker-field', tree, ['drivers/rnic/unmarked']);
});
after(() => rmSync(tree, { recursive: true }));

/** Runs the command where there is no network at all, not even one of its own. */
function without(...args: readonly string[]) {
  const unshare = ['--net', '--map-root-user', '--', process.execPath, program, ...args];
  return spawnSync('unshare', unshare, { encoding: 'utf8' });
}

const { status } = spawnSync('unshare', ['--net', '--map-root-user', '--', 'true']);
const missing = status === 0 ? false : 'this machine lets nobody have a network namespace of their own';

describe('where there is no network', { skip: missing }, () => {
  it('a scan finds what it finds elsewhere', async () => {
    const elsewhere = await run(['scan', tree, '--format', 'checkpatch']);
    const here = without('scan', tree, '--format', 'checkpatch');
    assert.deepEqual([here.status, here.stdout, here.stderr], [1, elsewhere.stdout, '']);
  });

  it('the other commands do what they do elsewhere', onlyInCi, () => {
    assert.equal(without('matrix', tree).status, 0);
    assert.equal(without('explain', 'pin-leak').status, 0);
    assert.equal(without('docs', tree, '--check').status, 1);
  });
});
