import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fixturesFolder } from '../../../dev/examples/example-tree.js';
import { run } from '../../../dev/examples/run-command.js';
import { usualLimits } from './reach.js';

const importer = 'drivers/misc/staticimp/staticimp.c';
const exporter = 'drivers/misc/refuseall/refuseall.c';

let top: string;
let linux: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'part-'));
  linux = join(top, 'linux');
  cpSync(join(fixturesFolder, 'invalidate-mappings'), linux, { recursive: true });
  mkdirSync(join(linux, 'lib'));
  for (let number = 0; number < usualLimits.leastSources; number++) writeFileSync(join(linux, `lib/${number}.c`), '');
});
after(() => rmSync(top, { recursive: true }));

/** A patch that adds lines at the end of a file. */
function patchOf(path: string, added: readonly string[]): string {
  const lines = readFileSync(join(linux, path), 'utf8').trimEnd().split('\n');
  const context = lines.slice(-3).map((line) => ` ${line}\n`);
  return [
    'From: A Developer <a@example.org>\nSubject: [PATCH] add a function\n\n---\n',
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n`,
    `@@ -${lines.length - 2},3 +${lines.length - 2},${3 + added.length} @@\n`,
    ...context,
    ...added.map((line) => `+${line}\n`),
    '-- \n2.39\n',
  ].join('');
}

async function series(patch: string, ...options: readonly string[]): Promise<string> {
  const path = join(top, 'one.patch');
  writeFileSync(path, patch);
  const { stdout, stderr, code } = await run(['series', path, '--tree', linux, '--format', 'text', ...options]);
  assert.ok(code === 0 || code === 1, stderr);
  return stdout;
}

const leak = ['int added(int fd)', '{', '\tstruct dma_buf *buf = dma_buf_get(fd);', '\treturn 0;', '}'];
const summary = /\n\d+ patch[^\n]*\n$/;
const withoutSummary = (text: string): string => text.replace(summary, '\n');

describe('a series in a large tree', () => {
  it('is judged by the modules that it changes, and says so', async () => {
    const patch = patchOf(importer, leak);
    const part = await series(patch);
    const whole = await series(patch, '--whole');
    assert.match(part, /error: reference from dma_buf_get\(\) [^\n]*\[dmabuf-ref-leak, /);
    assert.equal(withoutSummary(part), withoutSummary(whole));
    assert.match(part, /; analysed around drivers\/misc\/staticimp \(--whole analyses the whole tree\) \(/);
    assert.doesNotMatch(whole, /analysed around/);
  });

  it('is judged by all of it where others see what it changes: an exporter, which importers meet', async () => {
    const ops = ['static const struct dma_buf_ops added_ops = {', '\t.map_dma_buf = NULL,', '};'];
    assert.doesNotMatch(await series(patchOf(exporter, ops)), /analysed around/);
  });

  it('is judged by all of it for a format that tells all of it', async () => {
    const path = join(top, 'one.patch');
    writeFileSync(path, patchOf(importer, leak));
    const { stdout } = await run(['series', path, '--tree', linux, '--format', 'json']);
    const { base } = JSON.parse(stdout);
    assert.ok(JSON.stringify(base ?? JSON.parse(stdout)).includes(exporter));
  });
});
