import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { copyFixture, fixturesFolder } from '../../dev/examples/example-tree.js';
import { type Ran, run as runCommand } from '../../dev/examples/run-command.js';
import { sample, some } from '../../dev/run/cases.js';
import { matrixFormats, scanFormats, seriesFormats } from '../formats/formats.js';

const clear = '\u001b[2J\u001b]0;title\u0007';
const reversed = '\u202e\u2066';
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8');

let top: string;
let linux: ExampleRepository;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'hostile-'));
  mkdirSync(join(top, 'tmp'));
  // Scratch folders are made below it.
  process.env['TMPDIR'] = join(top, 'tmp');
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  linux.write('drivers/odd/odd.c', stub);
  linux.commit('drivers: odd');
});
after(() => rmSync(top, { recursive: true }));

/** Runs a command in the repository; whatever comes in, no stack trace comes out. */
async function run(args: readonly string[], stdin = ''): Promise<Ran> {
  const ran = await runCommand(args, { cwd: linux.folder, env: { XDG_CACHE_HOME: join(top, 'cache') }, stdin });
  assert.doesNotMatch(ran.stderr, /^ {4}at /m);
  return ran;
}

/** What lies beside the repository, and in it. */
const listing = (): string => [readdirSync(top), linux.git('status', '--porcelain', '--ignored')].join('\n');

describe('file names that nobody would choose', () => {
  const names = [
    `a${clear}b.c`,
    `a\nb.c`,
    `${reversed}c.c`,
    '--output=x.c',
    `it's "quoted" $(touch pwned).c`,
    '<script>.c',
  ];
  let tree: string;
  before(() => {
    tree = join(top, 'names');
    copyFixture('invalidate-mappings', tree, ['drivers/misc/revocable']);
    for (const name of names)
      writeFileSync(join(tree, 'drivers/misc', name), stub.replaceAll('odd_', `odd_${names.indexOf(name)}_`));
  });

  for (const format of scanFormats)
    it(`are shown as they may be shown, as ${format}`, async () => {
      const { code, stdout, stderr } = await run(['scan', tree, '--format', format]);
      assert.ok(code === 0 || code === 1, stderr); // a review is made, whatever is in it
      assert.doesNotMatch(stdout + stderr, control);
    });

  for (const format of matrixFormats)
    it(`are shown as they may be shown in a matrix, as ${format}`, async () => {
      const { stdout, stderr } = await run(['matrix', tree, '--format', format]);
      assert.match(stdout, /odd_2_ops/);
      assert.doesNotMatch(stdout + stderr, control);
    });

  it('lead to a finding each', async () => {
    const { findings } = JSON.parse((await run(['scan', tree, '--format', 'json'])).stdout);
    const found = findings.map(({ file }: { readonly file: string }) => file);
    for (const name of names) assert.ok(found.includes(`drivers/misc/${name}`), name);
  });
});

describe('options in the place of revisions and files', () => {
  const before = (): string => listing();
  const guises: readonly (readonly string[])[] = [
    ['series', '--', '--output=pwned..HEAD'],
    ['series', '--', '--output=pwned'],
    ['series', 'HEAD..--output=pwned'],
    ['series', 'HEAD~1..HEAD', '--merge-with=--output=pwned..HEAD'],
    ['series', '--base=--output=pwned', '-'],
    ['scan', '--since=--output=pwned'],
    ['scan', '--', '--output=pwned'],
    ['matrix', '--against=--output=pwned'],
  ];
  for (const args of guises)
    it(`are taken for what they are in \`${args.join(' ')}\``, async () => {
      const was = before();
      const { code, stderr } = await run(args);
      assert.equal(code, 2, stderr);
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
      assert.equal(listing(), was);
    });
});

/** A mail with one change to one file. */
function mail(subject: string, from: string, to: string, body: string): string {
  return [
    'From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001',
    'From: A Developer <a@example.org>',
    'Date: Mon, 12 Jan 2026 10:00:00 +0000',
    `Subject: [PATCH] ${subject}`,
    '',
    '---',
    `diff --git ${from} ${to}`,
    body,
    '-- ',
    '2.39',
    '',
  ].join('\n');
}

const newFile = (path: string, lines: readonly string[], mode = '100644'): string =>
  `new file mode ${mode}\n--- /dev/null\n+++ ${path}\n@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join('\n')}`;

