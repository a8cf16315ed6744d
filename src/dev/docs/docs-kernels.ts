import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { cachedTree, kernelsFolder } from '../kernels/kernel-cache.js';
import type { Judgement } from './docs-judgement.js';

/** @returns the kernels on which the documentation is tested: those that CI has, and an old one where it is at hand */
export function docsKernels(): readonly string[] {
  const old = cachedTree('6.1', kernelsFolder()) === undefined ? [] : ['6.1'];
  return [...old, '6.12', '7.x'];
}

/** Is it one of the judges that are packages of their own, and not installed? CI says that it has them. */
export function mayBeMissing({ judge, verdict }: Pick<Judgement, 'judge' | 'verdict'>): boolean {
  if (process.env['DMABUF_LINT_NEED_SPHINX']) return false;
  return verdict === 'not run' && (judge === 'sphinx' || judge === 'docutils');
}

/** Sees that a judge passed the patches; skipped where it is not installed and need not be. */
export function passes(context: TestContext, judgement: Judgement): void {
  const { verdict, output, seconds } = judgement;
  if (mayBeMissing(judgement)) context.skip(output);
  else assert.equal(verdict, 'passed', output);
  context.diagnostic(`${seconds.toFixed(1)} s`);
}
