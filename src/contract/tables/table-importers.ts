// Which functions are called with an attachment and its mapped table, to make an object of it?

import { type Codebase, type FunctionRef, functionsIn } from '../../program/index.js';

const signature = /\bstruct\s+dma_buf_attachment\s*\*\s*\w+\s*,\s*struct\s+sg_table\b/;

/**
 * Returns the functions that have the parameters of `gem_prime_import_sg_table`: device, attachment, table. The files whose
 * tables name them need not mention dma-bufs, so they are known by their parameters.
 */
export function tableImporters(codebase: Codebase): readonly FunctionRef[] {
  return codebase.program
    .candidatesWith(signature)
    .filter((path) => path.endsWith('.c'))
    .flatMap((path) => functionsIn(codebase.program, path))
    .filter(({ outline: { parameters, returnType } }) => {
      const [device, attachment, table, ...others] = parameters.map(({ type }) => type);
      return (
        others.length === 0 &&
        returnType.includes('*') &&
        /\bdrm_device\b/.test(device ?? '') &&
        /\bdma_buf_attachment\b/.test(attachment ?? '') &&
        /\bsg_table\b/.test(table ?? '')
      );
    });
}
