// What do functions do wrong with the resources of the API?

import type { FunctionFlow } from '../../flow/index.js';
import type { Codebase } from '../../program/index.js';
import type { ForgottenResource, Leak, LeaksAndMisuses, PathDefect } from '../model/lifetimes.js';
import { findForgotten } from '../owners/forgotten.js';
import { bestPerPlace, incompleteFlows, placeKey, uncertainty } from './defects.js';
import { findLeaks } from './leaks.js';
import { findMisuses } from './misuses.js';

/** Returns the leaks and misuses in the flows of a tree: one for each place, the most certain with the shortest trace. */
export function findLeaksAndMisuses(codebase: Codebase, flows: readonly FunctionFlow[]): LeaksAndMisuses {
  const forgotten = findForgotten(codebase, flows);
  const leaks = findLeaks(codebase, flows).filter((leak) => !isForgottenAnyway(leak, forgotten));
  const misuses = findMisuses(codebase, flows);
  // No trace has a thousand steps, so certainty comes first.
  const costOf = (defect: PathDefect): number => uncertainty(defect) * 1000 + defect.trace.length;
  return {
    leaks: bestPerPlace(leaks, (leak) => `${leak.kind}${leak.refused ? placeKey(leak.refused) : ''}`, costOf),
    misuses: bestPerPlace(misuses, (misuse) => misuse.kind, costOf),
    forgotten,
    notAnalysed: incompleteFlows(codebase, flows),
  };
}

/** Whether nothing in the module releases what a leak is of, wherever its structure is freed: that is told once, at the free. */
function isForgottenAnyway({ kind, path, at }: Leak, forgotten: readonly ForgottenResource[]): boolean {
  return forgotten.some(
    (one) =>
      one.kind === kind &&
      one.releasedElsewhere.length === 0 &&
      one.fills.some(({ ref, at: place }) => ref.path === path && place === at),
  );
}
