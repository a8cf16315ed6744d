import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { run } from '../../dev/examples/run-command.js';
import { cli } from '../../dev/run/run-cli.js';

let top: string;
let repository: ExampleRepository;
let env: NodeJS.ProcessEnv;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'setup-'));
  // As it is found once it is installed.
  mkdirSync(join(top, 'bin'));
  symlinkSync(cli, join(top, 'bin', 'dmabuf-lint'));
  chmodSync(cli, 0o755);
  env = {
    ...process.env,
    PATH: [join(top, 'bin'), process.env['PATH']].join(delimiter),
    XDG_CACHE_HOME: join(top, 'cache'),
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  repository = makeRepository(join(top, 'linux'), 'invalidate-mappings');
});
after(() => rmSync(top, { recursive: true }));

const setup = (...names: readonly string[]) => run(['setup', ...names]);

async function printed(name: string): Promise<string> {
  const { code, stdout } = await setup(name);
  assert.equal(code, 0);
  return stdout;
}

/** Runs a script in a folder; what dmabuf-lint is told there is our own. */
function shell(script: string, cwd: string) {
  return spawnSync('sh', ['-s'], { input: script, cwd, encoding: 'utf8', env });
}

/** Every call of the tool in a text, as it would be typed. */
function commandsIn(text: string): readonly string[][] {
  const calls = text
    .split('\n')
    .filter((line) => !/^\s*(?:#|;|"|REM)/.test(line))
    .join('\n')
    .matchAll(/\bdmabuf-lint ((?:scan|series|lsp|kbuild)\b[^'"|)]*)/g);
  return [...calls].map(([, rest = '']) => rest.trim().split(/\s+/));
}

describe('dmabuf-lint setup', () => {
  it('lists what there is', async () => {
    const { code, stdout } = await setup();
    assert.equal(code, 0);
    const names = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/\s/)[0]);
    assert.deepEqual(names, ['gitlab', 'github', 'nipa', 'b4', 'pre-commit', 'vim', 'emacs']);
  });

  it('refuses what there is not, with the nearest name', async () => {
    const { code, stderr } = await setup('gitlap');
    assert.deepEqual([code, stderr], [2, "dmabuf-lint: no setup for 'gitlap'; did you mean 'gitlab'?\n"]);
  });

  it('speaks of commands and options that the tool has', async () => {
    const names = ['gitlab', 'github', 'nipa', 'b4', 'pre-commit', 'vim', 'emacs'];
    const calls = (await Promise.all(names.map(printed))).flatMap(commandsIn);
    assert.ok(calls.length >= 8);
    for (const [command = '', ...args] of calls) {
      const { stdout, code } = await run([command, '--help']);
      assert.equal(code, 0, command);
      for (const arg of args) if (arg.startsWith('--')) assert.ok(stdout.includes(arg), `${command} ${arg}`);
    }
  });

  it('prints a GitLab job whose reports are the files that it writes', async () => {
    const { script, artifacts } = parse(await printed('gitlab'))['dmabuf-lint'];
    for (const [format, path] of [
      ['gitlab', artifacts.reports.codequality],
      ['junit', artifacts.reports.junit],
    ])
      assert.ok(script.join('\n').includes(`--output ${format}=${path}`), path);
  });

  it('prints a GitHub workflow that uploads the file that it writes', async () => {
    const { jobs, permissions } = parse(await printed('github'));
    const { steps } = jobs['dmabuf-lint'];
    const upload = steps.find(({ uses }: { uses?: string }) => uses?.includes('upload-sarif'));
    assert.ok(steps.some(({ run }: { run?: string }) => run?.includes(`sarif=${upload.with.sarif_file}`)));
    assert.equal(permissions['security-events'], 'write');
  });

  it('prints the settings by which b4 calls it', async () => {
    assert.equal(shell(await printed('b4'), repository.folder).status, 0);
    const settings = repository.git('config', '--get-regexp', '^b4\\.').trimEnd().split('\n');
    assert.deepEqual(settings, [
      'b4.prep-perpatch-check-cmd dmabuf-lint series --format b4 -',
      'b4.review-perpatch-check-cmd dmabuf-lint series --format b4-review -',
    ]);
  });

  it('makes a test of NIPA that runs', async () => {
    const tests = join(top, 'nipa');
    mkdirSync(tests);
    assert.equal(shell(await printed('nipa'), tests).status, 0);
    assert.deepEqual(readdirSync(join(tests, 'dmabuf_lint')), ['info.json', 'test.sh']);
    assert.deepEqual(JSON.parse(readFileSync(join(tests, 'dmabuf_lint/info.json'), 'utf8')), { run: ['test.sh'] });
    repository.write('drivers/odd/odd.c', readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8'));
    repository.commit('drm/odd: import buffers');
    const { status, stdout } = spawnSync(join(tests, 'dmabuf_lint/test.sh'), {
      cwd: repository.folder,
      encoding: 'utf8',
      env,
    });
    assert.equal(status, 1);
    assert.match(stdout, /drivers\/odd\/odd\.c:15:40: error: .*\[pinned-importer-unmarked\]/);
  });

  it('prints a hook that lets a clean commit pass, and refuses one with an error', async () => {
    const hook = join(repository.folder, '.git/hooks/pre-commit');
    writeFileSync(hook, await printed('pre-commit'), { mode: 0o755 });
    const commit = () => {
      repository.git('add', '--all');
      const identity = ['-c', 'user.name=A. Developer', '-c', 'user.email=dev@example.org'];
      return spawnSync('git', [...identity, 'commit', '-m', 'x'], { cwd: repository.folder, encoding: 'utf8', env });
    };
    repository.write('drivers/odd/other.c', 'int other;\n');
    assert.equal(commit().status, 0);
    const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8').replaceAll('odd_', 'even_');
    repository.write('drivers/odd/even.c', stub);
    const { status, stdout, stderr } = commit();
    assert.equal(status, 1);
    assert.match(stdout + stderr, /drivers\/odd\/even\.c:15:\d+: error: /);
    repository.write('drivers/odd/even.c', stub.replace(/\t\.invalidate_mappings.*\n/, ''));
    assert.equal(commit().status, 0);
  });
});
