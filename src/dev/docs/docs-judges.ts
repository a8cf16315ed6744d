import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commentWarnings, judgeComments } from './docs-judge-comments.js';
import { type Built, buildPages, judgeMarkup, judgePages } from './docs-judge-pages.js';
import { judgeApply, judgeCheckpatch, judgeMaintainers, maintainersOf } from './docs-judge-patches.js';
import { type Answer, ask, type Judgement } from './docs-judgement.js';
import { type DocsPatch, patchesIn } from './docs-patches.js';
import { makeSubset, subsetOf } from './docs-subset.js';

/** The names of the judges, in the order of their judgements. */
export const judges = ['checkpatch', 'git am', 'get_maintainer', 'kernel-doc', 'sphinx', 'docutils'] as const;

/**
 * Checks documentation patches with the kernel's own tools, taken from the tree that the patches are for.
 *
 * @param tree a kernel tree; it is only read
 * @param patches a folder with `NNNN-*.patch`
 * @param work an empty folder for a repository with the few files that are needed, and for the pages
 * @returns what each judge says; where the patches do not apply, those that need them applied do not run
 */
export async function judgeDocs(tree: string, patches: string, work: string): Promise<readonly Judgement[]> {
  const series = patchesIn(patches);
  const repository = join(work, 'repository');
  await mkdir(work, { recursive: true });
  await makeSubset(tree, series, repository);
  const [before, checkpatch] = await Promise.all([groundOf(tree, series, work), judgeCheckpatch(repository, series)]);
  const first = [checkpatch, await judgeApply(repository, series)];
  // git am applies patches with whitespace warnings nonetheless.
  if (!(await isApplied(repository, series.length))) return [...first, ...judges.slice(2).map(notApplied)];
  const others = await Promise.all([
    judgeMaintainers(before.maintainers, repository),
    judgeComments(before.comments, repository),
    judgePages(before.pages, repository, join(work, 'pages'), series),
    judgeMarkup(repository, series),
  ]);
  return [...first, ...others];
}

/** What the kernel's tools report without the patches. */
interface Ground {
  readonly maintainers: string;
  readonly comments: Answer;
  readonly pages: Built;
}

const grounds = new Map<string, Promise<Ground>>();

/** Runs the tools in a repository that makeSubset just made; only once for the same files of the same tree. */
function groundOf(tree: string, series: readonly DocsPatch[], work: string): Promise<Ground> {
  const key = [tree, ...subsetOf(tree, series)].join('\0');
  const known = grounds.get(key) ?? askTools(join(work, 'repository'), join(work, 'pages-before'));
  grounds.set(key, known);
  return known;
}

async function askTools(repository: string, pages: string): Promise<Ground> {
  const [maintainers, comments, built] = await Promise.all([
    maintainersOf(repository),
    commentWarnings(repository),
    buildPages(repository, pages),
  ]);
  return { maintainers, comments, pages: built };
}

async function isApplied(repository: string, count: number): Promise<boolean> {
  const { stdout } = await ask('git', ['rev-list', '--count', 'HEAD'], repository);
  return count > 0 && Number(stdout) === count + 1;
}

function notApplied(judge: string): Judgement {
  return { judge, verdict: 'not run', output: 'the patches do not apply', seconds: 0 };
}
