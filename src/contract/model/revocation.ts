// The part of the model about notify calls: moves, revocations, and what exporters wait for.

import type { Place, TraceStep } from '../places.js';

/** The usage classes of fences, in the order of the kernel: a wait for one class is a wait for those before it too. */
export type FenceUsage = 'kernel' | 'write' | 'read' | 'bookkeep';

/** A wait for fences after a notify call. */
export interface FenceWait {
  readonly file: string;
  readonly line: number;
  readonly at: number;
  /** Null where the class is computed, or where the code walks the fences. */
  readonly usage: FenceUsage | null;
  /** Line of a test between the notify call and the wait by which some paths skip the wait, or null. */
  readonly missedBy: number | null;
}

/** A wait after a notify call that the unmaps of importers end, or may end. */
export interface UnmapWait {
  readonly file: string;
  readonly line: number;
  readonly at: number;
  /** The field by which `unmap_dma_buf` ends the wait; null where the code does not show it. */
  readonly field: string | null;
  /** Whether the code shows no unlock between the notify call, which needs the reservation lock, and the wait. */
  readonly underLock: boolean;
}

/**
 * What makes a second revocation harmless. `tested`: a test of the state that the revocation changes.
 * `own-reference`: the function takes the reference itself before it drops it. `rearmed`: the function initialises the
 * object again. `retired`: the function takes the object off its list, or frees it.
 */
export type RepeatGuard = 'tested' | 'own-reference' | 'rearmed' | 'retired';

/** A call in a revocation that must happen once only: it drops a reference or completes a completion. */
export interface OneTimeRelease {
  readonly file: string;
  readonly line: number;
  readonly at: number;
  /** The call, as in `kref_put(&buf->kref)`. */
  readonly what: string;
  /** Whether unmaps release the same object. */
  readonly ofMapping: boolean;
  /** Null where nothing in the code makes a second revocation harmless. */
  readonly guard: RepeatGuard | null;
  /** Whether the function initialises the object again after this call, so that the next revocation may release it. */
  readonly isRearmed: boolean;
}

/** A call that cannot be followed. */
export interface OpaqueCall {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

/** What happens after a notify call that revokes, for one chain of callers. */
export interface RevokeSequence {
  /** The function that notifies, its caller, the caller's caller and so on. */
  readonly functions: readonly string[];
  readonly fenceWaits: readonly FenceWait[];
  readonly unmapWaits: readonly UnmapWait[];
  readonly oneTimeReleases: readonly OneTimeRelease[];
  /** Whether it takes the object off its list, or frees it: no other revocation finds it then. */
  readonly retiresObject: boolean;
  /** Whether it begins in a slot that runs once, such as the last close of a file. */
  readonly beginsOnce: boolean;
  /** Calls after the notify call that cannot be followed, and so may wait. */
  readonly opaque: readonly OpaqueCall[];
}

/** Why a notify call counts as a revocation and not as a move. */
export type RevocationEvidence =
  /** The code sets a member on which `map_dma_buf` refuses, or whose name says "revoked". */
  | { readonly kind: 'sets-flag'; readonly member: string }
  /** The code waits until the importers have unmapped. */
  | { readonly kind: 'waits-for-unmaps' }
  /** Only the name of a function says "revoke". */
  | { readonly kind: 'function-name'; readonly function: string };

/**
 * An entrance from which code revokes. `failure`: only hardware failure or the removal of the device leads there.
 * `normal`: anything else that is known, such as an ioctl. `unknown`: the code does not show it.
 */
export interface RevokeWay {
  readonly kind: 'failure' | 'normal' | 'unknown';
  readonly step: TraceStep;
}

/** A call of the notify function, and what the code around it does. */
export interface Invalidation {
  readonly place: Place;
  /** Offset of the call. */
  readonly at: number;
  /** Null for a move. */
  readonly revokes: RevocationEvidence | null;
  /** Whether code shows the revocation, and not only the name of a function. */
  readonly isCertain: boolean;
  readonly waitsForFences: boolean;
  readonly waitsForUnmap: boolean;
  /** One for each chain of callers; empty for a move. */
  readonly sequences: readonly RevokeSequence[];
  /** The entrances from which the call is reached; empty for a move. */
  readonly ways: readonly RevokeWay[];
}

/** Says in words why a notify call is a revocation, as a clause whose subject is the code around it. */
export function describeRevocation(evidence: RevocationEvidence): string {
  switch (evidence.kind) {
    case 'sets-flag':
      return `sets '${evidence.member}', which makes map_dma_buf fail`;
    case 'waits-for-unmaps':
      return 'waits for the unmaps';
    case 'function-name':
      return `runs in ${evidence.function}(), whose name says so`;
  }
}
