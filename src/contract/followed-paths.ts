// What do functions do wrong on their paths, with resources and with the reservation lock?

import { collectGarbage, freeParserTrees, releaseMemory } from '../base/collect-garbage.js';
import { addToQuestion, during } from '../base/profile.js';
import { followLocks, followTree, followTreeWithPauses, readConvention } from '../flow/index.js';
import { dmaBufCore } from '../kernel/index.js';
import type { Codebase } from '../program/index.js';
import { findLeaksAndMisuses } from './lifetimes/leaks-and-misuses.js';
import { findLockDefects } from './lifetimes/lock-defects.js';
import type { LeaksAndMisuses, LockDefects } from './model/lifetimes.js';
import { type Once, once } from './once.js';
import type { FlowThreads } from './threads/flow-threads.js';

interface FollowedPaths {
  readonly lifetimes: Once<LeaksAndMisuses>;
  readonly locks: Once<LockDefects>;
  /** Waits for what other threads found out, and does the rest. @param meanwhile is done before this thread waits */
  settle(meanwhile: () => void): Promise<void>;
}

/**
 * Follows the resources along the paths of a tree, or lets other threads begin to do so. The tree has been linked.
 * @param threads the other threads; null where there are none
 * @param focus the only file to begin in; null for all
 */
export async function followPaths(
  codebase: Codebase,
  threads: FlowThreads | null,
  focus: string | null,
): Promise<FollowedPaths> {
  const lifetimes = once('lifetimes', () =>
    during('flow', () => findLeaksAndMisuses(codebase, followTree(codebase, focus))),
  );
  const locks = once('locks', () => judgeLocksInLessMemory(codebase, focus));
  const followLifetimes = async (): Promise<void> => {
    // The flows are remembered: nothing is followed twice.
    const started = performance.now();
    await followTreeWithPauses(codebase, focus, freeParserTrees);
    addToQuestion('lifetimes', performance.now() - started);
    lifetimes();
    await releaseMemory();
  };
  if (!threads) {
    await followLifetimes();
    return { lifetimes, locks, settle: async () => undefined };
  }
  threads.begin();
  return {
    lifetimes,
    locks,
    async settle(meanwhile) {
      meanwhile();
      if (!threads.tasks.includes('locks')) locks();
      await threads.finish();
      await followLifetimes();
    },
  };
}

/** Follows the reservation lock, once the garbage of what was followed before is gone. */
function judgeLocksInLessMemory(codebase: Codebase, focus: string | null): LockDefects {
  collectGarbage();
  return during('flow', () => judgeLocks(codebase, focus));
}

/** Without a locking convention in the tree, as before Linux 6.2, no lock is judged by that of a later kernel. */
function judgeLocks(codebase: Codebase, focus: string | null): LockDefects {
  const convention = readConvention(codebase);
  if (convention) return findLockDefects(codebase, followLocks(codebase, convention, focus));
  const reason = "no 'DOC: locking convention' in this tree: the reservation lock is not checked";
  return { defects: [], notAnalysed: [{ file: dmaBufCore, line: null, function: null, reason }] };
}
