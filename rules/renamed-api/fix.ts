import type { Contract } from '../../src/contract/index.js';
import { type FixProposal, noFix } from '../../src/lint/index.js';
import { type OutdatedName, useCurrentName } from '../shared/fix-names.js';

/** Proposes to use the function's name in this tree, if the tree declares one. */
export function useDeclaredFunction(contract: Contract, use: OutdatedName): FixProposal {
  const { instead } = use;
  if (instead === null || !contract.dialect.declared.has(instead)) return noFix('this tree has no replacement');
  return useCurrentName(contract, use);
}

/** Proposes to use the callback's name in this tree. */
export function useCallbackName(contract: Contract, use: Omit<OutdatedName, 'instead'>): FixProposal {
  return useCurrentName(contract, { ...use, instead: contract.dialect.callback });
}
