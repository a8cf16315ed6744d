import type { Codebase } from '../program/index.js';
import type { AttachmentUse } from './attachments/attachments.js';
import type { Reach } from './attachments/ops-at-attach.js';
import type { Dialect } from './documents/dialect.js';
import type { CallbackVerdict } from './importers/callback.js';
import type { LateSetUp } from './importers/publication.js';
import type { Unmapping } from './lifetimes/directions.js';
import type { PathFacts } from './lifetimes/leaks-and-misuses.js';
import type { LockFacts } from './lifetimes/lock-facts.js';
import type { NotAnalysed, Place, TraceStep } from './places.js';
import type { OpsTable } from './tables/tables.js';

export type PinVerdict = 'always' | 'sometimes' | 'never';

export type ImporterStatus = 'revocable' | 'declared-non-revocable' | 'undeclared-non-revocable' | 'unsafe' | 'unknown';

/** A pin or mapping that acts on the attachments of one importer. */
export interface ImporterUse {
  readonly use: AttachmentUse;
  /** `field`: linked only by the name of the struct field that holds the attachment. */
  readonly via: 'path' | 'field';
  /** Executed on every way from the attach to success, as far as the text tells. */
  readonly always: boolean;
  /** Undone again in the same function on success: the mapping outlives the pin. */
  readonly temporary: boolean;
}

/** An importer with ops: what its table says and what its code does. */
export interface Importer {
  readonly table: OpsTable;
  readonly place: Place;
  readonly allowPeer2peer: boolean;
  readonly callback: string | null;
  readonly verdict: CallbackVerdict;
  readonly pins: PinVerdict;
  readonly pinUses: readonly ImporterUse[];
  readonly mapUses: readonly ImporterUse[];
  readonly reaches: readonly Reach[];
  readonly usedBy: readonly Place[];
  readonly status: ImporterStatus;
  /** The marker field that says "cannot be revoked", where the tree has one. */
  readonly marker: 'set' | 'clear' | 'none';
  readonly isTest: boolean;
}

/** An importer without ops. */
export interface StaticImporter {
  readonly place: Place;
}

export type PinPolicy = 'none' | 'accepts' | 'refuses-all' | 'refuses-non-revocable';

/** Where importers that are not revocable are turned away. */
export interface Rejection {
  readonly op: 'attach' | 'pin';
  readonly step: TraceStep;
}

/** The classes of fences; a wait for one is a wait for those before it too. */
export type FenceUsage = 'kernel' | 'write' | 'read' | 'bookkeep';

/** A wait for fences after a notify call. */
export interface FenceWait {
  readonly file: string;
  readonly line: number;
  readonly at: number;
  /** Null where the class is computed, or the fences are walked. */
  readonly usage: FenceUsage | null;
  /** The line of a test between the notify call and the wait by which some ways miss it, or null. */
  readonly missedBy: number | null;
}

/** A wait after a notify call that the unmaps of importers end, or may end. */
export interface UnmapWait {
  readonly file: string;
  readonly line: number;
  readonly at: number;
  /** The field by which `unmap_dma_buf` ends it; null where that cannot be told. */
  readonly field: string | null;
  /** No unlocking is seen between the notify call, which needs the reservation lock, and the wait. */
  readonly underLock: boolean;
}

/** `asked`: a test of what the revocation changes; `parted`: the object is taken off its list, or freed. */
export type OnceOnlyGuard = 'asked' | 'own-reference' | 'armed-anew' | 'parted';

/** A reference dropped, or a completion completed, in a revocation. */
export interface OnceOnly {
  readonly file: string;
  readonly line: number;
  readonly at: number;
  /** The call, as in `kref_put(&buf->kref)`. */
  readonly what: string;
  /** The unmaps drop the same. */
  readonly ofMapping: boolean;
  /** What keeps a second revocation from it, or from doing harm; null where nothing is seen. */
  readonly guard: OnceOnlyGuard | null;
  /** Given back its due right after: the next revocation may do it again. */
  readonly isArmedAnew: boolean;
}

