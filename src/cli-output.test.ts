import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fixturesFolder } from './dev/examples/example-tree.js';

const program = fileURLToPath(new URL('./cli.js', import.meta.url));
let top: string;
let tree: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'dmabuf-lint-'));
  tree = join(top, 'tree');
  cpSync(join(fixturesFolder, 'invalidate-mappings'), tree, { recursive: true });
});
after(() => rmSync(top, { recursive: true }));

function scan(...args: readonly string[]) {
  return spawnSync(process.execPath, [program, 'scan', tree, ...args], { encoding: 'utf8', cwd: top });
}

describe('scan --output', () => {
  it('writes what --format says to the file, and compiler lines to the pipe', () => {
    const { status, stdout, stderr } = scan('--format', 'json', '--output', 'out.json');
    assert.equal(status, 1);
    assert.match(stdout, /^drivers\/.*: (?:error|warning|note): /);
    assert.match(stderr, /^\d+ importers, /);
    assert.ok(JSON.parse(readFileSync(join(top, 'out.json'), 'utf8')).findings.length > 0);
  });

  it('writes several formats in one run', () => {
    const { status } = scan('--output', 'sarif=a.sarif', '--output', 'junit=a.xml', '--output', 'github=a.txt');
    assert.equal(status, 1);
    assert.equal(JSON.parse(readFileSync(join(top, 'a.sarif'), 'utf8')).version, '2.1.0');
    assert.match(readFileSync(join(top, 'a.xml'), 'utf8'), /^<\?xml /);
    assert.match(readFileSync(join(top, 'a.txt'), 'utf8'), /^::error /);
  });

  it('tells in one line what cannot be written, and writes none of the others', () => {
    writeFileSync(join(top, 'file'), '');
    const { status, stdout, stderr } = scan('--output', 'json=fresh.json', '--output', 'sarif=file/below.sarif');
    assert.deepEqual(
      [status, stdout, stderr],
      [2, '', 'dmabuf-lint: file/below.sarif: cannot be written: a part of the path is no folder\n'],
    );
    assert.equal(existsSync(join(top, 'fresh.json')), false);
    assert.deepEqual(
      readdirSync(top).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('refuses an unknown format with the nearest name', () => {
    const { status, stderr } = scan('--output', 'serif=a');
    assert.equal(status, 2);
    assert.match(stderr, /^dmabuf-lint: --output serif=a: unknown format 'serif'.*sarif.*\n$/);
  });
});

describe('scan --format nipa', () => {
  it('gives the summary to the descriptor that it is told, and exits as NIPA reads it', () => {
    const path = join(top, 'summary');
    const descriptor = openSync(path, 'w');
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [program, 'scan', tree, '--format', 'nipa', ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe', descriptor],
        env: { ...process.env, DESC_FD: '3' },
      });
    const failed = run();
    assert.deepEqual([failed.status, failed.stderr], [1, '']);
    assert.match(readFileSync(path, 'utf8'), /^\d+ importers, .* not analysed\n$/);
    writeFileSync(join(top, 'calm.json'), '{"rules": {"pinned-importer-unmarked": "warning"}}');
    const errors = JSON.parse(scan('--format', 'json').stdout).findings.flatMap(
      ({ rule, severity }: { rule: string; severity: string }) => (severity === 'error' ? [[rule, 'warning']] : []),
    );
    writeFileSync(join(top, 'calm.json'), JSON.stringify({ rules: Object.fromEntries(errors) }));
    assert.equal(run('--config', join(top, 'calm.json')).status, 250);
  });

  it('says where the summary could not go', () => {
    const { stderr } = spawnSync(process.execPath, [program, 'scan', tree, '--format', 'nipa'], {
      encoding: 'utf8',
      env: { ...process.env, DESC_FD: 'x' },
    });
    assert.equal(stderr, 'dmabuf-lint: DESC_FD=x is no open file descriptor: the summary went nowhere\n');
  });
});

describe('formats whose readers want nothing else', () => {
  it('leave standard error alone', () => {
    for (const format of ['json', 'checkpatch', 'b4', 'b4-review'])
      assert.equal(scan('--format', format).stderr, '', format);
  });
});
