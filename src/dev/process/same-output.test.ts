import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fixturesFolder } from '../examples/example-tree.js';
import { runCli } from '../run/run-cli.js';

let top: string;
let usual: string;

/** What a scan prints, without the time that it took. */
async function scan(tree: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout, stderr } = await runCli(['scan', tree, '--no-cache', '--format', 'json'], { cwd: top, env });
  assert.notEqual(stdout, '', stderr);
  return stdout.replace(/"milliseconds": \d+/, '');
}

before(async () => {
  top = mkdtempSync(join(tmpdir(), 'same-'));
  cpSync(join(fixturesFolder, 'marker-field'), join(top, 'tree'), { recursive: true });
  usual = await scan('tree');
});
after(() => rmSync(top, { recursive: true }));

describe('a scan prints the same', () => {
  const environments: readonly Readonly<Record<string, string>>[] = [
    { LC_ALL: 'C', LANG: 'C' },
    { LC_ALL: 'tr_TR.UTF-8', LANGUAGE: 'tr', TZ: 'Pacific/Kiritimati' },
    { TZ: 'America/St_Johns', UV_THREADPOOL_SIZE: '1', COLUMNS: '20' },
  ];
  for (const env of environments)
    it(`under ${Object.entries(env)
      .map((pair) => pair.join('='))
      .join(' ')}`, async () => {
      assert.equal(await scan('tree', env), usual);
    });

  it('for a relative path, an absolute one, and one with dots', async () => {
    for (const tree of [join(top, 'tree'), './tree/', 'tree/drivers/..']) assert.equal(await scan(tree), usual, tree);
  });

  it('for the same files in another order of the directory', async () => {
    // A copy made the other way round: most file systems list files in the order in which they came.
    const source = join(top, 'tree');
    const copy = join(top, 'copy');
    for (const folder of ['include', 'drivers', 'Makefile'].reverse())
      cpSync(join(source, folder), join(copy, folder), { recursive: true });
    assert.equal(await scan('copy'), usual);
  });
});
