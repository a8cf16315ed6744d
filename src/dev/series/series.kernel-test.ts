import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { git } from '../examples/user-git.js';
import { copyRepository, kernelRepository, ownGit } from '../kernels/kernel-repository.js';
import { allOrSome, oneOfSome } from '../run/cases.js';
import { commitBroken } from './broken-drivers.js';
import { commitOrdinary } from './ordinary-commits.js';
import { seriesBench } from './series-bench.js';
import { branchOf, buildCleanSeries, type SeriesName, touchedPart } from './series-example.js';
import { encodeMbox, encodings, mailsOf, mboxOf, patchFiles } from './series-mail.js';
import type { SeriesJson } from './series-run.js';

/** The findings of a series, as `patch rule`. There must be no others. */
interface Expectation {
  readonly introduced: readonly string[];
  readonly fixed: readonly string[];
  /** The series rules must report each of these; they may report more. */
  readonly series: readonly string[];
  /** The file of the first finding. */
  readonly file?: string;
}

const renamed = '1 stale-name-in-comment';
/** Fixed by the last patch, which documents what the callback means while a buffer is pinned. */
const documented = (patch: number): string => `${patch} semantics-undocumented`;
const expectations: Readonly<Record<SeriesName, Expectation>> = {
  clean: { introduced: [], fixed: [renamed, '4 pinned-importer-unmarked', documented(8)], series: [] },
  'order-wrong': {
    introduced: [],
    fixed: [renamed, '6 pinned-importer-unmarked', documented(8)],
    series: ['5 opens-before-marked'],
  },
  'order-unchecked': {
    introduced: ['5 revoke-unchecked'],
    fixed: [renamed, '4 pinned-importer-unmarked', '7 revoke-unchecked', documented(9)],
    series: ['5 bisect-hazard'],
  },
  leftover: {
    introduced: [],
    fixed: [renamed, '4 pinned-importer-unmarked', documented(8)],
    series: ['2 rename-leftover'],
    file: 'drivers/gpu/drm/xe/xe_bo.c',
  },
  'leak-3-5': {
    introduced: ['3 pin-leak'],
    fixed: [renamed, '5 pin-leak', '6 pinned-importer-unmarked', documented(9)],
    series: ['3 bisect-hazard'],
    file: 'drivers/misc/memwin.c',
  },
  'lock-forgotten': {
    introduced: ['7 resv-lock-required'],
    fixed: [renamed, '4 pinned-importer-unmarked', documented(8)],
    series: [],
  },
  merge: { introduced: [], fixed: [], series: [] },
};

/** The series that are always judged, on the part of the kernel; of the others CI chooses some by the commit. */
const usual: ReadonlySet<string> = new Set(['clean', 'leak-3-5']);

