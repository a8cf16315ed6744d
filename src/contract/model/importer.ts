// The part of the model about importers.

import type { FunctionRef } from '../../program/index.js';
import type { MissingPart } from '../partial/missing-parts.js';
import type { Place, TraceStep } from '../places.js';
import type { OpsTable } from '../tables/ops-table.js';
import type { AttachmentUse, AttachPath, AttachSite } from './attachment.js';
import type { CallbackVerdict } from './callback.js';
import type { MappingTypes } from './mapping-types.js';

/** Whether an importer pins on all, some or none of its attach paths. */
export type PinVerdict = 'always' | 'sometimes' | 'never';

export type ImporterStatus = 'revocable' | 'declared-non-revocable' | 'undeclared-non-revocable' | 'unsafe' | 'unknown';

/** A pin or mapping of an attachment that one importer made. */
export interface ImporterUse {
  readonly use: AttachmentUse;
  /** `field`: only the name of the struct field that holds the attachment links the two. */
  readonly via: 'path' | 'field';
  /** Whether every path from the attach to success executes it, as far as the code shows. */
  readonly always: boolean;
  /** Whether the same function undoes it again on success, so that a mapping outlives the pin. */
  readonly temporary: boolean;
}

/** A call that fails for the buffers of all exporters but some: functions of these compare the ops of the buffer. */
export interface PrivateHook {
  /** The names of the ops tables that are accepted. */
  readonly accepted: readonly string[];
  /** The call in the importer, and the comparisons. */
  readonly trace: readonly TraceStep[];
}

/** An importer with ops: what its table says and what its code does. */
export interface Importer {
  readonly table: OpsTable;
  readonly place: Place;
  readonly allowPeer2peer: boolean;
  /** The name of the callback function. */
  readonly callback: string | null;
  readonly verdict: CallbackVerdict;
  readonly pins: PinVerdict;
  readonly pinUses: readonly ImporterUse[];
  readonly mapUses: readonly ImporterUse[];
  /** Whether every pin ignores its result. */
  readonly ignoresPin: boolean;
  /** Null for an importer that takes the buffers of any exporter, as far as the code shows. */
  readonly privateHook: PrivateHook | null;
  readonly attachPaths: readonly AttachPath[];
  /** Where its drivers attach: the calls, or those of the inline functions in headers that attach for them. */
  readonly attachPlaces: readonly Place[];
  /** The drivers in other folders that attach through this importer's helpers. */
  readonly usedBy: readonly Place[];
  readonly status: ImporterStatus;
  /** `set`: a marker field says "cannot be revoked". `none`: the tree has no marker field. */
  /** What it accepts: one list for each that it attaches with. Null where the tree's core has no mapping types. */
  readonly mappingTypes: readonly MappingTypes[] | null;
  readonly marker: 'set' | 'clear' | 'none';
  /** What of its driver is not in the tree, and may do what the rest does not. */
  readonly missing: MissingPart | null;
  readonly isTest: boolean;
}

/** An importer without ops. */
export interface StaticImporter {
  readonly place: Place;
  /** Whether it attaches with a list of its own. */
  readonly isListed: boolean;
  /** What it accepts; null where the tree's core has no mapping types. */
  readonly mappingTypes: MappingTypes | null;
}

/** Something that a callback uses of its importer's structure on every path: no test comes before it. */
export interface UnconditionalUse {
  /** The members that lead from the structure to it; empty for the structure itself. */
  readonly path: readonly string[];
  /**
   * `object`: the callback passes its address on, like that of a lock or a work item. `pointer`: the callback follows
   * it. `argument`: the callback passes it to a function that cannot be followed.
   */
  readonly kind: 'object' | 'pointer' | 'argument';
  /** The function that uses it: the callback or one of its helpers. */
  readonly ref: FunctionRef;
  readonly at: number;
}

/** A use that the callback makes only if a member of the structure is neither 0 nor NULL. */
export interface GuardedUse extends UnconditionalUse {
  /** The members that lead from the structure to the one that is tested. */
  readonly guard: readonly string[];
}

/** A use that the callback makes in each round of a loop. */
export interface LoopUse extends UnconditionalUse {
  /** The member that says how many rounds there are, as the members that lead to it. */
  readonly bound: readonly string[];
}

/** A member that the callback uses and that a function initialises only after the attach, or after a pin. */
export interface LateInitialisation {
  readonly importer: Importer;
  readonly site: Pick<AttachSite, 'ref' | 'call'>;
  /** What may run the callback before the member is initialised. */
  readonly step: 'attach' | 'pin';
  readonly use: UnconditionalUse;
  /** Offset of the initialisation, in the function of the site. */
  readonly at: number;
}

/** Something that the callback uses, freed or destroyed before the detach. */
export interface EarlyTeardown {
  readonly importer: Importer;
  /** The function that tears down, and detaches afterwards. */
  readonly ref: FunctionRef;
  /** Offset of the call that frees or destroys. */
  readonly at: number;
  readonly member: string;
  readonly use: UnconditionalUse | GuardedUse | LoopUse;
  readonly detachAt: number;
}

/** A function that puts an imported buffer, and uses the buffer's reservation after that. */
export interface OutlivedReservation {
  readonly ref: FunctionRef;
  /** The call that puts the buffer, and its 0-based offset. */
  readonly put: string;
  readonly at: number;
  /** The call that uses the reservation, its file and its 0-based offset. */
  readonly end: string;
  readonly endPath: string;
  readonly endAt: number;
}

/** An attachment that is kept, though nobody keeps a reference to its buffer. */
export type UnkeptBuffer =
  /** Its function puts the only reference: offsets of the put, and of the call that got the buffer. */
  | { readonly kind: 'put'; readonly site: AttachSite; readonly at: number; readonly gotAt: number }
  /** Its function takes none, and the caller puts its own. */
  | { readonly kind: 'lent'; readonly site: AttachSite; readonly lender: string };
