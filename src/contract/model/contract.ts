// The model as a whole.

import type { NamedTree } from '../../input/tree/renamed.js';
import type { UnknownApi } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import type { Dialect } from '../documents/dialect.js';
import type { MissingParts } from '../partial/missing-parts.js';
import type { NotAnalysed } from '../places.js';
import type { AttachmentUse, AttachPath } from './attachment.js';
import type { Exporter } from './exporter.js';
import type {
  EarlyTeardown,
  Importer,
  LateInitialisation,
  OutlivedReservation,
  StaticImporter,
  UnkeptBuffer,
} from './importer.js';
import type {
  AtomicSleep,
  LeaksAndMisuses,
  LockDefects,
  NullResult,
  OutsideTest,
  OverwrittenDirection,
  UndestroyedImport,
  Unmapping,
} from './lifetimes.js';
import type { MovedMap, TableView } from './mappings.js';

/** The contract model of one tree: everything that rules, documentation and the matrix ask for. */
export interface Contract {
  readonly codebase: Codebase;
  /** How the tree itself calls what the model calls by the names of our table: `toldInNames()` says answers in them. */
  readonly names: NamedTree;
  readonly dialect: Dialect;
  readonly importers: readonly Importer[];
  readonly staticImporters: readonly StaticImporter[];
  readonly exporters: readonly Exporter[];
  /** What belongs to the drivers and is not in the tree. */
  readonly missing: MissingParts;
  /** Every call path along which an ops table, or NULL, gets to an attach. */
  readonly attachPaths: readonly AttachPath[];
  /** Documentation files that mention the API, with their texts. */
  readonly documents: readonly { readonly path: string; readonly text: string }[];
  /** Every pin, unpin, map and unmap call of the tree, linked to an attach or not. */
  readonly uses: readonly AttachmentUse[];
  /** What of the API in this tree's core is not known. */
  readonly unknownApi: readonly UnknownApi[];
  /** The leaks and misuses in functions that use the API. Computed at the first call. */
  lifetimes(): LeaksAndMisuses;
  /** The questions that are asked without the lock under which their answer is used. Computed at the first call. */
  outsideTests(): readonly OutsideTest[];
  /** The functions that return NULL where their caller asks for an error pointer. Computed at the first call. */
  nullResults(): readonly NullResult[];
  /** The drivers that never end the import of their GEM objects. Computed at the first call. */
  undestroyedImports(): readonly UndestroyedImport[];
  /** The calls that sleep where nothing may sleep. Computed at the first call. */
  atomicSleeps(): readonly AtomicSleep[];
  /** Where importers look at mapped tables as the CPU sees them. Computed at the first call. */
  tableViews(): readonly TableView[];
  /** The kernel mappings that are ended by a map which was moved on. Computed at the first call. */
  movedMaps(): readonly MovedMap[];
  /** What importers tear down before the detach, though their callback uses it. Computed at the first call. */
  earlyTeardowns(): readonly EarlyTeardown[];
  /** The attachments to buffers that nobody keeps. Computed at the first call. */
  unkeptBuffers(): readonly UnkeptBuffer[];
  /** The puts of imported buffers whose reservation is used after that. */
  outlivedReservations(): readonly OutlivedReservation[];
  /** The lock defects at the calls that the tree's locking convention names. Computed at the first call. */
  locks(): LockDefects;
  /** Every unmap whose direction is known, with the mappings that its table can hold. */
  readonly unmappings: readonly Unmapping[];
  /** The directions that are overwritten while the mapping stays. */
  overwrittenDirections(): readonly OverwrittenDirection[];
  readonly lateInitialisations: readonly LateInitialisation[];
  readonly notAnalysed: readonly NotAnalysed[];
  /**
   * Waits for what other threads find out, so that `lifetimes()` and `locks()` need not. It does nothing where there are none.
   * @param meanwhile is done before this thread waits
   */
  settle(meanwhile: () => void): Promise<void>;
  /** What `lifetimes()` and `locks()` could not follow, as far as they have been called. */
  gaps(): readonly NotAnalysed[];
  /** The version in the tree's Makefile. */
  readonly kernelVersion: string | null;
}
