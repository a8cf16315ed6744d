// The part of the model about mapping types: what an importer accepts, and what an exporter offers.

import type { TraceStep } from '../places.js';
import type { OpsTable } from '../tables/ops-table.js';

/** What an entry says about peer-to-peer. `of-ops`: what the importer's ops say. */
export type PeerAnswer = 'yes' | 'no' | 'unknown' | 'of-ops';

/** One entry of a list. */
export interface MappingEntry {
  /** The name of the type, as the code has it; null where the code does not show which. */
  readonly type: string | null;
  /** Of an importer: whether it can do peer-to-peer. Of an exporter: whether it needs it. */
  readonly peer2peer: PeerAnswer;
  /** Whether the entry is in the list on every path. */
  readonly isCertain: boolean;
  /** Where it is written. */
  readonly step: TraceStep;
  /** The name of the ops of the type that it names, or the ops themselves; null for an importer's, and where none are seen. */
  readonly ops: TypeTable | null;
}

/** The ops of a mapping type that an exporter's entry names. */
export interface TypeTable {
  /** The members that map and unmap, in the names of the exporter's ops. */
  readonly members: OpsTable['members'];
  /** Whether a mapping is a table of pages. */
  readonly isTable: boolean;
}

/** The mapping types of an importer or an exporter, the best first. */
export interface MappingTypes {
  readonly entries: readonly MappingEntry[];
  /** Why there may be other entries than these; null where these are all. */
  readonly unknown: string | null;
}
