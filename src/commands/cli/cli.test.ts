import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { run } from '../../dev/examples/run-command.js';

const fixture = join(fixturesFolder, 'invalidate-mappings');

/** What is wrong with how it is called: one line that names the thing, exit 2, and nothing on stdout. */
async function assertRefused(args: readonly string[], message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await run(args);
  assert.match(stderr, message);
  assert.match(stderr, /^dmabuf-lint: [^\n]+\n$/);
  assert.equal(stdout, '');
  assert.equal(code, 2);
}

let top: string;
/** A tree with the core and one driver. */
function writeTree(name: string, code: string, config?: string): string {
  const root = join(top, name);
  for (const path of ['include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c', 'Makefile'])
    cpSync(join(fixture, path), join(root, path));
  mkdirSync(join(root, 'drivers/example'), { recursive: true });
  writeFileSync(join(root, 'drivers/example/example.c'), code);
  if (config !== undefined) writeFileSync(join(root, 'dmabuf-lint.json'), config);
  return root;
}

const clean = 'int f(void)\n{\n\treturn 0;\n}\n';
const drops = `#include <linux/dma-buf.h>
static void ex_invalidate(struct dma_buf_attachment *attach)
{
	dma_buf_unmap_attachment(attach, attach->priv, DMA_BIDIRECTIONAL);
}
static const struct dma_buf_attach_ops ex_ops = { .invalidate_mappings = ex_invalidate };
int ex_attach(struct ex_buf *buf, struct dma_buf *dmabuf)
{
	buf->attach = dma_buf_dynamic_attach(dmabuf, buf->dev, &ex_ops, buf);
	return PTR_ERR_OR_ZERO(buf->attach);
}
int ex_start(struct ex_buf *buf)
{
	struct dma_buf_attachment *attach = buf->attach;

	dma_resv_assert_held(attach->dmabuf->resv);
	dma_buf_pin(attach);
	return 0;
}
`;
const unparsable = drops.replace('\tdma_buf_pin(attach);', '\tif (dma_buf_pin(attach))\n\t\treturn 1;\n\t@ @ @;');

before(() => {
  top = mkdtempSync(join(tmpdir(), 'cli-'));
});
after(() => rmSync(top, { recursive: true, force: true }));

describe('the exit code of scan', () => {
  it('is 0 where there is nothing to say', async () => {
    const { code, stdout, stderr } = await run(['scan', writeTree('clean', clean)]);
    assert.equal(stdout, '');
    assert.match(stderr, /^0 importers, .*\n$/);
    assert.equal(code, 0);
  });

  it('is 1 for a finding at or above --fail-on, and 0 below it', async () => {
    const tree = writeTree('warned', drops);
    assert.match(
      (await run(['scan', tree])).stdout,
      /^drivers\/example\/example\.c:17:2: warning: .* \[pin-unchecked\]$/m,
    );
    assert.equal((await run(['scan', tree])).code, 0);
    assert.equal((await run(['scan', '--fail-on', 'warning', tree])).code, 1);
    assert.equal((await run(['scan', '--fail-on=note', tree])).code, 1);
    assert.equal((await run(['scan', fixture])).code, 1);
  });

  it('does not count what a comment suppresses, and the summary does', async () => {
    const order = '/* dmabuf-lint: ignore pin-unchecked -- cannot fail */';
    const tree = writeTree('suppressed', drops.replace('dma_buf_pin(attach);', `$& ${order}`));
    const { code, stdout, stderr } = await run(['scan', '--fail-on', 'note', '--format', 'gcc', tree]);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /; 0 errors, 0 warnings, 0 notes; 1 finding suppressed; 0 not analysed /);
    assert.match((await run(['scan', '--format', 'text', tree])).stdout, /; 1 finding suppressed; /);
    assert.doesNotMatch((await run(['scan', writeTree('unsuppressed', drops)])).stderr, /suppressed/);
    assert.match((await run(['explain', 'unused-suppression'])).stdout, /^unused-suppression\n/);
  });

  it('is 3 under --strict where something was not analysed, and only then', async () => {
    const tree = writeTree('gaps', unparsable);
    const { code, stdout } = await run(['scan', '--strict', tree]);
    assert.match(stdout, /^drivers\/example\/example\.c:\d+:1: note: not analysed/m);
    assert.equal(code, 3);
    assert.equal((await run(['scan', tree])).code, 0);
    assert.equal((await run(['scan', '--strict', writeTree('strict', clean)])).code, 0);
  });

  it('follows the configuration of the tree, or the one that is named', async () => {
    const tree = writeTree('configured', drops, '{ "rules": { "pin-unchecked": "error" } }');
    assert.equal((await run(['scan', tree])).code, 1);
    const other = join(top, 'other.json');
    writeFileSync(other, '{ "rules": { "pin-unchecked": "off" } }');
    const { code, stdout } = await run(['scan', '--config', other, tree]);
    assert.deepEqual([code, stdout], [0, '']);
  });
});

