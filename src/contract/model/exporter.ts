// The part of the model about exporters.

import type { MissingPart } from '../partial/missing-parts.js';
import type { Place, TraceStep } from '../places.js';
import type { OpsTable } from '../tables/ops-table.js';
import type { MappingTypes } from './mapping-types.js';
import type { OutlivedPrivate, Undoing } from './mappings.js';
import type { Invalidation } from './revocation.js';

/** What `.pin` does. `none`: there is none, and dma_buf_pin() succeeds. */
export type PinPolicy = 'none' | 'accepts' | 'refuses-all' | 'refuses-non-revocable';

/** Where an exporter refuses importers that are not revocable. */
export interface Rejection {
  readonly op: 'attach' | 'pin';
  readonly step: TraceStep;
}

/** Where an exporter refuses importers without peer-to-peer. */
export interface PeerToPeerCheck {
  readonly op: 'attach' | 'map_dma_buf';
  readonly step: TraceStep;
}

/** An op of an exporter that always fails. */
export interface AlwaysFails {
  readonly op: 'attach' | 'map_dma_buf';
  readonly step: TraceStep;
}

/** Whether an exporter's `map_dma_buf` refuses once the buffer is revoked. */
export interface MapAfterRevoke {
  readonly function: string;
  readonly path: string;
  /** Offset of the function's name. */
  readonly at: number;
  readonly verdict: 'refuses' | 'always-fails' | 'maps' | 'unknown';
}

/** A `map_dma_buf` that returns NULL on some way. */
export interface NullMap {
  readonly function: string;
  readonly path: string;
  /** Offset of the return. */
  readonly at: number;
  readonly steps: readonly TraceStep[];
}

/** A `.pin` that may start a move of the memory. */
export interface PinMove {
  readonly path: string;
  /** Offset of the pin function's name. */
  readonly at: number;
  /** The calls that lead to the call that starts the move, and that call. */
  readonly steps: readonly TraceStep[];
  readonly waitsForFences: boolean;
  /** A call after the move that cannot be followed, and so may wait. */
  readonly opaque: string | null;
}

/** An exporter: what its table says and what its code does. */
export interface Exporter {
  readonly table: OpsTable;
  readonly place: Place;
  /** The names of the pin and unpin functions. */
  readonly pin: string | null;
  readonly unpin: string | null;
  readonly pinPolicy: PinPolicy;
  readonly requiresPeer2peer: boolean;
  /** Where it refuses importers without peer-to-peer. */
  readonly peerToPeerCheck: PeerToPeerCheck | null;
  /** The op by which nobody can use the buffer. */
  readonly alwaysFails: AlwaysFails | null;
  readonly invalidations: readonly Invalidation[];
  readonly revokes: boolean;
  readonly rejectsNonRevocable: boolean;
  /** Where it rejects them. */
  readonly rejection: Rejection | null;
  readonly waitsForFences: boolean | null;
  readonly waitsForUnmap: boolean | null;
  /** Null for an exporter that does not revoke, and where the code of its `map_dma_buf` is not known. */
  readonly mapAfterRevoke: MapAfterRevoke | null;
  /** Null where `map_dma_buf` returns no NULL, and where its code is not known. */
  readonly nullMap: NullMap | null;
  /** What its unmap does not undo as its map did it. */
  readonly undoings: readonly Undoing[];
  /** Null where release does something, or the buffer has no private object. */
  readonly outlived: OutlivedPrivate | null;
  /** Null where pin moves nothing. */
  readonly pinMove: PinMove | null;
  /** Where code passes the table to dma_buf_export(), or sets it on a dma-buf afterwards. */
  readonly exportSites: readonly Place[];
  /** The members that code sets on a copy of the table at run time; null where nothing copies the table. */
  readonly completedMembers: readonly string[] | null;
  /** What it offers; null where the tree's core has no mapping types. */
  readonly mappingTypes: MappingTypes | null;
  /** What of its driver is not in the tree, and may do what the rest does not. */
  readonly missing: MissingPart | null;
  readonly isTest: boolean;
}
