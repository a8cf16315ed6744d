import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../../dev/examples/example-repository.js';
import { fixturesFolder } from '../../../dev/examples/example-tree.js';
import { run as runCommand } from '../../../dev/examples/run-command.js';
import { type ScanFormat, scanFormats } from '../../formats/formats.js';

const path = 'drivers/odd/odd.c';
/** An importer that does nothing when it is invalidated: an error of `pinned-importer-unmarked`. */
const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8');
const good = stub.replace(/\t\.invalidate_mappings.*\n/, '');
const order = '/* dmabuf-lint: ignore pinned-importer-unmarked -- hardware copes */';
const hidden = stub.replace(
  'static const struct dma_buf_attach_ops',
  `${order}\nstatic const struct dma_buf_attach_ops`,
);

let top: string;
let linux: ExampleRepository;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'change-'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  linux.write(path, good);
  linux.commit('odd: import buffers');
  linux.git('tag', 'clean');
});
after(() => rmSync(top, { recursive: true }));
beforeEach(() => {
  linux.git('checkout', '--quiet', '--force', '--detach', 'clean');
  linux.git('clean', '--quiet', '-fdx');
});

const run = (...args: readonly string[]) => runCommand(['scan', '.', ...args], { cwd: linux.folder });

interface Found {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

async function scan(...args: readonly string[]): Promise<{ readonly code: number; readonly told: readonly string[] }> {
  const { code, stdout, stderr } = await run('--format', 'json', ...args);
  assert.notEqual(stdout, '', stderr);
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Found[] };
  return { code, told: findings.map(({ rule, file, line }) => `${file}:${line} ${rule}`) };
}

describe('git', () => {
  it('is asked nothing twice for one scan since a revision', async () => {
    const [bin, log] = [join(top, 'bin'), join(top, 'asked')];
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), '#!/bin/sh\necho "$*" >>"$ASKED"; PATH=$REAL exec git "$@"\n', { mode: 0o755 });
    const PATH = process.env['PATH'] ?? '';
    linux.write(path, hidden);
    const env = { PATH: `${bin}:${PATH}`, REAL: PATH, ASKED: log };
    assert.equal((await runCommand(['scan', '.', '--since', 'clean'], { cwd: linux.folder, env })).code, 1);
    const asked = readFileSync(log, 'utf8').trimEnd().split('\n');
    assert.ok(asked.length > 5, asked.join('\n'));
    assert.deepEqual(
      asked.filter((question, index) => asked.indexOf(question) !== index),
      [],
    );
  });
});

describe('a change that suppresses its own defect', () => {
  const both = [`${path}:15 suppression-added`, `${path}:16 pinned-importer-unmarked`];

  it('is told with the defect, committed or not', async () => {
    linux.write(path, hidden);
    assert.deepEqual(await scan('--since', 'clean'), { code: 1, told: both });
    linux.commit('odd: no need to follow');
    assert.deepEqual(await scan('--since', 'clean'), { code: 1, told: both });
    assert.deepEqual(await scan('--since', 'HEAD'), { code: 0, told: [] }, 'in the base it counts');
    assert.deepEqual(await scan(), { code: 0, told: [] }, 'and in a scan of the tree as it is');
  });

  it('is told in every format', async () => {
    linux.write(path, hidden);
    const outputs = scanFormats.map((format): [ScanFormat, string] => [format, join(top, format)]);
    const { code } = await run(
      '--since',
      'HEAD',
      ...outputs.flatMap(([format, file]) => ['--output', `${format}=${file}`]),
    );
    assert.equal(code, 1);
    for (const [format, file] of outputs) {
      const text = readFileSync(file, 'utf8');
      assert.match(text, /suppression-added|SUPPRESSION_ADDED/, format);
      assert.match(text, /pinned-importer-unmarked|PINNED_IMPORTER_UNMARKED/, format);
      assert.match(text.replace(/\s+/g, ' '), /hardware copes/, format);
    }
  });

  it('is told in a new file, and in one that git does not know yet', async () => {
    linux.write('drivers/odd/even.c', hidden.replaceAll('odd_', 'even_'));
    const told = both.map((one) => one.replace('odd.c', 'even.c'));
    assert.deepEqual(await scan('--since', 'HEAD'), { code: 1, told });
  });

  it('is told of what is left after a fix', async () => {
    linux.write(path, hidden);
    const { code, stdout } = await run('--since', 'HEAD', '--fix-patch', join(top, 'fixes'));
    assert.match(stdout, /\[suppression-added\]/);
    assert.equal(code, 1);
  });
});

