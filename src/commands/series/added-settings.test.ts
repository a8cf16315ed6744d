import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { edited, good, hide, leak, path } from '../../dev/examples/leaking-driver.js';
import { run as runCommand } from '../../dev/examples/run-command.js';

let top: string;
let linux: ExampleRepository;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'settings-'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  linux.write(path, good);
  linux.commit('example: import buffers');
  linux.git('tag', 'clean');
});
after(() => rmSync(top, { recursive: true }));
beforeEach(() => {
  linux.git('checkout', '--quiet', '--force', '--detach', 'clean');
  linux.git('clean', '--quiet', '-fdx');
});

const run = (args: readonly string[], stdin = '', env: Readonly<Record<string, string>> = {}) =>
  runCommand(['series', ...args], { cwd: linux.folder, stdin, env });

interface Found {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly trace: readonly { readonly message: string }[];
}

/** What a range or a patch introduces, and the exit code. */
async function judge(args: readonly string[], stdin = ''): Promise<{ code: number; found: readonly Found[] }> {
  const { code, stdout, stderr } = await run([...args, '--format', 'json'], stdin);
  assert.notEqual(stdout, '', stderr);
  const { patches, series } = JSON.parse(stdout) as {
    readonly patches: readonly { readonly introduced: readonly Found[] }[];
    readonly series: readonly Found[];
  };
  return { code, found: [...patches.flatMap(({ introduced }) => introduced), ...series] };
}

const rulesOf = ({ found }: { readonly found: readonly Found[] }): readonly string[] =>
  found.map(({ rule }) => rule).sort();

const mailOf = (range: string): string => linux.git('format-patch', '--stdout', range);

describe('a series that changes the configuration', () => {
  /** A series of two patches: the first writes files, the second has the defect. */
  function commitBoth(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) linux.write(name, text);
    linux.commit('tools: set up');
    linux.write(path, edited(good, leak));
    linux.commit('example: simplify the error path');
  }

  it('is judged without it, and told', async () => {
    commitBoth({ 'dmabuf-lint.json': '{\n"rules": { "attach-leak": "off" },\n"exclude": ["drivers/example"]\n}\n' });
    const { code, found } = await judge(['clean..HEAD']);
    assert.equal(code, 1);
    assert.deepEqual(rulesOf({ found }), ['attach-leak', 'suppression-added', 'suppression-added']);
    const told = found.filter(({ rule }) => rule === 'suppression-added');
    assert.deepEqual(
      told.map(({ file, line }) => `${file}:${line}`),
      ['dmabuf-lint.json:2', 'dmabuf-lint.json:3'],
    );
  });

  it('is told though no patch touches dma-buf code', async () => {
    linux.write('dmabuf-lint.json', '{ "exclude": ["drivers/example"] }');
    linux.commit('tools: set up');
    const { code, stdout } = await run(['clean..HEAD', '--format', 'gcc']);
    assert.match(
      stdout,
      /^dmabuf-lint\.json:1:\d+: warning: this change leaves 'drivers\/example' out .* \[suppression-added\]$/m,
    );
    assert.equal(code, 1);
  });

  it('is told each entry that it adds to the baseline, with its reason', async () => {
    linux.write('dmabuf-lint-baseline.jsonl', '{"version":1}\n');
    linux.commit('tools: set up');
    const entry = {
      file: path,
      rule: 'attach-leak',
      subject: 'ex_import',
      source: 'x',
      occurrence: 0,
      message: '',
      reason: 'not ours',
      fingerprint: '',
    };
    linux.write('dmabuf-lint-baseline.jsonl', `{"version":1}\n${JSON.stringify(entry)}\n`);
    linux.commit('tools: record it');
    const { code, found } = await judge(['HEAD~1..HEAD']);
    assert.deepEqual(
      found.map(({ file, line, message }) => [file, line, message]),
      [
        [
          'dmabuf-lint-baseline.jsonl',
          2,
          `this change adds 'attach-leak' in ${path} to the baseline, with the reason 'not ours': the baseline from before the change counts`,
        ],
      ],
    );
    assert.equal(code, 1);
  });

  it('may make it stricter', async () => {
    linux.write('dmabuf-lint.json', '{ "exclude": ["fs"], "rules": { "pin-unchecked": "note" } }');
    linux.commit('tools: set up');
    linux.write('dmabuf-lint.json', '{ "rules": { "pin-unchecked": "error" } }');
    linux.commit('tools: be strict');
    assert.deepEqual(await judge(['HEAD~1..HEAD']), { code: 0, found: [] });
  });

  it('is judged with the configuration of its base, whatever is checked out', async () => {
    linux.write('dmabuf-lint.json', '{ "rules": { "attach-leak": "note" } }');
    linux.commit('tools: set up');
    linux.write(path, edited(good, leak));
    linux.commit('example: simplify the error path');
    const range = `${linux.git('rev-parse', 'HEAD~1').trim()}..${linux.git('rev-parse', 'HEAD').trim()}`;
    linux.git('checkout', '--quiet', '--detach', 'clean');
    linux.write('dmabuf-lint.json', '{ "exclude": ["drivers"] }');
    const { stdout, code } = await run([range]);
    assert.match(stdout, /: note: .* \[attach-leak\]$/m);
    assert.equal(code, 0);
  });

  it('is judged with a configuration of the user, and with the base of a named one that git knows', async () => {
    commitBoth({ 'ci/lint.json': '{ "rules": { "attach-leak": "off" } }' });
    const named = await judge(['clean..HEAD', '--config', 'ci/lint.json']);
    assert.ok(rulesOf(named).includes('attach-leak'));
    linux.write('own.json', '{ "rules": { "attach-leak": "off" } }');
    assert.deepEqual(rulesOf(await judge(['clean..HEAD', '--config', 'own.json'])), []);
  });
});

