import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../examples/example-repository.js';
import { filesBelow, fixturesFolder } from '../examples/example-tree.js';
import { everyKind, runEither, sample } from '../run/cases.js';

const marked = 'drivers/rnic/unmarked/unmarked.c';

let top: string;
/** The user's repository. A hook of it, or `git rebase --exec` in it, runs the tool. */
let linux: ExampleRepository;
/** A repository that has nothing to do with the tree that is judged. */
let other: ExampleRepository;
/** The environment without what git may have set for this process. */
let plain: Readonly<Record<string, string | undefined>>;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'git-environment-'));
  mkdirSync(join(top, 'tmp'));
  const ofGit = Object.keys(process.env).filter((name) => name.startsWith('GIT_'));
  plain = {
    ...Object.fromEntries(ofGit.map((name) => [name, undefined])),
    XDG_CACHE_HOME: join(top, 'cache'),
    TMPDIR: join(top, 'tmp'),
    SOURCE_DATE_EPOCH: '0',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_COMMITTER_NAME: 'A. Developer',
    GIT_COMMITTER_EMAIL: 'dev@example.org',
  };
  linux = makeRepository(join(top, 'linux'), 'marker-field');
  linux.write(marked, readFileSync(join(fixturesFolder, 'marker-field', marked), 'utf8'));
  linux.commit('drivers');
  linux.write('drivers/odd/odd.c', readFileSync(join(linux.folder, marked), 'utf8').replaceAll('unmk', 'odd'));
  linux.commit('drivers: odd');
  writeFileSync(join(top, 'series.mbox'), linux.git('format-patch', '--stdout', '-1'));
  linux.write('drivers/odd/uncommitted.c', 'int odd;\n');
  other = makeRepository(join(top, 'other'), 'invalidate-mappings');
  other.git('checkout', '--quiet', '-b', 'elsewhere');
});
after(() => rmSync(top, { recursive: true }));

/** Commands that make commits, trees and indexes with git; `OUT` stands for a folder of the run's own. */
const making: readonly (readonly string[])[] = [
  ['scan', '--no-cache', '--fix-patch', 'OUT/patches'],
  ['docs', '--out', 'OUT/docs'],
  ['series', '--no-cache', '../series.mbox', '--base', 'HEAD~1', '--format', 'json'],
  ['scan', '--no-cache', '--since', 'HEAD~1', '--format', 'gcc'],
];

/** Every command that calls git. */
const commands: readonly (readonly string[])[] = [
  ...making,
  ['scan', '--no-cache', '--format', 'sarif'],
  ['series', '--no-cache', 'HEAD~1..HEAD', '--format', 'json'],
  ['series', '--no-cache', '../series.mbox', '--base', 'HEAD~1', '--format', 'b4'],
  ['docs', '--check'],
  ['baseline', '--no-cache', '--output', 'OUT/baseline.jsonl'],
  ['matrix', '--against', 'HEAD~1'],
];

/** A case in which every command is run; in the others those that make something with git. */
const thorough: ReadonlySet<string> = new Set(['GIT_DIR of the tree', 'GIT_INDEX_FILE']);
/** The case that always runs: what git sets. */
const usual: ReadonlySet<string> = new Set(['what git sets for a pre-commit hook of a linked work tree']);

interface Ran {
  readonly code: number;
  readonly said: string;
  /** What was written, by its path. */
  readonly files: readonly (readonly [path: string, text: string])[];
}

async function run(command: readonly string[], env: typeof plain, out: string): Promise<Ran> {
  mkdirSync(out, { recursive: true });
  const args = command.map((word) => word.replace('OUT', out));
  const { code, stdout, stderr } = await runEither(args, { cwd: linux.folder, env });
  const said = (stdout + stderr)
    .replaceAll(out, 'OUT')
    .replace(/"milliseconds": ?\d+|\d+\.\d s\b|"(?:start|end)TimeUtc": "[^"]*"/g, '');
  const files = filesBelow(out).map((path) => [path, readFileSync(join(out, path), 'utf8')] as const);
  return { code, said, files };
}

/** Two at a time. */
async function runAll(
  wanted: readonly (readonly string[])[],
  env: typeof plain,
  name: string,
): Promise<readonly Ran[]> {
  const results: Ran[] = [];
  for (let at = 0; at < wanted.length; at += 2) {
    const some = wanted.slice(at, at + 2);
    results.push(
      ...(await Promise.all(some.map((command, n) => run(command, env, join(top, 'out', name, `${at + n}`))))),
    );
  }
  return results;
}

