import type { FunctionUnit, Statement } from '../../c/index.js';
import type { EntryLock } from '../../kernel/lock-data.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import type { FreeAction, GuardAction } from '../expansion/cleanup.js';
import type { LockingConvention } from '../locks/convention.js';
import type { CodePlace, Resource, ResourceEnd } from '../state/resource.js';
import type { Decision, State, Value } from '../state/state.js';
import type { Relevance } from './relevance.js';

/** Something that goes wrong on a path while it is followed. */
export interface FlowEvent {
  readonly kind: 'double-release' | 'use-after-release' | 'error-pointer' | 'over-put' | 'double-free';
  readonly path: string;
  readonly at: number;
  readonly function: string;
  /** What it is about; null where it was never seen to be taken. */
  readonly resource: Resource | null;
  /** The API function called, or how it is used. */
  readonly use: string;
  /** Where an error pointer came from. */
  readonly origin: {
    readonly path: string;
    readonly at: number;
    readonly api: string;
    readonly function: string;
  } | null;
  readonly decisions: readonly Decision[];
}

/** One way out of a function. */
export interface FlowExit {
  readonly state: State;
  readonly value: Value | null;
  readonly at: number;
  /** `error` where the value returned can only be an error, `success` where it cannot be one. */
  readonly outcome: 'error' | 'success' | 'unknown';
}

export interface FunctionFlow {
  readonly ref: FunctionRef;
  readonly exits: readonly FlowExit[];
  readonly events: readonly FlowEvent[];
  readonly lockEvents: readonly LockEvent[];
  /** Null, or why not every path was followed. */
  readonly incomplete: string | null;
  readonly steps: number;
  /** The values of its parameters, in order. */
  readonly parameters: readonly Value[];
}

/** A function being followed, itself or inside its caller. */
export interface Frame {
  readonly ref: FunctionRef;
  readonly unit: FunctionUnit;
  readonly id: string;
  /** Functions around it, outermost first, with itself. */
  readonly stack: readonly string[];
}

export interface Engine {
  readonly codebase: Codebase;
  readonly relevance: Relevance;
  readonly locks: LockWatch | null;
  readonly lockEvents: LockEvent[];
  find(name: string, path: string): FunctionRef | undefined;
  fresh(): Value;
  report(event: Omit<FlowEvent, 'function' | 'path' | 'decisions'>, frame: Frame, state: State): void;
  /** Where a value came from that an API function returned. */
  readonly origins: Map<Value, NonNullable<FlowEvent['origin']>>;
  /** Names of the file-level variables behind values. */
  readonly globals: Map<Value, string>;
  /** What `__free(name)` calls. */
  readonly freeActions: ReadonlyMap<string, FreeAction>;
  readonly guards: ReadonlyMap<string, GuardAction>;
  /** Places of local variables, for `&x`: from the variable's key to its address, and back. */
  readonly addresses: Map<string, Value>;
  readonly addressed: Map<Value, string>;
  /** Places of members and elements, for `&buf->attach`: from the address to the member's key. */
  readonly places: Map<Value, string>;
  /** Keeps what one expression can come to within bounds. */
  bounded<T>(ways: readonly T[]): readonly T[];
  /** Follows statements inside an expression; the last of them has its value. */
  block(
    body: readonly Statement[],
    state: State,
    frame: Frame,
  ): readonly { readonly value: Value; readonly state: State }[];
  /** Macros that take, release or lock something, by name. */
  readonly macros: ReadonlyMap<string, FunctionUnit>;
  /** Follows a macro as if it were a function of the one that uses it. */
  expand(
    unit: FunctionUnit,
    values: readonly Value[],
    state: State,
    frame: Frame,
  ): readonly { readonly value: Value; readonly state: State }[];
  /** Follows a callee; undefined where that would go too deep. */
  call(
    ref: FunctionRef,
    values: readonly Value[],
    state: State,
    frame: Frame,
  ): readonly { readonly value: Value; readonly state: State }[] | undefined;
}

/** What an expression comes to on one way, and what is known then. */
export interface Evaluated {
  readonly value: Value;
  readonly state: State;
}

/** How a function is watched for its reservation lock. */
export interface LockWatch {
  readonly convention: LockingConvention;
  /** The state of the lock when the function is entered, and what says so. */
  readonly entry: EntryLock;
  /** The members that lead from the first parameter to the lock that is held then: `dmabuf`, `resv`. */
  readonly lockOfFirst: readonly string[] | null;
  /** Functions that a slot is known to call. */
  readonly slots: ReadonlyMap<string, FunctionRef>;
  find(name: string, path: string): FunctionRef | undefined;
}

/** A call that the convention speaks of, made in a state that it does not allow. */
export interface LockEvent {
  readonly kind: 'required' | 'forbidden';
  /**
   * `open`: what the callers hold decides. `never`: nobody took it. `dropped`: it was dropped before. `other`: another
   * lock is held. `same`: the lock is held. `related`: a lock is held that belongs to an object which leads to it.
   */
  readonly verdict: 'open' | 'never' | 'dropped' | 'other' | 'same' | 'related';
  readonly path: string;
  readonly at: number;
  readonly function: string;
  readonly api: string;
  /** Where the lock in question was taken or dropped; null where no lock of this path is in question. */
  readonly lock: LockOrigin | null;
  readonly decisions: readonly Decision[];
}

/** Where a lock comes from, or how the path dropped it. */
export type LockOrigin =
  | ({ readonly kind: 'held-by-caller' } & CodePlace)
  | ({ readonly kind: 'taken'; readonly by: string } & CodePlace)
  | ResourceEnd;
