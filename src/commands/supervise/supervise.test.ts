import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { copyFixture } from '../../dev/examples/example-tree.js';
import { privateEnvironment, run } from '../../dev/examples/run-command.js';
import { cli } from '../../dev/run/run-cli.js';
import type { CommandContext } from '../cli/context.js';
import { silentTerminal } from '../cli/terminal.js';
import { namesDescriptor } from './job.js';
import { supervise } from './supervise.js';

let top: string;
before(() => {
  top = mkdtempSync(join(tmpdir(), 'supervise-'));
  copyFixture('move-notify', join(top, 'move-notify'), ['drivers/misc/flagonly', 'drivers/misc/revokeopen']);
  copyFixture('marker-field', join(top, 'marker-field'), ['drivers/rnic/unmarked']);
});
after(() => rmSync(top, { recursive: true }));

describe('a supervised process', () => {
  it('does what its message says, whatever this process was called with, and beside another one', async () => {
    const { argv } = process;
    process.argv = ['node', '/none/script.js', 'scan', '/none/tree'];
    const context: CommandContext = {
      env: privateEnvironment(),
      cwd: top,
      stdin: () => Readable.from([]),
      terminal: silentTerminal,
    };
    const matrixOf = async (tree: string): Promise<string> => {
      const output = join(top, `${tree}.json`);
      const options = { format: 'json', output, trace: false };
      assert.equal(await supervise({ verb: 'matrix', args: [tree], options }, context, process), 0);
      return readFileSync(output, 'utf8');
    };
    try {
      const trees = ['move-notify', 'marker-field'];
      const found = await Promise.all(trees.map(matrixOf));
      for (const [index, tree] of trees.entries())
        assert.equal(found[index], (await run(['matrix', tree, '--format', 'json'], { cwd: top })).stdout);
    } finally {
      process.argv = argv;
    }
  });
});

describe('a folder that somebody removes while a command runs in it', () => {
  it('keeps no absolute path from being read', () => {
    const gone = join(top, 'gone');
    const text = 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@" --no-cache --format checkpatch';
    const scan = (tree: string) =>
      spawnSync('sh', ['-c', text, gone, process.execPath, cli, 'scan', tree], { encoding: 'utf8' });
    const { stderr, stdout, status } = scan(join(top, 'marker-field'));
    assert.deepEqual([stderr, status], ['', 1]);
    assert.match(stdout, /PINNED_IMPORTER_UNMARKED/);
    assert.match(scan('.').stderr, /^dmabuf-lint: \.: no such folder; [^\n]*\n$/);
  });
});

describe('a descriptor of this process', () => {
  const job = (args: readonly string[], options: unknown = {}) => ({ verb: 'scan', args, options });

  it('is seen among arguments and options: another process would not find it', () => {
    assert.ok(namesDescriptor(job(['/dev/fd/63'])));
    assert.ok(namesDescriptor(job(['/proc/self/fd/9'])));
    assert.ok(namesDescriptor(job(['.'], { config: '/dev/fd/63' })));
    assert.ok(namesDescriptor(job(['.'], { output: ['a', 'sarif=/dev/fd/63'] })));
  });

  it('is nothing else', () => {
    assert.ok(!namesDescriptor(job(['.', 'x/dev/fd/3'], { strict: true, output: ['sarif=a', '/dev/stdout'] })));
  });
});