describe('a suppression that the revision has', () => {
  it('counts, also where its line and its file move', async () => {
    linux.write(path, hidden);
    linux.commit('odd: no need to follow');
    linux.write(path, `/* moved */\n\n\n${hidden}`);
    assert.deepEqual(await scan('--since', 'HEAD'), { code: 0, told: [] });
    linux.git('mv', path, 'drivers/odd/moved.c');
    assert.deepEqual(await scan('--since', 'HEAD'), { code: 0, told: [] });
  });
});

describe('a change of the configuration', () => {
  const settings = '{ "exclude": ["drivers/odd"] }';
  const told = ['dmabuf-lint.json:1 suppression-added', `${path}:15 pinned-importer-unmarked`];

  it('does not count, whether git knows it or not', async () => {
    linux.write(path, stub);
    linux.write('dmabuf-lint.json', settings);
    assert.deepEqual(await scan('--since', 'HEAD'), { code: 1, told });
    linux.commit('odd: a stub');
    assert.deepEqual(await scan('--since', 'clean'), { code: 1, told });
    assert.deepEqual(await scan('--since', 'clean', '--config', 'dmabuf-lint.json'), { code: 1, told });
  });

  it('does not stop the scan where it is broken, or a link', async () => {
    linux.write(path, stub);
    linux.write('dmabuf-lint.json', '{ "exclude": ');
    assert.deepEqual(await scan('--since', 'HEAD'), { code: 1, told });
    rmSync(join(linux.folder, 'dmabuf-lint.json'));
    symlinkSync('/dev/zero', join(linux.folder, 'dmabuf-lint.json'));
    assert.deepEqual(await scan('--since', 'HEAD'), { code: 1, told });
  });

  it('counts where the user names a file that is not of the tree', async () => {
    linux.write(path, stub);
    linux.write('own.json', settings);
    assert.deepEqual(await scan('--since', 'HEAD', '--config', 'own.json'), { code: 0, told: [] });
    linux.write('dmabuf-lint.json', settings);
    assert.deepEqual(await scan('--since', 'HEAD', '--config', 'dmabuf-lint.json'), { code: 0, told: [] });
  });

  it('leaves that of the revision in force', async () => {
    linux.write('dmabuf-lint.json', settings);
    linux.commit('odd: leave it out');
    linux.write(path, stub);
    linux.write('dmabuf-lint.json', '{}');
    assert.deepEqual(await scan('--since', 'HEAD'), { code: 0, told: [] });
  });
});

describe('a change of the baseline', () => {
  it('does not count, and each entry is told', async () => {
    const name = 'dmabuf-lint-baseline.jsonl';
    linux.write(name, '{"version":1}\n');
    linux.write('dmabuf-lint.json', `{ "baseline": "${name}" }`);
    linux.commit('tools: a baseline');
    linux.write(path, stub);
    await runCommand(['baseline', '.'], { cwd: linux.folder });
    const told = [`${name}:2 suppression-added`, `${path}:15 pinned-importer-unmarked`];
    assert.deepEqual(await scan('--since', 'HEAD'), { code: 1, told });
    assert.deepEqual(await scan('--since', 'HEAD', '--baseline', name), { code: 1, told });
    linux.commit('odd: a stub');
    assert.deepEqual(await scan('--since', 'HEAD~1'), { code: 1, told });
    assert.deepEqual(await scan(), { code: 0, told: [] });
  });

  it('that git does not know, and nobody named, is not of the change', async () => {
    await runCommand(['baseline', '.'], { cwd: linux.folder });
    assert.deepEqual(await scan('--since', 'HEAD'), { code: 0, told: [] });
  });
});