describe('b4, which asks for one patch after the other with the branch at its last', () => {
  /** The answers to the patches of a range. */
  async function ask(range: string): Promise<readonly string[]> {
    const mails = mailOf(range).split(/^(?=From [0-9a-f]{40} )/m);
    const answers = [];
    for (const mail of mails) {
      const { stdout, stderr } = await run(['-', '--format', 'b4'], mail);
      assert.equal(stderr, '');
      answers.push(stdout);
    }
    return answers;
  }

  it('gets the configuration of where the branch begins for every patch', async () => {
    linux.write('dmabuf-lint.json', '{ "exclude": ["drivers/example"] }');
    linux.commit('tools: set up');
    linux.write(path, edited(good, leak));
    linux.commit('example: simplify the error path');
    linux.write('dmabuf-lint.json', '{ "rules": { "attach-leak": "off" } }');
    linux.commit('tools: set up more');
    const [first, second, third] = await ask('clean..HEAD');
    assert.match(
      first ?? '',
      /^dmabuf-lint\.json:1: WARNING:SUPPRESSION_ADDED: this change leaves 'drivers\/example' out/,
    );
    assert.match(second ?? '', /ERROR:ATTACH_LEAK: /);
    assert.match(third ?? '', /WARNING:SUPPRESSION_ADDED: this change switches 'attach-leak' off/);
  });

  it('gets no suppression of an earlier patch counted', async () => {
    linux.write(path, edited(good, hide));
    linux.commit('example: prepare');
    linux.write(path, edited(good, leak, hide));
    linux.commit('example: simplify the error path');
    const [first, second] = await ask('clean..HEAD');
    assert.match(first ?? '', /WARNING:SUPPRESSION_ADDED: /);
    assert.match(second ?? '', /ERROR:ATTACH_LEAK: /);
    assert.doesNotMatch(second ?? '', /SUPPRESSION_ADDED/);
  });

  it('gets those of the base counted', async () => {
    linux.write(path, edited(good, leak, hide));
    linux.commit('example: with a suppression');
    linux.write(path, edited(good, leak, hide, ['int ret;', 'int ret = 0;']));
    linux.commit('example: one');
    linux.write(path, edited(good, leak, hide, ['int ret;', 'int ret = 1;']));
    linux.commit('example: two');
    assert.deepEqual(await ask('HEAD~2..HEAD'), ['', '']);
  });
});
