import type { FunctionRef } from '../../program/index.js';
import type { CodePlace, Resource, ResourceEnd } from '../state/resource.js';
import type { Decision, State } from '../state/state.js';
import type { Value } from '../state/value.js';

/** The API call whose result may be an error pointer. */
export interface ErrorOrigin extends CodePlace {
  readonly api: string;
  readonly function: string;
  /** Id of the call frame that made the call. */
  readonly frame: string;
}

/** A misuse of a resource that was seen on a path. */
export interface FlowEvent extends CodePlace {
  readonly kind:
    | 'double-release'
    | 'early-unpin'
    | 'mismatched-release'
    | 'unmade-release'
    | 'use-after-release'
    | 'error-pointer'
    | 'over-put'
    | 'use-after-publish'
    | 'freed-by-put'
    | 'freed-again'
    | 'double-free'
    | 'put-again';
  readonly function: string;
  /** The resource in question; null where the path did not acquire it. */
  readonly resource: Resource | null;
  /** The call or access that misuses it, as text for people: `dma_buf_put()`, `->size`. */
  readonly use: string;
  /** For an error pointer: the call that returned it. */
  readonly origin: ErrorOrigin | null;
  /**
   * For a put that is one too many: the object, if the path got it from its caller; for one after a descriptor was made, the
   * buffer, if the path got it with an object that a call out of sight returned.
   */
  readonly object?: Value;
  /** Whether something outside of the path may make it right. */
  readonly isDoubtful?: boolean;
  /** For a second free: where the object was freed before. */
  readonly earlier?: CodePlace;
  /** For an error pointer: the earlier test that checked whether it is an error. */
  readonly askedAt?: CodePlace;
  /** For an error pointer that the function leaves in a member when it succeeds: the member. */
  readonly keptIn?: string;
  /** Whether a test asked if such a pointer is NULL, which it never is. */
  readonly isAskedForNull?: boolean;
  /** For an error pointer that gets through to the end of the function: the test for NULL, the only one that asks for it. */
  readonly nullTest?: CodePlace;
  /** For an error pointer that such a test let through: whether the function returns it, so that its caller may ask. */
  readonly isReturned?: boolean;
  /** Key of the function, below the one that is followed, in one call of which the error was made and used; else null. */
  readonly within: string | null;
  readonly decisions: readonly Decision[];
}

/** The end of one path through a function: a return. */
export interface FlowExit {
  readonly state: State;
  /** The value returned; null for a bare `return`. */
  readonly value: Value | null;
  readonly at: number;
  /** `error` where the value can only be an error, `success` where it cannot be one. */
  readonly outcome: 'error' | 'success' | 'unknown';
  /** The indexes of the resources of which nothing can be said, since the path has guessed; absent where it has not. */
  readonly guessed?: readonly number[];
}

/** What following the paths of one function gave. */
export interface FunctionFlow {
  readonly ref: FunctionRef;
  readonly exits: readonly FlowExit[];
  readonly events: readonly FlowEvent[];
  readonly lockEvents: readonly LockEvent[];
  /** Why not every path was followed, as text for people; null where every path was. */
  readonly incomplete: string | null;
  /** How many nodes were visited. */
  readonly steps: number;
  /** Where the code goes on and no path does, as 0-based offsets. None where it is incomplete. */
  readonly contradictions: readonly number[];
  /** The values of the parameters, in order. */
  readonly parameters: readonly Value[];
  /** Whether the function neither calls the API nor gets something that it has to release: its callees do all that. */
  readonly isAskedBesides?: boolean;
  /** The error pointers that calls of the API may have returned. */
  readonly errors: readonly Value[];
}

/** A call to a function for which the locking convention has a rule, made in a state that the rule forbids. */
export interface LockEvent extends CodePlace {
  /** Whether the call is made only if a put is the last one, which is not known. */
  readonly isInLastPut?: true;
  /** Whether the path asserts the lock, or calls what asserts it: the function says that its callers hold it. */
  readonly isAsserted?: true;
  /** `required`: the lock must be held; `forbidden`: it must not be held. */
  readonly kind: 'required' | 'forbidden';
  /**
   * - `open`: it depends on whether the caller holds the lock.
   * - `never`: the path did not take the lock.
   * - `dropped`: the path dropped the lock before.
   * - `contradicted`: another call of the path needs it otherwise, and nothing in between takes or drops the lock.
   * - `other`: the path holds the lock of another object.
   * - `same`: the path holds this lock.
   * - `related`: the path holds a lock of an object that this one is reachable from.
   */
  readonly verdict: 'open' | 'never' | 'dropped' | 'contradicted' | 'other' | 'same' | 'related';
  readonly function: string;
  readonly api: string;
  /** Where the lock in question was taken or dropped; null where no lock of this path is in question. */
  readonly lock: LockOrigin | null;
  readonly decisions: readonly Decision[];
}

/** Where a lock was taken, or how the path dropped it. */
export type LockOrigin =
  | ({ readonly kind: 'held-by-caller' } & CodePlace)
  | ({ readonly kind: 'taken'; readonly by: string } & CodePlace)
  /** A call that must be made without the lock. */
  | ({ readonly kind: 'must-not-hold'; readonly by: string } & CodePlace)
  | ResourceEnd;
