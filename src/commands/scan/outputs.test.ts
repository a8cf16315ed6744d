import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { run } from '../../dev/examples/run-command.js';

let top: string;
let tree: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'dmabuf-lint-'));
  tree = join(top, 'tree');
  cpSync(join(fixturesFolder, 'invalidate-mappings'), tree, { recursive: true });
});
after(() => rmSync(top, { recursive: true }));

const scan = (...args: readonly string[]) => run(['scan', tree, ...args], { cwd: top });

describe('scan --output', () => {
  it('writes what --format says to the file, and compiler lines to the pipe', async () => {
    const { code, stdout, stderr } = await scan('--format', 'json', '--output', 'out.json');
    assert.equal(code, 1);
    assert.match(stdout, /^drivers\/.*: (?:error|warning|note): /);
    assert.match(stderr, /^\d+ importers, /);
    assert.ok(JSON.parse(readFileSync(join(top, 'out.json'), 'utf8')).findings.length > 0);
  });

  it('writes several formats in one run', async () => {
    const { code } = await scan('--output', 'sarif=a.sarif', '--output', 'junit=a.xml', '--output', 'github=a.txt');
    assert.equal(code, 1);
    assert.equal(JSON.parse(readFileSync(join(top, 'a.sarif'), 'utf8')).version, '2.1.0');
    assert.match(readFileSync(join(top, 'a.xml'), 'utf8'), /^<\?xml /);
    assert.match(readFileSync(join(top, 'a.txt'), 'utf8'), /^::error /);
  });

  it('tells in one line what cannot be written, and writes none of the others', async () => {
    writeFileSync(join(top, 'file'), '');
    const { code, stdout, stderr } = await scan('--output', 'json=fresh.json', '--output', 'sarif=file/below.sarif');
    assert.deepEqual(
      [code, stdout, stderr],
      [2, '', 'dmabuf-lint: file/below.sarif: cannot be written: a part of the path is not a folder\n'],
    );
    assert.equal(existsSync(join(top, 'fresh.json')), false);
    assert.deepEqual(
      readdirSync(top).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('refuses an unknown format with the nearest name', async () => {
    const { code, stderr } = await scan('--output', 'serif=a');
    assert.equal(code, 2);
    assert.match(stderr, /^dmabuf-lint: --output serif=a: unknown format 'serif'.*sarif.*\n$/);
  });
});

describe('scan --format nipa', () => {
  it('gives the summary to the descriptor that it is told, and exits as NIPA reads it', async () => {
    const path = join(top, 'summary');
    const descriptor = openSync(path, 'w');
    const nipa = (...args: readonly string[]) =>
      run(['scan', tree, '--format', 'nipa', ...args], { env: { DESC_FD: String(descriptor) } });
    const failed = await nipa();
    assert.deepEqual([failed.code, failed.stderr], [1, '']);
    assert.match(readFileSync(path, 'utf8'), /^\d+ importers, .* not analysed\n$/);
    writeFileSync(join(top, 'calm.json'), '{"rules": {"pinned-importer-unmarked": "warning"}}');
    const errors = JSON.parse((await scan('--format', 'json')).stdout).findings.flatMap(
      ({ rule, severity }: { rule: string; severity: string }) => (severity === 'error' ? [[rule, 'warning']] : []),
    );
    writeFileSync(join(top, 'calm.json'), JSON.stringify({ rules: Object.fromEntries(errors) }));
    assert.equal((await nipa('--config', join(top, 'calm.json'))).code, 250);
  });

  it('says where the summary could not go', async () => {
    const { stderr } = await run(['scan', tree, '--format', 'nipa'], { env: { DESC_FD: 'x' } });
    assert.equal(stderr, 'dmabuf-lint: DESC_FD=x is not an open file descriptor: the summary is lost\n');
  });
});

describe('formats whose readers want nothing else', () => {
  it('leave standard error alone', async () => {
    for (const format of ['json', 'checkpatch', 'b4', 'b4-review'])
      assert.equal((await scan('--format', format)).stderr, '', format);
  });
});
