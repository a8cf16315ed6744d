import type { Contract, StaleName } from '../../src/contract/index.js';
import { type FixProposal, noFix } from '../../src/lint/index.js';
import { useCurrentName } from '../shared/fix-names.js';

/** Writes the name that the tree has, where it has one. */
export function writeCurrentName(contract: Contract, stale: StaleName): FixProposal {
  const { path, at, name, instead, struct } = stale;
  if (struct !== null) return noFix('the sentence has to be written anew: the tree has no such member');
  return useCurrentName(contract, path, at, name, instead);
}