/** Every file of a repository: refs, logs, index, objects, configuration, and the work tree; and its status. */
function state({ folder, git }: ExampleRepository): readonly string[] {
  const digest = (path: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex');
  const files = filesBelow(folder).map((path) => `${path} ${digest(path)}`);
  return [...files, git('--no-optional-locks', 'status', '--porcelain', '--branch')];
}

/** What a caller may leave in the environment: git itself for hooks, aliases and `rebase --exec`, or a user. */
const cases: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
  'GIT_DIR of the tree': () => ({ GIT_DIR: join(linux.folder, '.git') }),
  'GIT_DIR and GIT_WORK_TREE of another repository': () => ({
    GIT_DIR: join(other.folder, '.git'),
    GIT_WORK_TREE: other.folder,
  }),
  GIT_INDEX_FILE: () => ({ GIT_INDEX_FILE: join(linux.folder, '.git/index') }),
  'what git sets for a pre-commit hook of a linked work tree': () => ({
    GIT_DIR: join(linux.folder, '.git'),
    GIT_COMMON_DIR: join(linux.folder, '.git'),
    GIT_INDEX_FILE: join(linux.folder, '.git/index'),
    GIT_PREFIX: '',
    GIT_EDITOR: ':',
  }),
  'what git sets while a push is in quarantine': () => ({
    GIT_DIR: join(linux.folder, '.git'),
    GIT_OBJECT_DIRECTORY: join(other.folder, '.git/objects'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: join(linux.folder, '.git/objects'),
    GIT_QUARANTINE_PATH: join(other.folder, '.git/objects'),
  }),
  'GIT_OBJECT_DIRECTORY, GIT_WORK_TREE, GIT_NAMESPACE and others that say where': () => ({
    GIT_OBJECT_DIRECTORY: join(linux.folder, '.git/objects'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: join(other.folder, '.git/objects'),
    GIT_WORK_TREE: linux.folder,
    GIT_COMMON_DIR: join(other.folder, '.git'),
    GIT_NAMESPACE: 'elsewhere',
    GIT_PREFIX: 'drivers/',
    GIT_CEILING_DIRECTORIES: top,
    GIT_SHALLOW_FILE: '/nonexistent',
    GIT_GRAFT_FILE: '/nonexistent',
    GIT_REPLACE_REF_BASE: 'refs/heads/',
    GIT_TEMPLATE_DIR: join(other.folder, '.git'),
  }),
  'GIT_CONFIG_COUNT, and GIT_CONFIG_PARAMETERS as in an alias': () => ({
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'core.worktree',
    GIT_CONFIG_VALUE_0: other.folder,
    GIT_CONFIG_KEY_1: 'core.bare',
    GIT_CONFIG_VALUE_1: 'true',
    GIT_CONFIG_PARAMETERS: `'core.worktree'='${other.folder}' 'format.subjectPrefix'='PATCH odd'`,
    GIT_CONFIG: '/nonexistent',
  }),
  'what changes how git reads and prints': () => ({
    GIT_LITERAL_PATHSPECS: '0',
    GIT_ICASE_PATHSPECS: '1',
    GIT_EXTERNAL_DIFF: '/bin/false',
    GIT_DIFF_OPTS: '-u0',
    GIT_ATTR_SOURCE: 'HEAD',
    GIT_TRACE: '2',
    GIT_TRACE2: '2',
    GIT_DEFAULT_HASH: 'sha256',
    GIT_EXEC_PATH: '/nonexistent',
  }),
};

describe('the environment of a hook, an alias or a user', () => {
  let expected: readonly Ran[];
  before(async () => {
    expected = await runAll(everyKind ? commands : making, plain, 'plain');
    for (const [index, { code, said }] of expected.entries())
      assert.ok(code === 0 || code === 1, `${commands[index]?.join(' ')}: ${said}`);
    const patching = expected.filter(({ said }) => /patch(?:es)?; to apply/.test(said));
    assert.equal(patching.length, 2, 'scan --fix-patch and docs make patches');
  });

  for (const [name, variables] of Object.entries(cases))
    it(`changes neither repositories nor results: ${name}`, sample(usual.has(name)), async () => {
      const before = [state(linux), state(other)];
      const ran = await runAll(
        thorough.has(name) ? commands : making,
        { ...plain, ...variables() },
        name.replaceAll(/\W/g, '-'),
      );
      assert.deepEqual([state(linux), state(other)], before);
      for (const [index, result] of ran.entries())
        assert.deepEqual(result, expected[index], commands[index]?.join(' '));
    });
});
