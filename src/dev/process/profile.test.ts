import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { copyFixture } from '../examples/example-tree.js';
import { run } from '../examples/run-command.js';
import { runEither } from '../run/cases.js';
import { runCli } from '../run/run-cli.js';

let tree: string;
before(() => {
  tree = mkdtempSync(join(tmpdir(), 'profile-'));
  copyFixture('invalidate-mappings', tree, ['drivers/misc/nopin', 'drivers/gpu/ext']);
});
after(() => rmSync(tree, { recursive: true }));

describe('--profile', () => {
  it('tells where the time went, and changes nothing else, wherever it stands', async () => {
    const scan = ['scan', tree, '--format', 'checkpatch', '--no-cache'];
    const plain = await run(scan);
    // Most of the work is done in another process than the one that prints.
    for (const { code, stdout, stderr } of [
      await runCli([...scan, '--profile']),
      await run([...scan, '--profile']),
      await run(['--profile', ...scan]),
    ]) {
      assert.deepEqual([code, stdout], [plain.code, plain.stdout]);
      for (const phase of ['walk', 'search', 'prepare', 'parse', 'lower', 'link', 'flow', 'rules', 'report', 'in all'])
        assert.match(stderr, new RegExp(`^${phase} +\\d+ ms +\\d+ %$`, 'm'));
      const [, byRule = ''] = stderr.split(
        'by rule, each with all that it asks; several ask the same, which is done once:\n',
      );
      const lines = byRule.trimEnd().split('\n');
      assert.match(lines.pop() ?? '', /^\d+ other rules?: less than 1 ms each$/);
      assert.ok(lines.length > 5, byRule);
      for (const line of lines) assert.match(line, /^[a-z-]+ +[1-9]\d* ms$/);
    }
  });

  it('tells it with every command that reports on a tree', async () => {
    for (const args of [
      ['docs', tree, '--check'],
      ['matrix', tree],
      ['scan', tree, '--format', 'json'],
    ]) {
      const { stderr } = await runEither([...args, '--profile'], { cwd: tree, env: {} });
      assert.match(stderr, /^report +\d+ ms/m);
      assert.match(stderr, /^in all +\d+ ms 100 %$/m);
    }
  });
});
