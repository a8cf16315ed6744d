import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { author } from '../examples/author.js';
import { copyFixture, fixturesFolder } from '../examples/example-tree.js';
import { run as runHere } from '../examples/run-command.js';
import { onlyInCi } from '../run/cases.js';
import { cli as program } from '../run/run-cli.js';

/** A parser that dies of certain words, as one in native code may: no handler of the process is asked. */
const fragileParser = `
import { writeFileSync } from 'node:fs';
import Parser from ${JSON.stringify(import.meta.resolve('tree-sitter'))};
const { parse } = Parser.prototype;
const isMoody = () => {
  if (!process.env.ONCE) return true;
  try {
    writeFileSync(process.env.ONCE, '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
};
Parser.prototype.parse = function (text, ...rest) {
  if (String(text).includes('deadly') && isMoody()) process.kill(process.pid, 'SIGSEGV');
  return parse.call(this, text, ...rest);
};
`;

let top: string;
let tree: string;
before(() => {
  top = mkdtempSync(join(tmpdir(), 'crash-'));
  tree = join(top, 'linux');
  copyFixture('invalidate-mappings', tree);
  const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8');
  mkdirSync(join(tree, 'drivers/odd'), { recursive: true });
  writeFileSync(join(tree, 'drivers/odd/stub.c'), stub);
  // It is looked into, as every function that uses the API is.
  const deadly =
    'int odd_deadly(struct dma_buf_attachment *attach)\n{\n\tint deadly = dma_buf_pin(attach);\n\n\treturn deadly;\n}\n';
  writeFileSync(join(tree, 'drivers/odd/deadly.c'), `#include <linux/dma-buf.h>\n\n${deadly}`);
  writeFileSync(join(top, 'fragile.mjs'), fragileParser);
});
after(() => rmSync(top, { recursive: true }));

/** Runs a command whose parser crashes each time, or once. */
function run(fragility: 'always' | 'once', command: string, ...args: readonly string[]) {
  const once = fragility === 'once' ? { ONCE: join(top, 'crashed') } : {};
  const fragile = { NODE_OPTIONS: `--import ${join(top, 'fragile.mjs')}`, ...once };
  return spawnSync(process.execPath, [program, command, tree, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...author, XDG_CACHE_HOME: join(top, 'cache'), ...fragile },
  });
}

/** Scans with a parser that does not crash, and the cache of the others. */
const scanSoundly = (...args: readonly string[]) =>
  runHere(['scan', tree, '--format', 'json', ...args], { env: { XDG_CACHE_HOME: join(top, 'cache') } });

describe('a parser that crashes', () => {
  const crash = 'dmabuf-lint: the parser crashed (SIGSEGV) on drivers/odd/deadly.c: odd_deadly(): it is left out\n';

  it('takes nothing down with it: what it crashed on is named, and left out', async () => {
    const { status, stdout, stderr } = run('always', 'scan', '--format', 'json');
    assert.equal(status, 1);
    assert.equal(stderr, crash);
    const result = JSON.parse(stdout);
    const whole = JSON.parse((await scanSoundly('--no-cache')).stdout);
    assert.deepEqual(result.importers, whole.importers);
    const ofDeadly = (gap: { readonly file: string }): boolean => gap.file === 'drivers/odd/deadly.c';
    const gaps = result.notAnalysed.filter(ofDeadly);
    assert.ok(gaps.length > 0);
    for (const { function: name, reason } of gaps) {
      assert.equal(name, 'odd_deadly');
      assert.match(reason, /cannot be parsed$/);
    }
    assert.deepEqual(whole.notAnalysed.filter(ofDeadly), []);
  });

  it('is survived by the other commands that analyse, too', onlyInCi, () => {
    const commands = [
      ['matrix'],
      ['docs', '--check'],
      ['baseline', '--output', join(top, 'baseline')],
      ['scan', '--fix-patch'],
    ] as const;
    for (const [command, ...args] of commands) {
      const { status, stderr } = run('always', command, ...args);
      assert.ok(stderr.startsWith(crash), `${command}: ${stderr}`);
      assert.ok(status === 0 || status === 1, `${command}: ${status}`);
    }
  });

  it('is told of where it does not happen again, and nothing is left out', onlyInCi, async () => {
    const { status, stdout, stderr } = run('once', 'scan', '--format', 'json', '--no-cache');
    assert.equal(
      stderr,
      'dmabuf-lint: the parser crashed (SIGSEGV), but not in a second attempt: nothing is left out\n',
    );
    assert.equal(status, 1);
    assert.deepEqual(JSON.parse(stdout).notAnalysed, JSON.parse((await scanSoundly()).stdout).notAnalysed);
  });

  it('leaves nothing that a later run would believe', async () => {
    const { stderr, stdout } = await scanSoundly();
    assert.equal(stderr, '');
    assert.deepEqual(
      JSON.parse(stdout).notAnalysed.filter(({ file }: { readonly file: string }) => file === 'drivers/odd/deadly.c'),
      [],
    );
  });

  it('is given up after some crashes, with what to do', onlyInCi, () => {
    const functions = Array.from(
      { length: 8 },
      (_, number) =>
        `int f${number}(struct dma_buf_attachment *attach)\n{\n\tint deadly = dma_buf_pin(attach);\n\n\treturn deadly;\n}\n`,
    );
    writeFileSync(join(tree, 'drivers/odd/more.c'), functions.join('\n'));
    const { status, stdout, stderr } = run('always', 'scan', '--no-cache');
    assert.deepEqual([status, stdout], [3, '']);
    const lines = stderr.trimEnd().split('\n');
    assert.equal(lines.length, 6);
    assert.match(lines.at(-1) ?? '', /nothing was analysed; exclude that file in the configuration, and report it$/);
  });
});
