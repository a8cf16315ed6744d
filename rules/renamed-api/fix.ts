import type { Contract } from '../../src/contract/index.js';
import { type FixProposal, noFix } from '../../src/lint/index.js';
import { useCurrentName } from '../shared/fix-names.js';

/** Uses the function of the other name, if the tree declares it. */
export function useDeclaredFunction(
  contract: Contract,
  path: string,
  at: number,
  name: string,
  instead: string | null,
): FixProposal {
  if (instead === null || !contract.dialect.declared.has(instead)) return noFix('this tree has nothing in its place');
  return useCurrentName(contract, path, at, name, instead);
}

/** Uses the callback's name of this tree. */
export function useCallbackName(contract: Contract, path: string, at: number, name: string): FixProposal {
  return useCurrentName(contract, path, at, name, contract.dialect.callback);
}
