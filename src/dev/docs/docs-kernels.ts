import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { cachedTree, kernelsFolder } from '../kernels/kernel-cache.js';
import { oneOfSome } from '../run/cases.js';
import type { Judgement } from './docs-judgement.js';

/**
 * @returns the kernels on which the documentation is tested: that of DMABUF_LINT_KERNEL, or those that CI has, and an old
 * one where it is in the cache
 */
export function docsKernels(): readonly string[] {
  const wished = process.env['DMABUF_LINT_KERNEL'];
  if (wished) return [wished];
  const hasOld = cachedTree('6.1', kernelsFolder()) !== undefined && oneOfSome(false).skip === undefined;
  return [...(hasOld ? ['6.1'] : []), '6.12', '7.x'];
}

/** Whether a judge is an optional package that is not installed. CI requires all of them. */
export function mayBeMissing({ judge, verdict }: Pick<Judgement, 'judge' | 'verdict'>): boolean {
  if (process.env['DMABUF_LINT_NEED_SPHINX']) return false;
  return verdict === 'not run' && (judge === 'sphinx' || judge === 'docutils');
}

/** Asserts that a judge passed the patches. Skips an optional judge that is not installed. */
export function passes(context: TestContext, judgement: Judgement): void {
  const { verdict, output, seconds } = judgement;
  if (mayBeMissing(judgement)) context.skip(output);
  else assert.equal(verdict, 'passed', output);
  context.diagnostic(`${seconds.toFixed(1)} s`);
}
