// The part of the model about what an exporter's map and unmap do.

import type { MappingStep } from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';

/** A call, and the function that it stands in. */
export interface StepCall {
  readonly ref: FunctionRef;
  readonly at: number;
  /** The function called. */
  readonly api: string;
}

/** What the `unmap_dma_buf` of an exporter does not undo as its `map_dma_buf` did it. */
export type Undoing = UndoingPlace &
  (NeverUndone | TakenForError | SometimesUndone | UndoneByPlacement | OtherDirection);

interface UndoingPlace {
  readonly map: FunctionRef;
  readonly unmap: FunctionRef;
  readonly step: Pick<MappingStep, 'stays'>;
  /** The call that does the step. */
  readonly does: StepCall;
}

/** Nothing undoes it: neither unmap, nor what may end a mapping that was kept. */
interface NeverUndone {
  readonly kind: 'never';
}

/** Map returns an error where it has succeeded, and goes on where it has failed. */
interface TakenForError {
  readonly kind: 'inverted';
}

/** Unmap undoes it only where a member says so, and map does it whatever the member says. */
interface SometimesUndone {
  readonly kind: 'sometimes';
  readonly test: { readonly ref: FunctionRef; readonly at: number; readonly member: string };
}

/** Unmap chooses how to undo it by a member that says where the buffer is now. */
interface UndoneByPlacement {
  readonly kind: 'placement';
  readonly test: { readonly ref: FunctionRef; readonly at: number; readonly member: string };
}

/** It is undone in another DMA direction. */
interface OtherDirection {
  readonly kind: 'direction';
  readonly undoes: StepCall;
  /** The directions, as code: constants, or the parameter of the op. */
  readonly mapped: string;
  readonly unmapped: string;
}

/** A place where an importer looks at the pages of a mapped table, or at addresses of the CPU. */
export interface TableView {
  /** The function of the API that maps the table; null where a core does that for the driver. */
  readonly mappedBy: string | null;
  readonly ref: FunctionRef;
  readonly at: number;
  /** What the importer looks at, and the call, loop or expression that does so. */
  readonly what: 'pages' | 'length';
  readonly how: string;
  /** Where the table comes from, as a clause. */
  readonly source: { readonly ref: FunctionRef; readonly at: number; readonly what: string };
}

/** An object in the `priv` of a buffer that may be freed before the buffer. */
export interface OutlivedPrivate {
  readonly why:
    | { readonly kind: 'release-does-nothing' }
    /** The function frees such a structure, though `release` and other code only drop references to it. */
    | { readonly kind: 'freed-past-count'; readonly tag: string }
    /** The call at this offset of the exporting function ties the object to a device, which frees it when it is unbound. */
    | { readonly kind: 'managed'; readonly by: string; readonly at: number; readonly isReleaseIdle: boolean };
  readonly release: FunctionRef;
  /** The function that exports, or that frees. */
  readonly ref: FunctionRef;
  /** Offset of the store into `priv`, or of the free. */
  readonly at: number;
}

/** A kernel mapping that is ended by a map whose address was moved on. */
export interface MovedMap {
  readonly ref: FunctionRef;
  /** Offset of the vunmap, and the function of the API. */
  readonly at: number;
  readonly api: string;
  /** Offset of the call that moves the address. */
  readonly movedAt: number;
}