describe('series on linux 6.12', () => {
  const bench = seriesBench(
    async (folder) => copyRepository(await kernelRepository('6.12'), folder),
    leaveWorkAbout,
    true,
  );

  it('finds the clean series clean, and is faster the second time', async (context) => {
    const branch = await buildCleanSeries(bench.repository);
    for (const when of ['cold', 'again']) {
      const run = await bench.judged([`main..${branch}`, '--format', 'gcc']);
      context.diagnostic(`eight patches, ${when}: ${run.seconds.toFixed(1)} s`);
      assert.deepEqual({ code: run.code, stdout: run.stdout }, { code: 0, stdout: '' });
    }
  });

  // The suite below says the same of the part, in each run.
  it('finds what is wrong in the whole as in the part', oneOfSome(false), async (context) => {
    assertSays(context, await bench.jsonOf(['main..series/leak-3-5']), expectations['leak-3-5']);
  });

  it('is silent about 200 commits that do not touch the contract', async (context) => {
    await commitOrdinary(bench.repository, 'ordinary', 200);
    const run = await bench.judged(['main..ordinary', '--format', 'gcc']);
    context.diagnostic(`200 ordinary commits: ${run.seconds.toFixed(1)} s`);
    assert.deepEqual({ code: run.code, stdout: run.stdout, stderr: run.stderr }, { code: 0, stdout: '', stderr: '' });
  });

  // Tests on fixtures compare the two in every commit.
  it('finds around the drivers that a series changes what it finds in the whole', oneOfSome(false), async (context) => {
    await commitBroken(bench.repository, 'broken');
    const [part, whole] = [
      await bench.judged(['main..broken', '--format', 'text']),
      await bench.judged(['main..broken', '--format', 'text', '--whole']),
    ];
    context.diagnostic(`the part: ${part.seconds.toFixed(1)} s; the whole: ${whole.seconds.toFixed(1)} s`);
    const around = /; analysed around drivers\/misc, drivers\/xen \(--whole analyses the whole tree\)/;
    assert.match(part.stdout, around);
    assert.match(part.stdout, /drivers\/xen\/gntdev-dmabuf\.c:\d+:\d+: error: [^\n]*\[attach-leak, /);
    const found = ({ code, stdout }: typeof part) => [code, stdout.replace(/; \d+ old findings? left out[^\n]*/, '')];
    assert.deepEqual(found(part), found(whole));
  });

  it('leaves nothing behind when it is interrupted', async (context) => {
    for (const interruptAfter of allOrSome([1200, 400, 2500], 1)) {
      const env = { ...bench.env, XDG_CACHE_HOME: join(bench.folder, `cache-${interruptAfter}`) };
      const run = await bench.judged(['main..series/leak-3-5'], { env, interruptAfter });
      context.diagnostic(`interrupted after ${interruptAfter} ms: ended after ${Math.round(run.seconds * 1000)} ms`);
      assert.ok(run.signal === 'SIGINT' || run.code === 130, `code ${run.code}, signal ${run.signal}: ${run.stderr}`);
    }
  });
});

describe('series on the part of linux 6.12 that they touch', () => {
  const bench = seriesBench(touchedPart, leaveWorkAbout, false);

  for (const [name, expected] of Object.entries(expectations) as [SeriesName, Expectation][])
    it(
      `says of '${name}' what is wrong with it, at the right patch and file`,
      oneOfSome(usual.has(name)),
      async (context) => {
        const result = await bench.jsonOf([`main..${branchOf(name)}`]);
        assertSays(context, result, expected);
      },
    );

  it('says the same of a range, a mailbox, a folder, a list of files, and standard input, however encoded', async () => {
    // The patches up to the one that mends the leak.
    const branch = 'series/leak-mended';
    await git(['branch', branch, `${branchOf('leak-3-5')}~4`], { cwd: bench.repository, env: ownGit });
    const expected = withoutCommits(await bench.jsonOf([`main..${branch}`]));
    assert.deepEqual([introducedIn(expected), saidOf(expected)], [['3 pin-leak'], ['3 bisect-hazard']]);
    const mbox = await mboxOf(bench.repository, branch);
    const patches = join(bench.folder, 'patches');
    const files = await patchFiles(bench.repository, branch, patches);
    // Each way in once, and each encoding once: what reads a mail does not know where it came from.
    const base64 = join(bench.folder, 'base64.mbox');
    writeFileSync(base64, encodeMbox(mbox, 'base64'));
    const inputs: readonly (readonly [what: string, args: readonly string[], stdin?: string])[] = [
      ['mailbox in base64', [base64]],
      ['folder', [patches]],
      ['files', files],
      ['standard input, quoted-printable', ['-'], encodeMbox(mbox, 'quoted-printable')],
      ['out of order, 8bit', ['-'], mailsOf(encodeMbox(mbox, '8bit')).toReversed().join('')],
    ];
    for (const [what, args, stdin] of allOrSome(inputs, 2))
      assert.deepEqual(withoutCommits(await bench.jsonOf(args, stdin)), expected, what);
  });

  it('names a patch that is missing, and goes on', oneOfSome(false), async (context) => {
    const mails = mailsOf(await mboxOf(bench.repository, branchOf('clean')));
    // Without patch 3, the others still apply, but the core requires the callback that patch 4 removes.
    const withoutThird = await bench.jsonOf(['-'], mails.toSpliced(2, 1).join(''));
    assertSays(context, withoutThird, {
      introduced: ['4 missing-callback'],
      fixed: expectations.clean.fixed,
      series: ['null series-incomplete'],
    });
    // Without patch 2, patch 3 is merged three-way, and patch 5 meets a declaration that is not there: as git am -3 has it.
    const withoutSecond = await bench.jsonOf(['-'], mails.toSpliced(1, 1).join(''));
    const said = withoutSecond.series.map(({ rule }) => rule);
    assert.ok(said.includes('series-incomplete') && said.includes('series-does-not-apply'), said.join(', '));
    const apart = withoutSecond.series.find(({ rule }) => rule === 'series-does-not-apply');
    assert.deepEqual([apart?.patch, apart?.file], [5, 'include/linux/dma-buf.h']);
  });

  it('catches a rename and a new user of the old name before they meet', async () => {
    const [ours, theirs] = ['main..series/clean', 'main..series/merge'];
    const queued = join(bench.folder, 'queued.mbox');
    writeFileSync(queued, await mboxOf(bench.repository, 'series/clean'));
    // What a rule on series tells is not told again for the patch.
    const merges: readonly (readonly [wanted: string, range: string, other: string])[] = [
      ['1 rename-leftover', theirs, queued],
      ['2 rename-leftover', ours, theirs],
      ['1 rename-leftover', theirs, ours],
    ];
    for (const [wanted, range, other] of allOrSome(merges, 1)) {
      const judged = await bench.jsonOf([range, '--merge-with', other]);
      assert.deepEqual(introducedIn(judged), []);
      assert.ok(saidOf(judged).includes(wanted), saidOf(judged).join(', '));
    }
  });

  it('applies, in every encoding, to the trees that git makes of it', async () => {
    const branch = branchOf('clean');
    const mbox = await mboxOf(bench.repository, branch);
    await git(['reset', '--quiet', '--hard'], { cwd: bench.repository, env: ownGit });
    const treeOf = async (revision: string): Promise<string> =>
      (await git(['rev-parse', `${revision}^{tree}`], { cwd: bench.repository, env: ownGit })).toString();
    for (const encoding of allOrSome(encodings, 1)) {
      await git(['checkout', '--quiet', '--detach', 'main'], { cwd: bench.repository, env: ownGit });
      await git(['am', '--quiet'], { cwd: bench.repository, env: ownGit, input: encodeMbox(mbox, encoding) });
      assert.equal(await treeOf('HEAD'), await treeOf(branch), encoding);
    }
    await git(['checkout', '--quiet', 'main'], { cwd: bench.repository, env: ownGit });
  });
});

/** Makes a stash, a staged change and an unstaged one, as in a real work tree. It replaces files: they are hard links. */
async function leaveWorkAbout(repository: string): Promise<void> {
  const add = (name: string, text: string): void => {
    const path = join(repository, name);
    const before = readFileSync(path, 'utf8');
    rmSync(path);
    writeFileSync(path, `${before}${text}`);
  };
  add('README', 'stashed\n');
  await git(['stash', 'push', '--quiet'], { cwd: repository, env: ownGit });
  add('include/linux/dma-buf.h', '/* staged */\n');
  await git(['add', '--force', 'include/linux/dma-buf.h'], { cwd: repository, env: ownGit });
  add('drivers/dma-buf/dma-buf.c', '/* not staged */\n');
}

function assertSays(context: TestContext, result: SeriesJson, expected: Expectation): void {
  const said = saidOf(result);
  context.diagnostic(`series: ${said.join(', ') || 'nothing'}`);
  const fixed = result.patches.flatMap(({ index, fixed }) => fixed.map(({ rule }) => `${index} ${rule}`));
  assert.deepEqual(
    { introduced: introducedIn(result), fixed: fixed.sort() },
    { introduced: expected.introduced, fixed: [...expected.fixed].sort() },
  );
  if (expected.series.length === 0) assert.deepEqual(said, []);
  for (const wanted of expected.series) assert.ok(said.includes(wanted), `${wanted} is not in ${said.join(', ')}`);
  const [first] = [...result.patches.flatMap(({ introduced }) => introduced), ...result.series];
  if (expected.file !== undefined) assert.equal(first?.file, expected.file);
}

function introducedIn({ patches }: SeriesJson): readonly string[] {
  return patches.flatMap(({ index, introduced }) => introduced.map(({ rule }) => `${index} ${rule}`));
}

function saidOf({ series }: SeriesJson): readonly string[] {
  return series.map(({ patch, rule }) => `${patch} ${rule}`);
}

function withoutCommits(result: SeriesJson) {
  return { ...result, base: null, patches: result.patches.map((patch) => ({ ...patch, commit: null })) };
}
