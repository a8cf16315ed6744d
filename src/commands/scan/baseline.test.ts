import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { copyFixture } from '../../dev/examples/example-tree.js';
import { run as runCommand } from '../../dev/examples/run-command.js';

const unmarked = 'drivers/rnic/unmarked/unmarked.c';
/** The drivers in which something is found. */
const drivers = ['misc/asknobody', 'misc/refuseall', 'rnic/unmarked', 'rnic/unpinned', 'rnic/wrongmark'].map(
  (name) => `drivers/${name}`,
);
const fileName = 'dmabuf-lint-baseline.jsonl';

let top: string;
let tree: string;
let file: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'baseline-'));
  tree = join(top, 'tree');
  file = join(tree, fileName);
  copyFixture('marker-field', tree, drivers);
});
afterEach(() => rmSync(top, { recursive: true }));

const run = (...args: readonly string[]) => runCommand(args, { cwd: top, env: { XDG_CACHE_HOME: join(top, 'cache') } });

function git(...args: readonly string[]): Buffer {
  const identity = ['-c', 'user.name=A. Developer', '-c', 'user.email=dev@example.org', '-c', 'commit.gpgSign=false'];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...identity, ...args], { cwd: tree, stdio: 'pipe', env });
}

interface Json {
  readonly findings: readonly { readonly rule: string; readonly file: string }[];
  readonly unchanged?: number;
  readonly fixed?: readonly { readonly rule: string; readonly file: string; readonly subject: string }[];
}

async function scan(...args: readonly string[]): Promise<Json & { readonly code: number }> {
  const { code, stdout, stderr } = await run('scan', tree, '--format', 'json', ...args);
  assert.equal(stderr, '');
  return { ...JSON.parse(stdout), code };
}

function edit(path: string, change: (text: string) => string): void {
  const text = readFileSync(join(tree, path), 'utf8');
  assert.notEqual(change(text), text);
  writeFileSync(join(tree, path), change(text));
}

/** Another importer in a file, with the defect of the first. */
function addImporter(path: string): void {
  edit(path, (text) => `${text}\n${text.replace(/#include.*\n/g, '').replaceAll('unmk', 'seed')}`);
}

async function refused(message: RegExp, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run(...args);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, message);
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
}