describe('mails of strangers', () => {
  const outside: Readonly<Record<string, string>> = {
    'a path that leads out of the tree': mail(
      'x',
      'a/../../pwned.c',
      'b/../../pwned.c',
      newFile('b/../../pwned.c', ['int a;']),
    ),
    'an absolute path': mail('x', 'a//tmp/pwned.c', 'b//tmp/pwned.c', newFile('b//tmp/pwned.c', ['int a;'])),
    'a quoted path that leads out': mail(
      'x',
      '"a/..\\057../pwned.c"',
      '"b/..\\057../pwned.c"',
      newFile('"b/..\\057../pwned.c"', ['int a;']),
    ),
    'the folder of git': mail(
      'x',
      'a/.git/hooks/post-checkout',
      'b/.git/hooks/post-checkout',
      newFile('b/.git/hooks/post-checkout', ['#!/bin/sh']),
    ),
    'a link, and a file below it': `${mail('x', 'a/drivers/link', 'b/drivers/link', `${newFile('b/drivers/link', ['../..'], '120000')}\n\\ No newline at end of file`)}${mail('y', 'a/drivers/link/pwned.c', 'b/drivers/link/pwned.c', newFile('b/drivers/link/pwned.c', ['int a;']))}`,
  };
  const usual = new Set(['a quoted path that leads out', 'a link, and a file below it']);
  for (const [what, text] of Object.entries(outside))
    it(`write nothing through ${what}`, sample(usual.has(what)), async () => {
      const was = listing();
      const { code, stderr } = await run(['series', '-', '--tree', '.'], text);
      assert.notEqual(code, 70, stderr);
      assert.equal(listing(), was);
      assert.equal(readdirSync(join(top, 'tmp')).length, 0);
    });

  it('have subjects and names that do not reach the terminal as they are', async () => {
    const text = mail(
      `${clear}${reversed} odd`,
      'a/drivers/odd/x.c',
      'b/drivers/odd/x.c',
      newFile('b/drivers/odd/x.c', stub.replaceAll('odd_', 'more_').trimEnd().split('\n')),
    );
    for (const format of some(seriesFormats, 2)) {
      const { code, stdout, stderr } = await run(['series', '-', '--tree', '.', '--format', format], text);
      assert.ok(code === 0 || code === 1, stderr); // a review is made, whatever is in it
      assert.doesNotMatch(stdout + stderr, control);
    }
  });

  it('promise what no file has, and are told that they do not apply', async () => {
    const promises = ['-1,999999999999 +1,999999999999', '-999999999999999999999,1 +1', '-0,0 +1,4294967297'];
    for (const counts of some(promises, 1)) {
      const body = `--- a/drivers/odd/odd.c\n+++ b/drivers/odd/odd.c\n@@ ${counts} @@\n no such line\n+int a;`;
      const text = mail('x', 'a/drivers/odd/odd.c', 'b/drivers/odd/odd.c', body);
      const { code, stdout } = await run(['series', '-', '--tree', '.'], text);
      assert.equal(code, 1, counts);
      assert.match(stdout, /\[series-does-not-apply\]/);
    }
  });
});

describe('sources that nobody wrote', () => {
  const importer = stub;
  const texts: Readonly<Record<string, string>> = {
    'a line of 10 MB in a comment': `${importer}/* ${'dma_buf_ '.repeat(1_200_000)}*/\n`,
    'a line of 10 MB in a string': `${importer}static const char *s = "${'dma_buf_ '.repeat(1_200_000)}";\n`,
    'a line of 10 MB of code': `${importer}int x[] = { ${'1, '.repeat(3_500_000)} };\n`,
    'null bytes': `${importer}\0\0\0int a;\0\n`,
    'bidi characters': `${importer}/* ${reversed} } return; ${reversed} */\n`,
    'nothing that is balanced': `${importer}${'{('.repeat(20_000)}\n`,
    'conditions 5000 deep': `${importer}${'#if A\n'.repeat(5000)}`,
  };
  const usual = new Set(['a line of 10 MB of code', 'null bytes', 'nothing that is balanced']);
  for (const [what, text] of Object.entries(texts))
    it(`of ${what} are read, and what stands before is judged`, sample(usual.has(what)), async () => {
      const tree = join(top, 'sources');
      copyFixture('invalidate-mappings', tree);
      mkdirSync(join(tree, 'drivers/hostile'), { recursive: true });
      writeFileSync(join(tree, 'drivers/hostile/hostile.c'), text);
      const { code, stdout, stderr } = await run(['scan', tree, '--format', 'json']);
      assert.equal(code, 1, stderr);
      const { findings } = JSON.parse(stdout);
      assert.ok(
        findings.some(({ file }: { readonly file: string }) => file === 'drivers/hostile/hostile.c'),
        what,
      );
      rmSync(tree, { recursive: true });
    });

  it('that are links in a circle, or devices, hang nothing', async () => {
    const tree = join(top, 'links');
    copyFixture('invalidate-mappings', tree);
    symlinkSync('..', join(tree, 'drivers/up'));
    symlinkSync('round.c', join(tree, 'drivers/round.c'));
    symlinkSync('/dev/zero', join(tree, 'drivers/zero.c'));
    symlinkSync('/dev/tty', join(tree, 'drivers/tty.h'));
    spawnSync('mkfifo', [join(tree, 'drivers/fifo.c')]);
    const { code, stderr } = await run(['scan', tree]);
    assert.ok(code === 0 || code === 1 || code === 3, stderr);
  });
});
