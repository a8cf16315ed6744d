// The part of the model about resources and locks on the paths of functions.

import type { FlowEvent, FlowExit, LockFinding } from '../../flow/index.js';
import type { ResourceKind } from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import type { NotAnalysed, TraceStep } from '../places.js';
import type { AttachmentUse } from './attachment.js';

/** The DMA direction that a map or unmap passes. */
export interface Direction {
  /** Every constant that it can be, or null where the code does not show it. */
  readonly constants: readonly string[] | null;
}

/** A map or unmap call with its direction. */
export interface Mapping {
  readonly use: AttachmentUse;
  readonly direction: Direction;
}

/** An unmap, and the mappings that its table can hold. */
export interface Unmapping extends Mapping {
  readonly mappings: readonly Mapping[];
  /** Whether the table can hold no other mapping. */
  readonly isComplete: boolean;
  /** Where it can: the mappings of the module, if all of them are in one direction and the unmap is in another. */
  readonly inModule: readonly Mapping[];
}

/** A store into the member that keeps the direction of a mapping, though the buffer may be mapped already. */
export interface OverwrittenDirection extends FunctionPlace {
  /** As `lvalueText()` writes it: `buf.dir`. */
  readonly member: string;
  /** Where the same function asks, after the store, whether the buffer is mapped. */
  readonly askedAt: number;
  /** The direction is a parameter; otherwise it is computed, and may always be the same for one buffer. */
  readonly isPassed: boolean;
  readonly unmap: FunctionPlace;
}

/** A defect on one path through a function, with the trace that leads to it. */
export interface PathDefect {
  readonly path: string;
  readonly at: number;
  /** The function that contains the defect; its name goes into the fingerprint. */
  readonly function: string;
  /** The API function concerned, or the use of its result. */
  readonly api: string;
  readonly certainty: 'high' | 'medium' | 'low';
  readonly trace: readonly TraceStep[];
}

/** A resource that was acquired and that nobody can release any more. */
export interface Leak extends PathDefect {
  readonly kind: ResourceKind;
  readonly outcome: FlowExit['outcome'];
  /** The function that returns without a release: the one that acquired, or one of its callers. */
  readonly leaver: string;
  /** For a reference: the call of dma_buf_fd(), or what else gives a descriptor, that failed to take it over. */
  readonly refused: { readonly path: string; readonly at: number; readonly api: string } | null;
  /** For a descriptor: whether others were told its number, in a structure or a copy, before the function failed. */
  readonly wasTold: boolean;
  /** For a descriptor: the function with which the path closed it again; null if it did not. */
  readonly closedBy: string | null;
  /**
   * For a descriptor: the call after it that failed, so that nobody learns the number, and whether that was the copy of the
   * number; null where something else did.
   */
  readonly failedAfter: { readonly path: string; readonly at: number; readonly wasCopy: boolean } | null;
}

/** A use or release of a resource that was released before, or was never acquired. */
export interface Misuse extends PathDefect {
  readonly kind:
    | FlowEvent['kind']
    | 'over-put'
    | 'freed-private'
    | 'put-under-attachment'
    | 'released-for-core'
    /** What a function stores in an object of others is released when its scope ends. */
    | 'released-by-scope'
    /** An object can be found by number before a member of it is filled. */
    | 'early-entry';
  readonly resource: ResourceKind | null;
  /** For an error pointer that is used after a test has found the error: what uses it, as text for people. */
  readonly usedBy?: string;
  /** For an error pointer: whether all that is known is that the only test of it, a test for NULL, lets it through. */
  readonly isPastNullTest?: boolean;
  /** For an error pointer that the function leaves in a member, for an early entry or a release by the scope: the member. */
  readonly keptIn?: string;
  /**
   * If the function leaves the error and fails: the function that later takes it for a pointer. It may be the same one. For an
   * early entry: the function that finds the object.
   */
  readonly takenBy?: string;
}

/** The leaks and misuses of a tree. */
export interface LeaksAndMisuses {
  readonly leaks: readonly Leak[];
  readonly misuses: readonly Misuse[];
  /** What structures keep when they are freed. */
  readonly forgotten: readonly ForgottenResource[];
  /** What functions keep, and nothing that can get at it ever releases. */
  readonly orphaned: readonly OrphanedResource[];
  /** What functions forget to release before they clear the member that holds it. */
  readonly cleared: readonly ClearedMember[];
  /** Functions of which not every path was followed. */
  readonly notAnalysed: readonly NotAnalysed[];
}