describe('dmabuf-lint baseline', () => {
  it('writes what is found into the tree, the same each time', async () => {
    const { code, stdout, stderr } = await run('baseline', tree);
    assert.equal(code, 0);
    assert.equal(stdout, `${file}: 5 findings: 5 new, 0 kept, 0 fixed and dropped\n`);
    assert.equal(stderr, `to leave these findings out: dmabuf-lint scan --baseline ${file}\n`);
    const text = readFileSync(file, 'utf8');
    assert.equal(text.trimEnd().split('\n').length, 6);
    assert.match((await run('baseline', tree)).stdout, /: 5 findings: 0 new, 5 kept, 0 fixed and dropped\n$/);
    assert.equal(readFileSync(file, 'utf8'), text);
    assert.deepEqual(
      readdirSync(tree).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('keeps the reasons that people wrote, also where the file was renamed, and drops what is fixed', async () => {
    await run('baseline', tree);
    edit(fileName, (text) => text.replaceAll('"reason":""', '"reason":"hardware cannot, see the manual"'));
    renameSync(join(tree, 'drivers/rnic/unmarked'), join(tree, 'drivers/rnic/elsewhere'));
    rmSync(join(tree, 'drivers/rnic/wrongmark'), { recursive: true });
    assert.match((await run('baseline', tree)).stdout, /: 4 findings: 0 new, 4 kept, 1 fixed and dropped\n$/);
    const entries = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line));
    assert.ok(entries.some((entry) => entry.file === 'drivers/rnic/elsewhere/unmarked.c'));
    for (const entry of entries) assert.equal(entry.reason, 'hardware cannot, see the manual');
  });

  it('writes where it is told, or where the configuration says', async () => {
    await run('baseline', tree, '--output', 'new/folder/x.jsonl');
    assert.ok(existsSync(join(top, 'new/folder/x.jsonl')) && !existsSync(file));
    writeFileSync(join(tree, 'dmabuf-lint.json'), '{ "baseline": "ci/known.jsonl" }');
    assert.equal((await run('baseline', tree)).stderr, '');
    assert.ok(existsSync(join(tree, 'ci/known.jsonl')));
  });

  /** Two branches that each add an importer with its finding, and then become one. */
  async function mergeBranches(files: Readonly<Record<string, string>>, attributes: string): Promise<void> {
    await run('baseline', tree);
    writeFileSync(join(tree, '.gitattributes'), attributes);
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-qm', 'base');
    for (const [branch, path] of Object.entries(files)) {
      git('checkout', '-qb', branch, 'main');
      cpSync(join(tree, unmarked), join(tree, path));
      edit(path, (text) => text.replaceAll('unmk', branch));
      await run('baseline', tree);
      git('add', '-A');
      git('commit', '-qm', branch);
    }
    git('merge', '-q', '-m', 'both', Object.keys(files)[0] ?? '');
  }

  it('is merged by git where two branches add to it', async () => {
    await mergeBranches({ one: 'drivers/misc/asknobody/seed.c', two: 'drivers/rnic/wrongmark/seed.c' }, '');
    const { code, findings, unchanged } = await scan('--baseline', file);
    assert.deepEqual([code, findings, unchanged], [0, [], 7]);
  });

  it('is merged by git where both add at the same place, if it is told to take both', async () => {
    await mergeBranches({ one: 'drivers/rnic/x1.c', two: 'drivers/rnic/x2.c' }, '*.jsonl merge=union\n');
    const { code, findings, unchanged } = await scan('--baseline', file);
    assert.deepEqual([code, findings, unchanged], [0, [], 7]);
  });

  it('is refused with its place where a merge left markers in it', async () => {
    await assert.rejects(mergeBranches({ one: 'drivers/rnic/x1.c', two: 'drivers/rnic/x2.c' }, ''));
    await refused(
      /\.jsonl:7: is a conflict marker of a merge; keep the entries of both/,
      'scan',
      tree,
      '--baseline',
      file,
    );
  });

  it('is refused where it cannot be written, or where what is there would be lost', async () => {
    await refused(
      /^dmabuf-lint: .*a part of the path is not a folder\n$/,
      'baseline',
      tree,
      '--output',
      join(tree, 'Makefile/x'),
    );
    writeFileSync(file, 'nonsense\n');
    await refused(/^dmabuf-lint: .*\.jsonl:1: is not a JSON object/, 'baseline', tree);
    assert.equal(readFileSync(file, 'utf8'), 'nonsense\n');
    await refused(/Makefile:1: is not a JSON/, 'baseline', tree, '--output', join(tree, 'Makefile'));
  });
});

describe('dmabuf-lint scan --baseline', () => {
  beforeEach(async () => {
    assert.equal((await run('baseline', tree)).code, 0);
  });

  it('leaves out what is in it, and counts only what is new', async () => {
    const { code, stdout, stderr } = await run('scan', tree, '--baseline', file);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /; 0 errors, 0 warnings, 0 notes new; 5 old findings left out \(.*\.jsonl\); 0 not/);
    addImporter(unmarked);
    const { findings, ...others } = await scan('--baseline', file);
    assert.deepEqual([others.code, others.unchanged, others.fixed], [1, 5, []]);
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['pinned-importer-unmarked'],
    );
  });

  it('knows findings again that moved, with or without their file', async () => {
    edit(unmarked, (text) => `/* moved */\n\n\n${text}`);
    assert.deepEqual((await scan('--baseline', file)).findings, []);
    renameSync(join(tree, unmarked), join(tree, 'drivers/rnic/other.c'));
    const { code, findings, unchanged, fixed } = await scan('--baseline', file);
    assert.deepEqual([code, findings, unchanged, fixed], [0, [], 5, []]);
  });

  it('names what is fixed', async () => {
    rmSync(join(tree, unmarked));
    const { fixed } = await scan('--baseline', file);
    assert.deepEqual(
      fixed?.map(({ rule, subject }) => [rule, subject]),
      [['pinned-importer-unmarked', 'unmk_ops']],
    );
    const line = /^fixed: drivers\/rnic\/unmarked\/unmarked\.c: .* \[pinned-importer-unmarked\]$/m;
    assert.match((await run('scan', tree, '--baseline', file)).stderr, line);
    assert.match((await run('scan', tree, '--baseline', file, '--format', 'text')).stdout, line);
  });

  it('calls nothing fixed that it did not look at', async () => {
    writeFileSync(
      join(tree, 'dmabuf-lint.json'),
      '{ "rules": { "stub-callback": "off" }, "exclude": ["drivers/misc"] }',
    );
    const { code, stderr } = await run('scan', tree, '--baseline', file);
    assert.equal(code, 0);
    assert.match(stderr, /2 old findings left out .*; 3 of the baseline not checked;/);
    assert.doesNotMatch(stderr, /fixed/);
  });

  it('is what the configuration says, unless it is told otherwise', async () => {
    writeFileSync(join(tree, 'dmabuf-lint.json'), `{ "baseline": "${fileName}" }`);
    assert.equal((await scan()).unchanged, 5);
    const { code, findings, unchanged, fixed } = await scan('--no-baseline');
    assert.deepEqual([code, findings.length, unchanged, fixed], [1, 5, undefined, undefined]);
  });

  it('is refused where it is missing or broken', async () => {
    await refused(
      /^dmabuf-lint: none\.jsonl: no such baseline; write it with /,
      'scan',
      tree,
      '--baseline',
      'none.jsonl',
    );
    writeFileSync(file, '{"version":7}\n');
    await refused(/\.jsonl:1: is a baseline of version 7/, 'scan', tree, '--baseline', file);
    await refused(/cannot be read/, 'scan', tree, '--baseline', tree);
  });
});

