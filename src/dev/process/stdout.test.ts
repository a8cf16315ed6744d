import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fixturesFolder } from '../examples/example-tree.js';
import { sample } from '../run/cases.js';
import { cli as program } from '../run/run-cli.js';

const tree = join(fixturesFolder, 'marker-field');
const commands: readonly (readonly string[])[] = [['rules'], ['scan', tree, '--no-cache'], ['matrix', tree]];

/** The command with which both are always tried; with the others in CI. */
const usual = 'scan';

/** What is said of the run itself; a scan also sums up what it found. */
const complaints = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => line !== '' && !/^\d+ importers,/.test(line))
    .join('\n');

describe('standard output', { skip: existsSync('/dev/full') ? false : 'there is no /dev/full' }, () => {
  for (const command of commands) {
    it(`that is full is told in one line, with exit code 3: ${command[0]}`, sample(command[0] === usual), () => {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [program, ...command], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(full);
      assert.equal(complaints(stderr), 'dmabuf-lint: standard output cannot be written: no space left on the device');
      assert.equal(status, 3);
    });

    it(`whose reader has gone ends silently: ${command[0]}`, sample(command[0] === usual), async () => {
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
