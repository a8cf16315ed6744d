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
import { onlyInCi } from '../../dev/run/cases.js';
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

const setup = (...args: readonly string[]) => run(['setup', ...args]);
const digits = '0123456789abcdef'.repeat(4);
const pinned = `https://example.org/dmabuf-lint.git#${digits.slice(0, 40)}`;
const installing: ReadonlySet<string> = new Set(['gitlab', 'github', 'container']);

async function printed(name: string): Promise<string> {
  const { code, stdout } = await setup(name, ...(installing.has(name) ? ['--from', pinned] : []));
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
    assert.deepEqual(names, ['gitlab', 'github', 'container', 'nipa', 'b4', 'pre-commit', 'vim', 'vscode', 'emacs']);
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

  it('installs the tool from a pinned source that the user names, and from nothing else', async () => {
    const sources: Readonly<Record<string, RegExp>> = {
      [pinned]:
        /git clone [^\n]*https:\/\/example\.org\/dmabuf-lint\.git [\s\S]*checkout [^\n]*0123456789abcdef0123456789abcdef01234567/,
      [`https://example.org/x.tgz#sha256=${digits}`]: /echo '(?:0123456789abcdef){4} [^\n]*sha256sum/,
      'https://npm.example.org/#@kernel/dmabuf-lint@0.1.0':
        /npm install [^\n]*--registry https:\/\/npm\.example\.org\/ @kernel\/dmabuf-lint@0\.1\.0/,
    };
    for (const name of installing)
      for (const [source, expected] of Object.entries(sources)) {
        const { code, stdout } = await setup(name, '--from', source);
        assert.equal(code, 0);
        assert.match(stdout, expected);
        assert.doesNotMatch(stdout, /npx|@install@/);
      }
    const refused = [
      'dmabuf-lint',
      'https://example.org/x.git#main',
      'https://example.org/x.tgz',
      `x'; rm -rf y#${digits}`,
    ];
    for (const source of refused) {
      const { code, stdout, stderr } = await setup('gitlab', '--from', source);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^dmabuf-lint: --from [^\n]*: is not a pinned source; name a git URL and a commit/);
    }
    assert.match(
      (await setup('github')).stderr,
      /^dmabuf-lint: setup github: say where it is installed from, with --from/,
    );
    assert.match((await setup('vim', '--from', pinned)).stderr, /setup vim installs nothing/);
  });

  it('prints a GitLab job whose reports are the files that it writes', async () => {
    const { before_script: steps, script, artifacts } = parse(await printed('gitlab'))['dmabuf-lint'];
    for (const [format, path] of [
      ['gitlab', artifacts.reports.codequality],
      ['junit', artifacts.reports.junit],
    ])
      assert.ok(script.join('\n').includes(`--output ${format}=${path}`), path);
    assert.match(steps.at(-1), /^npm install --global /);
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

  it('makes a test of NIPA that runs', onlyInCi, async () => {
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

  it('prints a hook that judges what is staged, not the work tree', onlyInCi, async () => {
    const hook = join(repository.folder, '.git/hooks/pre-commit');
    writeFileSync(hook, await printed('pre-commit'), { mode: 0o755 });
    const commit = (...args: readonly string[]) => {
      const identity = ['-c', 'user.name=A. Developer', '-c', 'user.email=dev@example.org'];
      const { status, stdout, stderr } = spawnSync('git', [...identity, 'commit', '-m', 'x', ...args], {
        cwd: repository.folder,
        encoding: 'utf8',
        env,
      });
      return { status, told: stdout + stderr };
    };
    const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8').replaceAll('odd_', 'staged_');
    const good = stub.replace(/\t\.invalidate_mappings.*\n/, '');
    const path = 'drivers/odd/staged.c';
    // Staged with the defect, and corrected in the work tree only.
    repository.write(path, stub);
    repository.git('add', path);
    repository.write(path, good);
    const bad = commit();
    assert.equal(bad.status, 1, bad.told);
    assert.match(bad.told, /drivers\/odd\/staged\.c:15:\d+: error: /);
    // Staged without it; the work tree holds it, and so does a file that git does not know.
    repository.git('add', path);
    repository.write(path, stub);
    repository.write('drivers/odd/unknown.c', stub.replaceAll('staged_', 'unknown_'));
    assert.equal(commit().status, 0);
    // `git commit <file>` makes an index of its own.
    const named = commit(path);
    assert.equal(named.status, 1, named.told);
    assert.match(named.told, /drivers\/odd\/staged\.c:15:\d+: error: /);
    rmSync(join(repository.folder, 'drivers/odd/unknown.c'));
    repository.git('checkout', '--quiet', '--force', 'HEAD');
    rmSync(hook);
  });

  it('finds the tree from vim by the header, however many Kbuild files lie between', {
    skip: isMissing('vim') || onlyInCi.skip,
  }, async () => {
    const folder = join(repository.folder, 'drivers/odd');
    writeFileSync(join(folder, 'Kbuild'), '');
    writeFileSync(join(top, 'dmabuf.vim'), await printed('vim'));
    const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8').replaceAll('odd_', 'vim_');
    repository.write('drivers/odd/vim.c', stub);
    const list = join(top, 'quickfix');
    const print = `call writefile(map(filter(getqflist(), 'v:val.valid'), 'bufname(v:val.bufnr) .. ":" .. v:val.lnum'), '${list}')`;
    const args = [
      '-Nu',
      'NONE',
      '-es',
      '-S',
      join(top, 'dmabuf.vim'),
      '-c',
      'Dmabuf',
      '-c',
      print,
      '-c',
      'qa!',
      'vim.c',
    ];
    spawnSync('vim', args, { cwd: folder, env, timeout: 60_000 });
    assert.ok(
      readFileSync(list, 'utf8')
        .split('\n')
        .some((line) => line.endsWith('drivers/odd/vim.c:15')),
    );
    rmSync(join(folder, 'Kbuild'));
    rmSync(join(folder, 'vim.c'));
  });
});

/** Why a test is skipped, if the program that it needs is not there. */
function isMissing(program: string): string | false {
  return spawnSync(program, ['--version']).error ? `${program} is not installed` : false;
}