describe('dmabuf-lint scan --since', () => {
  beforeEach(() => {
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-qm', 'base');
  });

  it('reports only what is new, whether it is committed or not, and touches nothing', async () => {
    assert.deepEqual((await scan('--since', 'HEAD')).findings, []);
    addImporter(unmarked);
    const before = git('status', '--porcelain').toString();
    for (const cache of [[], [], ['--no-cache']]) {
      const { code, findings, unchanged } = await scan('--since', 'HEAD', ...cache);
      assert.deepEqual([code, findings.map(({ rule }) => rule), unchanged], [1, ['pinned-importer-unmarked'], 5]);
    }
    assert.equal(git('status', '--porcelain').toString(), before);
    git('commit', '-qam', 'more');
    assert.deepEqual((await scan('--since', 'HEAD')).findings, []);
    assert.equal((await scan('--since', 'HEAD~1')).findings.length, 1);
  });

  it('sees files that git does not know yet', async () => {
    cpSync(join(tree, unmarked), join(tree, 'drivers/rnic/seed.c'));
    edit('drivers/rnic/seed.c', (text) => text.replaceAll('unmk', 'seed'));
    assert.deepEqual(
      (await scan('--since', 'main')).findings.map(({ file: path }) => path),
      ['drivers/rnic/seed.c'],
    );
  });

  it('knows findings again that moved, and under renamed files, added or not', async () => {
    edit(unmarked, (text) => `/* moved */\n\n\n${text}`);
    assert.deepEqual((await scan('--since', 'HEAD')).findings, []);
    renameSync(join(tree, unmarked), join(tree, 'drivers/rnic/other.c'));
    assert.deepEqual((await scan('--since', 'HEAD')).findings, []);
    git('add', '-A');
    const { code, findings, unchanged, fixed } = await scan('--since', 'HEAD');
    assert.deepEqual([code, findings, unchanged, fixed], [0, [], 5, []]);
  });

  it('names what is fixed', async () => {
    rmSync(join(tree, unmarked));
    assert.deepEqual(
      (await scan('--since', 'HEAD')).fixed?.map(({ subject }) => subject),
      ['unmk_ops'],
    );
  });

  it('leaves out what either of a revision and a baseline knows', async () => {
    addImporter(unmarked);
    await run('baseline', tree);
    cpSync(join(tree, unmarked), join(tree, 'drivers/rnic/seed.c'));
    edit('drivers/rnic/seed.c', (text) => text.replaceAll(/unmk|seed/g, (name) => `${name}2`));
    const { findings, unchanged } = await scan('--since', 'HEAD', '--baseline', file);
    assert.deepEqual([findings.map(({ file: path }) => path), unchanged], [Array(2).fill('drivers/rnic/seed.c'), 6]);
  });

  it('is refused without a revision or a repository', async () => {
    await refused(/^dmabuf-lint: nonesuch: no such revision in /, 'scan', tree, '--since', 'nonesuch');
    await refused(/no such revision/, 'scan', tree, '--since=--output=x');
    // A folder of the tree is no mistake: it is the part that is shown.
    const part = await run('scan', join(tree, 'drivers'), '--since', 'HEAD', '--format', 'json');
    assert.deepEqual([part.code, JSON.parse(part.stdout).findings], [0, []]);
    rmSync(join(tree, '.git'), { recursive: true });
    await refused(/is not a git repository; use a baseline/, 'scan', tree, '--since', 'HEAD');
  });
});
