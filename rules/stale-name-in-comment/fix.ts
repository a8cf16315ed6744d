import type { Contract, StaleName } from '../../src/contract/index.js';
import { type FixProposal, noFix } from '../../src/lint/index.js';
import { useCurrentName } from '../shared/fix-names.js';

/** Proposes to write the name that the tree has, if it has one. */
export function writeCurrentName(contract: Contract, stale: StaleName): FixProposal {
  if (stale.struct !== null) return noFix('the sentence must be rewritten: the tree has no such member');
  return useCurrentName(contract, stale);
}