export interface OpaqueCall {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

/** What follows a notify call that revokes, on one way up to who begins it. */
export interface RevokeSequence {
  /** The functions of the way: the one that notifies, and those that call it. */
  readonly functions: readonly string[];
  readonly fenceWaits: readonly FenceWait[];
  readonly unmapWaits: readonly UnmapWait[];
  readonly onceOnly: readonly OnceOnly[];
  /** The object is taken off its list, or freed: no other revocation comes to it. */
  readonly parts: boolean;
  /** Calls after the notify call that cannot be followed, and so may wait. */
  readonly opaque: readonly OpaqueCall[];
}

/** Whether an exporter's `map_dma_buf` refuses once the buffer is revoked. */
export interface MapAfterRevoke {
  readonly function: string;
  readonly path: string;
  /** Offset of the function's name. */
  readonly at: number;
  readonly verdict: 'refuses' | 'always-fails' | 'maps' | 'unknown';
  /** The field on which it refuses, or what could not be followed. */
  readonly because: string | null;
}

/** A `.pin` that may start a move of the memory. */
export interface PinMove {
  readonly path: string;
  /** Offset of the pin function's name. */
  readonly at: number;
  /** The call that starts the move, and those that lead there. */
  readonly steps: readonly TraceStep[];
  readonly waitsForFences: boolean;
  /** A call after the move that cannot be followed, and so may wait. */
  readonly opaque: string | null;
}

/** A call of the notify function, and what stands around it. */
export interface Invalidation {
  readonly place: Place;
  /** Offset of the call. */
  readonly at: number;
  /** Why this is a revocation and no move; null for a move. */
  readonly revokes: string | null;
  /** Whether the code shows it, and not only a function's name. */
  readonly isCertain: boolean;
  readonly waitsForFences: boolean;
  readonly waitsForUnmap: boolean;
  /** One for each way up to who begins the revocation; empty for a move. */
  readonly sequences: readonly RevokeSequence[];
}

export interface Exporter {
  readonly table: OpsTable;
  readonly place: Place;
  readonly pin: string | null;
  readonly unpin: string | null;
  readonly pinPolicy: PinPolicy;
  readonly requiresPeer2peer: boolean;
  /** Where it asks for that. */
  readonly peerToPeerCheck: TraceStep | null;
  readonly invalidations: readonly Invalidation[];
  readonly revokes: boolean;
  readonly rejectsNonRevocable: boolean;
  /** Why it is taken to reject them. */
  readonly rejection: Rejection | null;
  readonly waitsForFences: boolean | null;
  readonly waitsForUnmap: boolean | null;
  /** Null for an exporter that does not revoke, and where its `map_dma_buf` cannot be seen. */
  readonly mapAfterRevoke: MapAfterRevoke | null;
  /** Null where pin moves nothing. */
  readonly pinMove: PinMove | null;
  /** Where the table is handed to dma_buf_export(), or set on a dma-buf afterwards; empty where none can be seen. */
  readonly exportSites: readonly Place[];
  /** The table is copied by value and completed at run time: members of the copy. */
  readonly completedMembers: readonly string[] | null;
  readonly isTest: boolean;
}

/** Everything that one tree says of the contract. */
export interface Contract {
  readonly codebase: Codebase;
  readonly dialect: Dialect;
  readonly importers: readonly Importer[];
  readonly staticImporters: readonly StaticImporter[];
  readonly exporters: readonly Exporter[];
  /** Every way for an ops table, or none, to reach an attach. */
  readonly reaches: readonly Reach[];
  /** Documentation files that speak of the API, with their texts. */
  readonly documents: readonly { readonly path: string; readonly text: string }[];
  /** Every pin, unpin and mapping of the tree, linked or not. */
  readonly uses: readonly AttachmentUse[];
  /** What is left held or misused on the paths of the functions that use the API. Found when first asked for. */
  paths(): PathFacts;
  /** The state of the reservation lock at the calls that the tree's locking convention speaks of. Found when first asked for. */
  locks(): LockFacts;
  /** Every unmap whose direction is known, with what was mapped into its table. */
  readonly unmappings: readonly Unmapping[];
  /** What the callback of an importer uses, and the attaching function sets up after the attach. */
  readonly lateSetUps: readonly LateSetUp[];
  readonly notAnalysed: readonly NotAnalysed[];
  /** What the paths and locks that were asked for could not follow. */
  gaps(): readonly NotAnalysed[];
  readonly kernelVersion: string | null;
}
