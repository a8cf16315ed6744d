import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it, type TestContext } from 'node:test';
import { buildProgram } from '../cli/program.js';
import { type Shell, shells } from '../cli/verb.js';
import { verbs } from '../cli/verbs.js';
import { completionScript } from './completion.js';

const ruleIds = ['pin-leak', 'pin-unchecked', 'map-leak'];

function script(shell: string): string {
  return completionScript(shell, buildProgram(verbs), { rule: ruleIds, name: ['vim', 'vscode'] });
}

/** Whether a shell is there to be asked; a test is skipped where it is not. */
function isThere(shell: Shell, test: TestContext): boolean {
  const found = spawnSync(shell, ['-c', 'true']).status === 0;
  if (!found) test.skip(`${shell} is not installed`);
  return found;
}

/** What bash offers for the last of some words. */
function bashOffers(...words: readonly string[]): readonly string[] {
  const asked = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
  const text = `${script('bash')}\n${asked}\n_dmabuf_lint\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', text], { encoding: 'utf8', cwd: '/' });
  assert.equal(status, 0, stderr);
  return stdout.trim().split('\n').filter(Boolean).sort();
}

describe('completion', () => {
  for (const shell of shells)
    it(`is a script that ${shell} can read`, (test) => {
      if (!isThere(shell, test)) return;
      const { status, stderr } = spawnSync(shell, ['-nc', script(shell)], { encoding: 'utf8' });
      assert.deepEqual([status, stderr], [0, '']);
    });

  it('offers commands, options, choices, rules and folders in bash', (test) => {
    if (!isThere('bash', test)) return;
    assert.deepEqual(bashOffers('dmabuf-lint', 'scan', '--rule', 'pin-'), ['pin-leak', 'pin-unchecked']);
    assert.deepEqual(bashOffers('dmabuf-lint', 'setup', 'v'), ['vim', 'vscode']);
    assert.deepEqual(bashOffers('dmabuf-lint', 'ex'), ['explain']);
    assert.deepEqual(bashOffers('dmabuf-lint', 'docs', '--w'), ['--write']);
    assert.deepEqual(bashOffers('dmabuf-lint', 'scan', '--fail-on', ''), ['error', 'note', 'warning']);
    assert.deepEqual(bashOffers('dmabuf-lint', 'explain', 'pin-'), ['pin-leak', 'pin-unchecked']);
    assert.deepEqual(bashOffers('dmabuf-lint', 'scan', 'us'), ['usr']);
    assert.deepEqual(bashOffers('dmabuf-lint', 'series', '--base', 'x'), []);
  });

  it('offers the same in fish', (test) => {
    if (!isThere('fish', test)) return;
    const offers = (line: string): readonly string[] => {
      const text = `${script('fish')}\ncomplete -C '${line}'\n`;
      const { stdout } = spawnSync('fish', ['--no-config', '-c', text], { encoding: 'utf8', cwd: '/' });
      return stdout.split('\n').flatMap((each) => each.split('\t')[0] || []);
    };
    assert.deepEqual(offers('dmabuf-lint ex'), ['explain']);
    assert.deepEqual(offers('dmabuf-lint scan --fail-on '), ['error', 'note', 'warning']);
    assert.deepEqual(offers('dmabuf-lint explain pin-'), ['pin-leak', 'pin-unchecked']);
    assert.deepEqual(offers('dmabuf-lint setup v'), ['vim', 'vscode']);
  });

  it('is refused for another shell', () => {
    assert.throws(() => script('fisch'), /no completion for 'fisch'; did you mean 'fish'\?; there is bash, zsh, fish/);
  });
});
