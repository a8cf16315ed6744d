import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { run as runHere } from '../examples/run-command.js';
import { kernelsFolder, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { type CliOptions, type CliRun, runCli } from '../run/run-cli.js';
import { buildSeries, seriesNames } from './series-example.js';
import { type SeriesJson, snapshot } from './series-run.js';

/** A repository of a kernel with all series, for the tests of one suite. It is there once the suite has begun. */
export interface SeriesBench {
  /** The folder of the repository, where tests may write too. */
  readonly folder: string;
  readonly repository: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs the command in a process of its own, which leaves no files behind. After the test, nothing in the repository may have changed. */
  judged(args: readonly string[], more?: Partial<CliOptions>): Promise<CliRun>;
  /** What the command finds, run where the suite has it run. The answer to arguments that were asked before, without standard input, is the same. */
  jsonOf(args: readonly string[], input?: string): Promise<SeriesJson>;
}

/**
 * Makes the repository before the tests of the suite around it, and removes it after them.
 * @param make puts a repository into a folder
 * @param prepare is called when all series are there
 * @param isApart whether what the command finds is asked in processes of their own, as users do. In this process, whatever
 *   is analysed after the first series takes half the time.
 */
export function seriesBench(
  make: (folder: string) => Promise<string>,
  prepare: (repository: string) => Promise<void>,
  isApart: boolean,
): SeriesBench {
  let folder = '';
  let repository = '';
  let env: Readonly<Record<string, string>> = {};
  const known = new Map<string, Promise<SeriesJson>>();
  // What the repository was before the first run of a test. Git takes a second or two for it.
  let state: Awaited<ReturnType<typeof snapshot>> | undefined;

  before(async () => {
    folder = await makeWorkFolder(kernelsFolder());
    repository = await make(folder);
    for (const name of ['cache', 'tmp']) mkdirSync(join(folder, name));
    env = { XDG_CACHE_HOME: join(folder, 'cache'), TMPDIR: join(folder, 'tmp') };
    for (const name of seriesNames) await buildSeries(repository, name);
    await prepare(repository);
  });
  afterEach(async () => {
    if (state) assert.deepEqual(await snapshot(repository), state);
    state = undefined;
  });
  after(() => removeWorkFolder(folder));

  const watched = async <T>(run: () => Promise<T>): Promise<T> => {
    state ??= await snapshot(repository);
    const ran = await run();
    assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
    return ran;
  };
  const judged: SeriesBench['judged'] = (args, more = {}) =>
    watched(() => runCli(['series', ...args], { cwd: repository, env, ...more }));
  const read = async (args: readonly string[], stdin = ''): Promise<SeriesJson> => {
    const asked = ['series', ...args, '--format', 'json'];
    const { stdout, stderr } = isApart
      ? await judged(asked.slice(1), { input: stdin })
      : await watched(() => runHere(asked, { cwd: repository, env, stdin }));
    assert.equal(stderr, '');
    return JSON.parse(stdout);
  };
  return {
    get folder() {
      return folder;
    },
    get repository() {
      return repository;
    },
    get env() {
      return env;
    },
    judged,
    jsonOf(args, input) {
      if (input !== undefined) return read(args, input);
      const key = args.join(' ');
      const answer = known.get(key) ?? read(args);
      known.set(key, answer);
      return answer;
    },
  };
}
