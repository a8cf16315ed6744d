import { cachedTree, kernelsFolder } from './kernel-cache.js';

/** CI says that it has python3-sphinx: then a judge that cannot run is an error. */
export const needsSphinx = Boolean(process.env['DMABUF_LINT_NEED_SPHINX']);

/** @returns the kernels on which the documentation is tested: those that CI has, and an old one where it is at hand */
export function docsKernels(): readonly string[] {
  const old = cachedTree('6.1', kernelsFolder()) === undefined ? [] : ['6.1'];
  return [...old, '6.12', '7.x'];
}
