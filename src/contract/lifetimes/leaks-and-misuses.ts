// What do functions do wrong with the resources of the API?

import type { FunctionFlow } from '../../flow/index.js';
import type { Codebase } from '../../program/index.js';
import type { LeaksAndMisuses, PathDefect } from '../model/lifetimes.js';
import { findForgotten } from '../owners/forgotten.js';
import { bestPerPlace, incompleteFlows, placeKey, uncertainty } from './defects.js';
import { findLeaks } from './leaks.js';
import { findMisuses } from './misuses.js';

/** Returns the leaks and misuses in the flows of a tree: one for each place, the most certain with the shortest trace. */
export function findLeaksAndMisuses(codebase: Codebase, flows: readonly FunctionFlow[]): LeaksAndMisuses {
  const leaks = findLeaks(codebase, flows);
  const misuses = findMisuses(codebase, flows);
  // No trace has a thousand steps, so certainty comes first.
  const costOf = (defect: PathDefect): number => uncertainty(defect) * 1000 + defect.trace.length;
  return {
    leaks: bestPerPlace(leaks, (leak) => `${leak.kind}${leak.refused ? placeKey(leak.refused) : ''}`, costOf),
    misuses: bestPerPlace(misuses, (misuse) => misuse.kind, costOf),
    forgotten: findForgotten(codebase, flows),
    notAnalysed: incompleteFlows(codebase, flows),
  };
}
