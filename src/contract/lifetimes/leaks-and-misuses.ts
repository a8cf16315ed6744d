// What do functions do wrong with the resources of the API?

import type { FunctionFlow } from '../../flow/index.js';
import type { Codebase } from '../../program/index.js';
import type { ForgottenResource, Leak, LeaksAndMisuses, OrphanedResource, PathDefect } from '../model/lifetimes.js';
import { findEarlyEntries } from '../order/early-entries.js';
import { findConvertedErrors } from '../owners/errors/converted-errors.js';
import { findErrorsForClose } from '../owners/errors/errors-for-close.js';
import { findLastingErrors } from '../owners/errors/lasting-errors.js';
import { findOwnResultsAskedForNull } from '../owners/errors/own-results.js';
import { findFills } from '../owners/fills.js';
import { findForgotten } from '../owners/forgotten.js';
import { findCleared } from '../owners/lost/cleared.js';
import { findUnpairedMappings } from '../owners/lost/slot-pairs.js';
import { searchOwners } from '../owners/members.js';
import { findOrphaned } from '../owners/orphaned.js';
import { findForgottenParts } from '../owners/parts/forgotten-parts.js';
import { unique } from '../unique.js';
import { bestPerPlace, incompleteFlows, placeKey, uncertainty } from './defects.js';
import { findGivenMembers } from './descriptors/given-members.js';
import { findUnreadNumbers } from './descriptors/unread-numbers.js';
import { findFreedPrivates } from './freed-privates.js';
import { findLeaks } from './leaks.js';
import { findLeftWhenRevoked } from './left/left-when-revoked.js';
import { findKeptLookups } from './lookups/kept-lookups.js';
import { findMisuses } from './misuses.js';
import { findGoneOnFailure } from './puts/gone-on-failure.js';
import { findPutsUnderAttachment } from './puts/put-under-attachment.js';
import { findPutsOfLent } from './puts/puts-of-lent.js';
import { findReleasedByScope } from './puts/released-by-scope.js';
import { findUnputAllocations } from './puts/unput-allocations.js';
import { findReleasedForCore } from './released-for-core.js';

/** Returns the leaks and misuses in the flows of a tree: one for each place, the most certain with the shortest trace. */
export function findLeaksAndMisuses(codebase: Codebase, flows: readonly FunctionFlow[]): LeaksAndMisuses {
  const search = searchOwners(codebase);
  const fills = findFills(search, flows);
  const forgotten = [...findForgotten(search, flows, fills), ...findForgottenParts(search, fills)];
  const leaks = [
    ...findLeaks(codebase, flows),
    ...findUnreadNumbers(search, flows),
    ...findLeftWhenRevoked(codebase, flows),
    ...findKeptLookups(codebase),
    ...findUnputAllocations(codebase, flows),
  ].filter((leak) => !isForgottenAnyway(leak, forgotten));
  const misuses = [
    ...findMisuses(codebase, flows),
    ...findFreedPrivates(codebase, flows),
    ...findPutsUnderAttachment(codebase, flows),
    ...findReleasedByScope(codebase, flows),
    ...findReleasedForCore(codebase, flows),
    ...findLastingErrors(codebase),
    ...findErrorsForClose(search),
    ...findConvertedErrors(codebase),
    ...findOwnResultsAskedForNull(codebase, flows),
    ...findGivenMembers(search, flows),
    ...findPutsOfLent(search, flows),
    ...findGoneOnFailure(codebase, flows),
    ...findEarlyEntries(search, fills),
  ];
  const cleared = findCleared(search, fills).filter((one) => !isToldOtherwise(one, leaks, forgotten));
  const orphans = unique([...findOrphaned(search, flows, fills), ...findUnpairedMappings(search, flows)], (one) =>
    [one.kind, ...one.fills.map(({ ref, at }) => `${ref.path}:${at}`)].join(' '),
  );
  // No trace has a thousand steps, so certainty comes first.
  const costOf = (defect: PathDefect): number => uncertainty(defect) * 1000 + defect.trace.length;
  return {
    leaks: bestPerPlace(leaks, (leak) => `${leak.kind}${leak.refused ? placeKey(leak.refused) : ''}`, costOf),
    misuses: bestPerPlace(misuses, (misuse) => misuse.kind, costOf),
    forgotten,
    orphaned: orphans.filter((one) => !isToldOtherwise(one, leaks, [...forgotten, ...cleared])),
    cleared,
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

/** Whether a leak on a path, or a structure that is freed or cleared, tells the same resource. */
function isToldOtherwise(
  { kind, fills }: Pick<OrphanedResource, 'kind' | 'fills'>,
  leaks: readonly Leak[],
  forgotten: readonly Pick<ForgottenResource, 'kind' | 'fills'>[],
): boolean {
  return fills.some(
    ({ ref, at }) =>
      leaks.some((leak) => leak.kind === kind && leak.path === ref.path && leak.at === at) ||
      forgotten.some(
        (one) => one.kind === kind && one.fills.some((fill) => fill.ref.path === ref.path && fill.at === at),
      ),
  );
}
