import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { git } from '../examples/user-git.js';
import { kernelsFolder, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { ownGit } from '../kernels/kernel-repository.js';
import { complaint } from '../kernels/kernel-run.js';
import { oneOfSome } from '../run/cases.js';
import { cli } from '../run/run-cli.js';
import { type B4, findB4, findB4Review, python } from './b4.js';
import { branchOf, buildSeries, type SeriesName, touchedPart } from './series-example.js';
import { snapshot } from './series-run.js';

const found = await findB4();
// CI sets this variable: there, a b4 that cannot be fetched is an error.
if ('missing' in found && process.env['DMABUF_LINT_NEED_B4']) throw new Error(found.missing);
const review = await findB4Review();
if ('missing' in review && process.env['DMABUF_LINT_NEED_B4']) throw new Error(review.missing);
// b4 looks for its own commit only among those of the last year.
const { GIT_AUTHOR_DATE: _authorDate, GIT_COMMITTER_DATE: _committerDate, ...today } = ownGit;

// One repository for both: git takes longer to make it than to check a patch.
let folder: string;
let repository: string;
before(async () => {
  folder = await makeWorkFolder(kernelsFolder());
  repository = await touchedPart(folder);
});
after(() => removeWorkFolder(folder));

describe('b4 prep --check on a part of linux 6.12', { skip: 'missing' in found ? found.missing : false }, () => {
  before(async () => {
    mkdirSync(join(folder, 'cache'));
    await configure({
      'user.name': 'Zoë Driver',
      'user.email': 'zoe@example.org',
      'b4.prep-perpatch-check-cmd': `${process.execPath} ${cli} series --format b4 -`,
    });
  });

  async function configure(settings: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(settings)) await git(['config', name, value], { cwd: repository });
  }

  function b4(args: readonly string[]): Promise<string> {
    const { program, args: first, env } = found as B4;
    const own = { XDG_CACHE_HOME: join(folder, 'cache'), XDG_DATA_HOME: join(folder, 'cache') };
    const settings = { cwd: repository, env: { ...process.env, ...today, ...own, ...env, LC_ALL: 'C.UTF-8' } };
    return new Promise((resolve, reject) => {
      execFile(program, [...first, ...args], settings, (error, stdout, stderr) => {
        if (error) reject(new Error(complaint('b4', error.code, stderr)));
        else resolve(stdout + stderr);
      });
    });
  }

  /**
   * Prepares a branch as its author would, with b4's commit for the cover letter below the patches. b4 runs the command
   * for each patch, which takes a whole analysis: the first patches of a series have to do.
   */
  async function prepare(name: SeriesName, count: number): Promise<void> {
    await buildSeries(repository, name);
    await git(['checkout', '--quiet', 'main'], { cwd: repository, env: ownGit });
    await b4(['prep', '--new', name, '--fork-point', 'main']);
    const commits = await git(['rev-list', '--reverse', `main..${branchOf(name)}`], { cwd: repository });
    await git(['cherry-pick', ...commits.toString().split('\n').slice(0, count)], { cwd: repository, env: today });
  }

  async function check(name: SeriesName, count: number): Promise<readonly string[]> {
    await prepare(name, count);
    const state = await snapshot(repository);
    const said = await b4(['prep', '--check']);
    const { files: _, ...kept } = await snapshot(repository);
    assert.deepEqual(kept, Object.fromEntries(Object.entries(state).filter(([key]) => key !== 'files')));
    return said.split('\n');
  }

  it('shows nothing on clean patches', async (context) => {
    const lines = await check('clean', 1);
    for (const line of lines) context.diagnostic(line);
    assert.ok(lines.some((line) => /Success: 1, Warning: 0, Error: 0/.test(line)));
  });

  it('shows the findings on the right patches', async (context) => {
    const lines = await check('leak-3-5', 3);
    for (const line of lines) context.diagnostic(line);
    const at = lines.findIndex((line) => /: misc: add memwin/.test(line));
    assert.match(lines[at + 1] ?? '', /ERROR:.*pin-leak|pin-leak.*ERROR:|ERROR:PIN_LEAK/i);
    assert.match(lines[at + 1] ?? '', /drivers\/misc\/memwin\.c/);
    assert.ok(lines.some((line) => /Success: 2, Warning: 0, Error: 1/.test(line)));
  });
});

/** Does what the review screen of b4 does: gives a patch to each command and stores the answer. */
const reviewPatch = `
import email, email.policy, json, sys
import b4
from b4.review import checks
with open(sys.argv[1], 'rb') as mail:
    message = email.message_from_binary_file(mail, policy=b4.emlpolicy)
found = checks.run_perpatch_checks([('patch@example.org', message)], [sys.argv[2]], sys.argv[3])
database = checks.get_db()
checks.store_results(database, 'patch@example.org', found['patch@example.org'])
print(json.dumps(checks.get_cached_results(database, ['patch@example.org'])['patch@example.org']))
`;

// What a patch adds is judged as for `b4 prep --check`; only the form of the answer is another one.
describe('b4 review on a part of linux 6.12', 'missing' in review ? { skip: review.missing } : oneOfSome(false), () => {
  let commits: readonly string[];

  before(async () => {
    await buildSeries(repository, 'leak-3-5');
    const list = await git(['rev-list', '--reverse', `main..${branchOf('leak-3-5')}`], { cwd: repository });
    commits = list.toString().trim().split('\n');
    await git(['checkout', '--quiet', branchOf('leak-3-5')], { cwd: repository, env: ownGit });
  });

  /** The results that b4 stores for one patch of the series. The number is 1-based. */
  async function resultsFor(number: number): Promise<readonly Readonly<Record<string, string>>[]> {
    const mail = join(folder, 'patch.eml');
    const numbers = ['--numbered', `--start-number=${number}`, '--subject-prefix=PATCH'];
    const patch = await git(['format-patch', '--stdout', ...numbers, '-1', commits[number - 1] ?? ''], {
      cwd: repository,
    });
    writeFileSync(mail, patch);
    const command = `${process.execPath} ${cli} series --format b4-review -`;
    const modules = 'modules' in review ? review.modules : '';
    const env = { ...process.env, PYTHONPATH: modules, XDG_DATA_HOME: join(folder, 'data'), LC_ALL: 'C.UTF-8' };
    const { status, stdout, stderr } = spawnSync(python, ['-c', reviewPatch, mail, command, repository], {
      encoding: 'utf8',
      cwd: repository,
      env,
    });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  }

  it('keeps a pass for a clean patch', async (context) => {
    const results = await resultsFor(1);
    context.diagnostic(JSON.stringify(results));
    assert.deepEqual(results, [
      {
        tool: 'dmabuf-lint',
        status: 'pass',
        summary: 'no new violation of the dma-buf contract',
        url: '',
        details: '',
      },
    ]);
  });

  it('keeps a failure with its details, as its screen lists them', async (context) => {
    const [result, ...others] = await resultsFor(3);
    context.diagnostic(JSON.stringify(result));
    assert.deepEqual(others, []);
    assert.deepEqual([result?.['tool'], result?.['status'], result?.['summary']], ['dmabuf-lint', 'fail', '1 error']);
    const [detail] = JSON.parse(result?.['details'] ?? '');
    assert.match(detail.context, /^drivers\/misc\/memwin\.c:\d+$/);
    assert.match(detail.description, /\[pin-leak\]/);
  });
});
