import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commentWarnings, judgeComments } from './docs-judge-comments.js';
import { buildPages, judgeMarkup, judgePages } from './docs-judge-pages.js';
import { judgeApply, judgeCheckpatch, judgeMaintainers, maintainersOf } from './docs-judge-patches.js';
import { ask, type Judgement } from './docs-judgement.js';
import { patchesIn } from './docs-patches.js';
import { makeSubset } from './docs-subset.js';

/** The names of the judges, in the order in which they speak. */
export const judges = ['checkpatch', 'git am', 'get_maintainer', 'kernel-doc', 'sphinx', 'docutils'] as const;

/**
 * Holds patches of the kernel's documentation against the kernel's own tools, those of the tree that they are for.
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
  const before = {
    maintainers: await maintainersOf(repository),
    comments: await commentWarnings(repository),
    pages: await buildPages(repository, join(work, 'pages-before')),
  };
  const first = [await judgeCheckpatch(repository, series), await judgeApply(repository, series)];
  // With whitespace warnings they are applied nonetheless.
  if (!(await isApplied(repository, series.length))) return [...first, ...judges.slice(2).map(notApplied)];
  return [
    ...first,
    await judgeMaintainers(before.maintainers, repository),
    await judgeComments(before.comments, repository),
    await judgePages(before.pages, repository, join(work, 'pages'), series),
    await judgeMarkup(repository, series),
  ];
}

async function isApplied(repository: string, count: number): Promise<boolean> {
  const { stdout } = await ask('git', ['rev-list', '--count', 'HEAD'], repository);
  return count > 0 && Number(stdout) === count + 1;
}

function notApplied(judge: string): Judgement {
  return { judge, verdict: 'not run', output: 'the patches do not apply', seconds: 0 };
}
