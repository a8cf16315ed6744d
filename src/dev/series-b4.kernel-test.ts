import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { git } from '../input/git.js';
import { type B4, findB4 } from './b4.js';
import { kernelsFolder, makeWorkFolder, removeWorkFolder } from './kernel-cache.js';
import { copyRepository, kernelRepository, ownGit } from './kernel-repository.js';
import { complaint } from './kernel-run.js';
import { branchOf, buildSeries, type SeriesName } from './series-example.js';
import { cli, snapshot } from './series-run.js';

const found = await findB4();
// CI says that it has what b4 needs: then a b4 that cannot be had is an error.
if ('missing' in found && process.env['DMABUF_LINT_NEED_B4']) throw new Error(found.missing);
// b4 looks for its own commit among those of the last year only.
const { GIT_AUTHOR_DATE: _authorDate, GIT_COMMITTER_DATE: _committerDate, ...today } = ownGit;

describe('b4 prep --check on linux 6.12', { skip: 'missing' in found ? found.missing : false }, () => {
  let folder: string;
  let repository: string;

  before(async () => {
    folder = await makeWorkFolder(kernelsFolder());
    repository = await copyRepository(await kernelRepository('6.12'), folder);
    mkdirSync(join(folder, 'cache'));
    await configure({
      'user.name': 'Zoë Driver',
      'user.email': 'zoe@example.org',
      'b4.prep-perpatch-check-cmd': `${process.execPath} ${cli} series --format b4 -`,
    });
  });

  after(() => removeWorkFolder(folder));

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

  /** Prepares a branch as its author would, with b4's commit for the cover letter below the patches. */
  async function prepare(name: SeriesName): Promise<void> {
    await buildSeries(repository, name);
    await git(['checkout', '--quiet', 'main'], { cwd: repository, env: ownGit });
    await b4(['prep', '--new', name, '--fork-point', 'main']);
    await git(['cherry-pick', `main..${branchOf(name)}`], { cwd: repository, env: today });
  }

  async function check(name: SeriesName): Promise<readonly string[]> {
    await prepare(name);
    const state = await snapshot(repository);
    const said = await b4(['prep', '--check']);
    const { files: _, ...kept } = await snapshot(repository);
    assert.deepEqual(kept, Object.fromEntries(Object.entries(state).filter(([key]) => key !== 'files')));
    return said.split('\n');
  }

  it('shows nothing on clean patches', async (context) => {
    const lines = await check('clean');
    for (const line of lines) context.diagnostic(line);
    assert.ok(lines.some((line) => /Success: 8, Warning: 0, Error: 0/.test(line)));
  });

  it('shows the findings on the right patches', async (context) => {
    const lines = await check('leak-3-5');
    for (const line of lines) context.diagnostic(line);
    const at = lines.findIndex((line) => /: misc: add memwin/.test(line));
    assert.match(lines[at + 1] ?? '', /ERROR:.*pin-leak|pin-leak.*ERROR:|ERROR:PIN_LEAK/i);
    assert.match(lines[at + 1] ?? '', /drivers\/misc\/memwin\.c/);
    assert.ok(lines.some((line) => /Success: 8, Warning: 0, Error: 1/.test(line)));
  });
});
