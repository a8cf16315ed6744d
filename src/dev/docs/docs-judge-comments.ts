import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, ask, type Judgement, judged, newMessages, python } from './docs-judgement.js';
import { commented } from './docs-subset.js';

/**
 * What the tree's own `scripts/kernel-doc` warns of in the dma-buf interface.
 *
 * @param repository from makeSubset, with or without the patches
 * @returns what it printed, and its own exit code where it cannot do its work
 */
export async function commentWarnings(repository: string): Promise<Answer> {
  const script = readFileSync(join(repository, 'scripts', 'kernel-doc'), 'utf8');
  const program = /^#!.*python/.test(script) ? python : 'perl';
  // The Perl script of 6.1 has one level of warnings only, and rejects -Wall.
  const all = program === 'perl' && !/Wall\b/.test(script) ? [] : ['-Wall'];
  const answers: Answer[] = [];
  for (const file of commented)
    answers.push(await ask(program, ['scripts/kernel-doc', '-none', ...all, file], repository));
  return {
    code: Math.max(...answers.map(({ code }) => code)),
    stdout: answers.map(({ stdout }) => stdout).join(''),
    stderr: answers.map(({ stderr }) => stderr).join(''),
  };
}

/**
 * @param before from commentWarnings, without the patches
 * @param repository with them
 * @returns passed where kernel-doc reports nothing that it did not report before
 */
export function judgeComments(before: Answer, repository: string): Promise<Judgement> {
  return judged('kernel-doc', async () => {
    if (before.code !== 0) return { verdict: 'failed', output: `it does not run on the tree:\n${before.stderr}` };
    const after = await commentWarnings(repository);
    const added = newMessages(before.stdout + before.stderr, after.stdout + after.stderr);
    const known = `${lines(before.stderr)} messages before, ${lines(after.stderr)} after`;
    const passed = after.code === 0 && added.length === 0;
    return { verdict: passed ? 'passed' : 'failed', output: [known, ...added].join('\n') };
  });
}

function lines(text: string): number {
  return text.split('\n').filter((line) => line !== '').length;
}
