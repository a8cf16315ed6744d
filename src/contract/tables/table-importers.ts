// Which functions are called with an attachment and its mapped table, to make an object of it?

import { fitsTableSlot, tableSlotParameters } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, foundInEach, functionsIn } from '../../program/index.js';

/**
 * Returns the functions that have the parameters of `gem_prime_import_sg_table`: device, attachment, table. The files whose
 * tables name them need not mention dma-bufs, so they are known by their parameters.
 */
export function tableImporters(codebase: Codebase): readonly FunctionRef[] {
  const sources = codebase.program.candidatesWith(tableSlotParameters).filter((path) => path.endsWith('.c'));
  return foundInEach(codebase, sources, 'table-importers', (path) => importersIn(codebase, path));
}

function importersIn({ program }: Codebase, path: string): readonly FunctionRef[] {
  return functionsIn(program, path).filter(
    ({ outline: { parameters, returnType } }) =>
      returnType.includes('*') && fitsTableSlot(parameters.map(({ type }) => type)),
  );
}