describe('an entry of exclude', () => {
  it('is told where it matches nothing', async () => {
    const tree = writeTree('excluding', drops, '{ "exclude": ["drivers/example", "drivers/exampel/"] }');
    const { stdout, stderr } = await run(['scan', tree]);
    assert.equal(stdout, '');
    assert.match(stderr, /^dmabuf-lint: exclude: 'drivers\/exampel\/' matches no file of the tree\n/);
    assert.doesNotMatch(stderr, /'drivers\/example'/);
    assert.equal((await run(['scan', '--format', 'b4', tree])).stderr, '', 'b4 takes every such line for a failure');
  });
});

describe('a single dash', () => {
  it('is standard output where a file is written', async () => {
    const json = (await run(['scan', '--format', 'json', fixture])).stdout.replace(/"milliseconds": \d+/, '');
    for (const args of [
      ['--output', 'json=-'],
      ['--format', 'json', '--output', '-'],
    ]) {
      const { stdout } = await run(['scan', fixture, ...args]);
      assert.equal(stdout.replace(/"milliseconds": \d+/, ''), json);
    }
    assert.equal((await run(['matrix', fixture, '--output', '-'])).stdout, (await run(['matrix', fixture])).stdout);
    const baseline = await run(['baseline', fixture, '--output', '-'], { cwd: top });
    assert.match(baseline.stdout, /^\{"version":1/);
    assert.match(baseline.stderr, /^baseline: \d+ findings: /);
    const known = await run(['scan', fixture, '--baseline', '-'], { stdin: baseline.stdout });
    assert.deepEqual([known.code, known.stdout], [0, '']);
  });

  it('is standard input where a file is read', async () => {
    const tree = writeTree('dash', drops);
    const stdin = '{ "rules": { "pin-unchecked": "error" } }';
    assert.equal((await run(['scan', tree, '--config', '-'], { stdin })).code, 1);
    assert.equal((await run(['matrix', tree, '--config', '-'], { stdin: '{}' })).code, 0);
    const { code, stderr } = await run(['scan', tree, '--config', '-'], { stdin: '{ "rule": {} }' });
    assert.equal(code, 2);
    assert.match(stderr, /^dmabuf-lint: standard input: unknown key 'rule'/);
  });
});

describe('a tree that cannot be analysed', () => {
  it('is refused in one line', async () => {
    mkdirSync(join(top, 'empty'));
    mkdirSync(join(top, 'other'));
    writeFileSync(join(top, 'other', 'a.c'), clean);
    writeFileSync(join(top, 'file'), clean);
    await assertRefused(['scan', join(top, 'missing')], /missing: no such folder/);
    await assertRefused(['scan', join(top, 'file')], /file: is a file/);
    await assertRefused(['scan', join(top, 'empty')], /empty: has no C source/);
    await assertRefused(['scan', join(top, 'other')], /other: has no include\/linux\/dma-buf\.h/);
  });

  it('cannot write to the terminal through its name', async () => {
    await assertRefused(['scan', 'no\u001b[31m\nsuch'], /no\\x1b\[31m\\x0asuch: no such folder/);
  });
});

describe('a configuration that cannot be used', () => {
  const wrong: Readonly<Record<string, readonly [text: string, message: RegExp]>> = {
    'with an unknown rule': [
      '{ "rules": { "pin-uncheked": "off" } }',
      /dmabuf-lint\.json: unknown rule 'pin-uncheked'; did you mean 'pin-unchecked'\?/,
    ],
    'that is no JSON': ['{\n\t"rules": {\n', /dmabuf-lint\.json: is not JSON: /],
    'with an unknown key': ['{ "rule": {} }', /dmabuf-lint\.json: unknown key 'rule'; did you mean 'rules'\?/],
  };
  for (const [what, [text, message]] of Object.entries(wrong))
    it(`is refused in one line: one ${what}`, async () => {
      await assertRefused(['scan', writeTree('wrong', clean, text)], message);
    });

  it('is refused in one line: one that is not there', async () => {
    await assertRefused(['scan', '--config', join(top, 'missing.json'), fixture], /missing\.json: cannot be read/);
  });
});

describe('a command line that cannot be understood', () => {
  const wrong: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
    'an unknown command': [['scna'], /unknown command 'scna'; did you mean scan\?/],
    'an unknown option': [['scan', '--stric'], /unknown option '--stric'; did you mean --strict\?/],
    'a word that would write to the terminal': [['\u001b[31m\n'], /unknown command '\\x1b\[31m\\x0a'/],
    'an unknown option of the program': [['--nosuch'], /unknown option '--nosuch'/],
    'an unknown format': [['scan', '--format', 'xml'], /'xml' is invalid.*text, json, html, gcc/],
    'an unknown severity': [['scan', '--fail-on', 'fatal'], /'fatal' is invalid.*error, warning, note/],
    'too many arguments': [['matrix', 'a', 'b'], /too many arguments/],
    'two names that lie in no tree': [
      ['scan', '/dev', '/proc'],
      /\/dev: is in no kernel tree: no folder above it has include/,
    ],
    'a rule that there is not': [['explain', 'nosuchrule'], /unknown rule 'nosuchrule'; there are: /],
    'a misspelt rule': [['explain', 'pin-uncheked'], /unknown rule 'pin-uncheked'; did you mean 'pin-unchecked'\?/],
    'no rule': [['explain'], /missing required argument 'rule'/],
  };
  for (const [what, [args, message]] of Object.entries(wrong))
    it(`is refused in one line: ${what}`, async () => {
      await assertRefused(args, message);
    });
});

describe('what is printed', () => {
  it('is the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'));
    const { code, stdout, stderr } = await run(['--version']);
    assert.deepEqual([code, stdout, stderr], [0, `${version}\n`, '']);
  });

  it('is help on stdout where it is asked for', async () => {
    for (const args of [['--help'], ['scan', '--help'], ['help', 'scan']]) {
      const { code, stdout, stderr } = await run(args);
      assert.match(stdout, /^Usage: dmabuf-lint /);
      assert.deepEqual([code, stderr], [0, '']);
    }
  });

  it('is help with the exit code 0, though the process around has failed', async (context) => {
    const before = process.exitCode;
    context.after(() => {
      process.exitCode = before;
    });
    process.exitCode = 5;
    const codes = await Promise.all([['help'], ['help', 'scan'], ['help', 'nosuch'], []].map((args) => run(args)));
    assert.deepEqual(
      codes.map(({ code }) => code),
      [0, 0, 2, 2],
    );
  });

  it('is one line a rule, and a page for each', async () => {
    const lines = (await run(['rules'])).stdout.trimEnd().split('\n');
    for (const line of lines) assert.match(line, /^[\w-]+ +(error|warning|note) +\w+ +\S.*$/);
    const { code, stdout, stderr } = await run(['explain', lines[0]?.split(' ')[0] ?? '']);
    assert.match(stdout, /\nWhy it matters\n/);
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('is the page of a rule by the name that checkpatch and b4 print, too', async () => {
    assert.equal((await run(['explain', 'PIN_LEAK'])).stdout, (await run(['explain', 'pin-leak'])).stdout);
  });

  it('is the tree in the current folder where none is named', async () => {
    assert.equal((await run(['scan'], { cwd: fixture })).stdout, (await run(['scan', fixture])).stdout);
  });

  it('is the same every time, but for the milliseconds', async () => {
    const once = async () =>
      (await run(['scan', '--format', 'json', fixture])).stdout.replace(/"milliseconds": \d+/, '');
    assert.equal(await once(), await once());
  });

  it('has no colour through a pipe, with and without NO_COLOR', async () => {
    for (const env of [{}, { NO_COLOR: '1' }]) {
      const { stdout, stderr } = await run(['scan', '--format', 'text', fixture], { env });
      assert.notEqual(stdout, '');
      assert.equal(`${stdout}${stderr}`.includes('\u001b'), false);
    }
  });
});
