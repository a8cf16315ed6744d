import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, ask, type Judgement, judged, newMessages, python } from './docs-judgement.js';
import type { DocsPatch } from './docs-patches.js';

const clean = /^total: 0 errors, 0 warnings, 0 checks, \d+ lines checked$/m;

/**
 * Checks each patch with the tree's own `scripts/checkpatch.pl --strict`, as its author would before sending it.
 *
 * @param repository from makeSubset, without the patches
 * @param patches what is judged
 * @returns passed where there is no error, no warning and no check
 */
export function judgeCheckpatch(repository: string, patches: readonly DocsPatch[]): Promise<Judgement> {
  return judged('checkpatch', async () => {
    const licences = await withoutLicences(repository);
    const answers: string[] = [];
    let failed = patches.length === 0;
    for (const { name, path } of patches) {
      const answer = await ask('perl', ['scripts/checkpatch.pl', '--strict', '--color=never', path], repository);
      failed ||= answer.code !== 0 || !clean.test(answer.stdout) || answer.stderr !== '';
      answers.push(`${name}\n${printed(answer)}`);
    }
    return { verdict: failed ? 'failed' : 'passed', output: [...licences, ...answers].join('\n') };
  });
}

/** Without these modules spdxcheck fails, and checkpatch then accepts every licence. */
async function withoutLicences(repository: string): Promise<readonly string[]> {
  if ((await ask(python, ['-c', 'import git, ply'], repository)).code === 0) return [];
  await rm(join(repository, 'scripts', 'spdxcheck.py'), { force: true });
  return ['licences are not checked: that needs python3-git and python3-ply\n'];
}

/**
 * Applies the patches with `git am`.
 *
 * @param repository from makeSubset; its work tree has the patches afterwards
 * @param patches in their order
 * @returns passed where each applies without a warning
 */
export function judgeApply(repository: string, patches: readonly DocsPatch[]): Promise<Judgement> {
  return judged('git am', async () => {
    if (patches.length === 0) return { verdict: 'failed', output: 'there are no patches' };
    const args = ['am', '--whitespace=warn', ...patches.map(({ path }) => path)];
    const answer = await ask('git', args, repository);
    const passed = answer.code === 0 && answer.stderr === '';
    return { verdict: passed ? 'passed' : 'failed', output: printed(answer) };
  });
}

/**
 * What the tree's own `get_maintainer.pl` says of MAINTAINERS: patterns that match no file.
 *
 * @param repository from makeSubset, with or without the patches
 * @returns what it printed
 */
export async function maintainersOf(repository: string): Promise<string> {
  return printed(await ask('perl', ['scripts/get_maintainer.pl', '--self-test=sections,patterns'], repository));
}

/**
 * @param before from maintainersOf, without the patches
 * @param repository with them
 * @returns passed where no entry of MAINTAINERS is worse than before
 */
export function judgeMaintainers(before: string, repository: string): Promise<Judgement> {
  return judged('get_maintainer', async () => {
    const added = newMessages(before, await maintainersOf(repository));
    return { verdict: added.length === 0 ? 'passed' : 'failed', output: added.join('\n') || 'nothing new' };
  });
}

function printed({ stdout, stderr }: Answer): string {
  return `${stdout}${stderr}`.trimEnd();
}
