import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { copyFixture } from '../examples/example-tree.js';
import { cli as program } from '../run/run-cli.js';

let tree: string;
let top: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'pipes-'));
  tree = join(top, 'tree');
  copyFixture('marker-field', tree, ['drivers/rnic/unmarked']);
});
after(() => rmSync(top, { recursive: true }));

describe('what a process has open', () => {
  it('may be cut off by its reader without an error', async () => {
    for (const closed of ['stdout', 'stderr'] as const) {
      const child = spawn(
        process.execPath,
        [program, 'scan', '--format', 'gcc', tree, '--fail-on', 'error', '--no-cache'],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      let said = '';
      child[closed === 'stdout' ? 'stderr' : 'stdout'].on('data', (data: Buffer) => {
        said += data.toString();
      });
      child[closed].destroy();
      const status = await new Promise((resolve) => child.on('close', resolve));
      assert.equal(status, 1, closed);
      assert.doesNotMatch(said, /EPIPE|internal error|^ {4}at /m);
    }
  });

  it('holds the descriptor at which NIPA waits for the summary', () => {
    const path = join(top, 'summary');
    const descriptor = openSync(path, 'w');
    const { status, stderr } = spawnSync(process.execPath, [program, 'scan', tree, '--format', 'nipa'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe', descriptor],
      env: { ...process.env, DESC_FD: '3' },
    });
    assert.deepEqual([status, stderr], [1, '']);
    assert.match(readFileSync(path, 'utf8'), /^\d+ importers?, .* not analysed\n$/);
  });
});