/** A place in a function, as an offset into its file. */
export interface FunctionPlace {
  readonly ref: FunctionRef;
  readonly at: number;
}

/** A resource that a structure keeps, and that nothing releases before functions free the structure. */
export interface ForgottenResource {
  readonly kind: ResourceKind;
  /** The function of the API that takes it. */
  readonly api: string;
  /** The structure. */
  readonly tag: string;
  readonly member: string;
  /** Where it is taken. */
  readonly fills: readonly FunctionPlace[];
  /** Where the structure is freed; at least one place. */
  readonly frees: readonly FunctionPlace[];
  /** The functions that release it on the way to another free; empty where nothing in the module releases it. */
  readonly releasedElsewhere: readonly FunctionPlace[];
  /** Whether all code that can name the member was read. */
  readonly isWholeModule: boolean;
}

/** A member that a function sets to NULL with a resource in it. */
export interface ClearedMember {
  readonly kind: ResourceKind;
  /** The function of the API that takes it. */
  readonly api: string;
  readonly member: string;
  /** Where it is set to NULL. */
  readonly ref: FunctionRef;
  readonly at: number;
  /** Where it is taken; at least one place. */
  readonly fills: readonly FunctionPlace[];
  /** The functions that release it. */
  readonly releasedElsewhere: readonly FunctionPlace[];
}

/** A resource that a function keeps when it succeeds, and that nothing which can get at it ever releases. */
export interface OrphanedResource {
  readonly kind: ResourceKind;
  /** The function of the API that takes it. */
  readonly api: string;
  /** The member that it is in; null where the code does not show one. */
  readonly member: string | null;
  /** Where it is taken; at least one place. */
  readonly fills: readonly FunctionPlace[];
  /** Whether all code that can name the member was read, and passes it to nobody else. */
  readonly isWholeModule: boolean;
}

/** A question that is asked without the lock under which its answer is used. */
export interface OutsideTest extends FunctionPlace {
  /** The function of the API that takes the resource, at `at`. */
  readonly api: string;
  /** The member that says whether the resource is there: `bo.sgt`. */
  readonly member: string;
  readonly test: FunctionPlace;
  /** Where the lock is taken. */
  readonly lock: FunctionPlace;
}

/** A place where the state of the reservation lock is wrong. */
export interface LockDefect extends PathDefect {
  /** `required`: it is not held. `forbidden`: it is held. `leak`: one return leaves it in another state than the others. */
  readonly kind: 'required' | 'forbidden' | 'leak';
  readonly verdict:
    | LockFinding['event']['verdict']
    | 'left-held'
    | 'held-by-failure'
    | 'left-dropped'
    | 'never-dropped'
    | 'never-taken'
    | 'passed-over'
    | 'unasked';
}

/** The lock defects of a tree. */
export interface LockDefects {
  readonly defects: readonly LockDefect[];
  readonly notAnalysed: readonly NotAnalysed[];
}

/**
 * A return that the caller of the slot does not recognise as a failure: NULL if it tests with IS_ERR(), or an error
 * pointer if it tests for NULL.
 */
export interface NullResult extends FunctionPlace {
  readonly returns: 'null' | 'error';
  readonly slot: string;
  /** The function that calls the slot. */
  readonly caller: string;
  readonly steps: readonly TraceStep[];
}

/** A call that sleeps, where nothing may sleep. */
export interface AtomicSleep extends FunctionPlace {
  /** The function of the API. */
  readonly api: string;
  /** The call that begins the section, or that has a function run in an interrupt. */
  readonly section: FunctionPlace & { readonly isEntrance: boolean };
  /** The calls that lead from the section to the function of the call, the outermost first. */
  readonly chain: readonly FunctionPlace[];
  /** Whether a put by the driver's own counting helper is on the way, which may not be the last one. */
  readonly isOwnPut: boolean;
}

/** A driver for whose GEM objects the core imports buffers, and which never ends that import. */
export interface UndestroyedImport {
  /** The function that makes an object of the mapped table. */
  readonly importer: FunctionRef;
  /** The functions of the driver that free its objects. */
  readonly frees: readonly [FunctionRef, ...FunctionRef[]];
}
