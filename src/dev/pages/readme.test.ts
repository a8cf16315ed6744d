import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../examples/run-command.js';

const top = fileURLToPath(new URL('../../../..', import.meta.url));
const readme = readFileSync(join(top, 'README.md'), 'utf8');

/** Lines that vary from run to run, as they must. */
const withoutTime = (text: string): string => text.replace(/, \d+\.\d s\)$/gm, ', 0.0 s)');

/** What a text must look like for a listing whose `[...]` stands for any lines. */
function patternOf(listing: string): RegExp {
  const lines = listing.trimEnd().split('\n');
  const patterns = lines.map((line) =>
    line.trim() === '[...]' ? '(?:.*\\n)*?' : `${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\n`,
  );
  return new RegExp(`^${patterns.join('')}$`);
}

describe('the README', () => {
  it('shows a run as it is', async () => {
    const [, command = '', listing = ''] =
      /```console\n\$ node dist\/bundle\/cli\.js (.*)\n([\s\S]*?)```/.exec(readme) ?? [];
    const { code, stdout } = await run(command.split(' '), { cwd: top });
    assert.equal(code, 1);
    assert.match(withoutTime(stdout), patternOf(withoutTime(listing)));
  });

  it('names every command', async () => {
    const { stdout } = await run(['--help']);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name = '']) => name);
    assert.ok(commands.length > 8);
    for (const name of commands.filter((each) => each !== 'help'))
      assert.match(readme, new RegExp(`^\\| .*\\b${name}\\b`, 'm'), name);
  });
});
