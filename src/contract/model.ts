import type { World } from '../program/index.js';
import type { AttachmentUse } from './attachments.js';
import type { CallbackVerdict } from './callback.js';
import type { Dialect } from './dialect.js';
import type { Unmapping } from './directions.js';
import type { NotAnalysed, Place, TraceStep } from './places.js';
import type { LateSetUp } from './publication.js';
import type { Reach } from './reach.js';
import type { OpsTable } from './tables.js';

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

/** A call of the notify function, and what stands around it. */
export interface Invalidation {
  readonly place: Place;
  /** Why this is a revocation and no move; null for a move. */
  readonly revokes: string | null;
  /** Whether the code shows it, and not only a function's name. */
  readonly isCertain: boolean;
  readonly waitsForFences: boolean;
  readonly waitsForUnmap: boolean;
}

export interface Exporter {
  readonly table: OpsTable;
  readonly place: Place;
  readonly pin: string | null;
  readonly unpin: string | null;
  readonly pinPolicy: PinPolicy;
  readonly requiresPeer2peer: boolean;
  readonly invalidations: readonly Invalidation[];
  readonly revokes: boolean;
  readonly rejectsNonRevocable: boolean;
  /** Why it is taken to reject them. */
  readonly rejection: TraceStep | null;
  readonly waitsForFences: boolean | null;
  readonly waitsForUnmap: boolean | null;
  /** Where the table is handed to dma_buf_export(), or set on a dma-buf afterwards; empty where none can be seen. */
  readonly exportSites: readonly Place[];
  /** The table is copied by value and completed at run time: members of the copy. */
  readonly completedMembers: readonly string[] | null;
  readonly isTest: boolean;
}

/** Everything that one tree says of the contract. */
export interface Contract {
  readonly world: World;
  readonly dialect: Dialect;
  readonly importers: readonly Importer[];
  readonly staticImporters: readonly StaticImporter[];
  readonly exporters: readonly Exporter[];
  /** Every way for an ops table, or none, to reach an attach. */
  readonly reaches: readonly Reach[];
  /** Documentation files that mention a name of the API that was ever renamed, with their texts. */
  readonly documents: readonly { readonly path: string; readonly text: string }[];
  /** Every pin, unpin and mapping of the tree, linked or not. */
  readonly uses: readonly AttachmentUse[];
  /** Every unmap whose direction is known, with what was mapped into its table. */
  readonly unmappings: readonly Unmapping[];
  /** What the callback of an importer uses, and the attaching function sets up after the attach. */
  readonly lateSetUps: readonly LateSetUp[];
  readonly notAnalysed: readonly NotAnalysed[];
  readonly kernelVersion: string | null;
}
