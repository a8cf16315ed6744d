import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fixturesFolder } from './dev/examples/example-tree.js';

const program = fileURLToPath(new URL('./cli.js', import.meta.url));
const tree = join(fixturesFolder, 'marker-field');
const commands: readonly (readonly string[])[] = [['rules'], ['scan', tree, '--no-cache'], ['matrix', tree]];

/** What is said of the run itself; a scan also sums up what it found. */
const complaints = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => line !== '' && !/^\d+ importers,/.test(line))
    .join('\n');

describe('standard output', { skip: existsSync('/dev/full') ? false : 'there is no /dev/full' }, () => {
  for (const command of commands) {
    it(`that is full is told in one line, with exit code 3: ${command[0]}`, () => {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [program, ...command], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(full);
      assert.equal(complaints(stderr), 'dmabuf-lint: standard output cannot be written: no space left on the device');
      assert.equal(status, 3);
    });

    it(`whose reader has gone ends silently: ${command[0]}`, async () => {
      const child = spawn(process.execPath, [program, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      let said = '';
      child.stderr.on('data', (bytes: Buffer) => {
        said += bytes.toString('utf8');
      });
      const code = await new Promise((resolve) => child.on('close', resolve));
      assert.equal(complaints(said), '');
      assert.ok(code === 0 || code === 1, `exit code ${code}`);
    });
  }
});
