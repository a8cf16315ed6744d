import { positionAt } from '../../c/index.js';
import type { Codebase } from '../../program/index.js';
import type { Via } from '../callers/entry-points.js';
import type { LockOrigin } from '../model/results.js';
import type { EndKind } from '../state/resource.js';

/** Says how a resource ended, as a phrase to follow "it was": `released by dma_buf_put()`. */
export function describeEnd(end: EndKind): string {
  switch (end.kind) {
    case 'released':
      return `released by ${end.by}()`;
    case 'lock-dropped':
      return `dropped by ${end.by}()`;
    case 'given-to-descriptor':
      return 'handed over to the descriptor';
    case 'given-to-caller':
      return 'stored for the caller';
    case 'stored':
      return `stored in '${end.in}'`;
    case 'copied-to-user':
      return 'copied to user space';
    case 'closed':
      return `closed by ${end.by}()`;
    case 'passed':
      return end.to === null ? 'handed to a function pointer' : `handed to ${end.to}()`;
    case 'left-by-release-function':
      return 'left as it is by its release function';
  }
}

/** Says where the lock that a lock event is about comes from. */
export function describeLockOrigin(origin: LockOrigin): string {
  switch (origin.kind) {
    case 'held-by-caller':
      return 'the lock is held from here';
    case 'taken':
      return `taken here by ${origin.by}()`;
    case 'must-not-hold':
      return `${origin.by}() must be called without the lock, and nothing in between drops it or takes it`;
    default:
      return describeEnd(origin);
  }
}

/** Names the slot, table or deferred call through which a function is entered: `dma_buf_ops.mmap`. */
export function describeVia(via: Via): string {
  switch (via.kind) {
    case 'slot':
      return `${via.type.replace(/^struct /, '')}.${via.slot}`;
    case 'table':
      return via.type.replace(/^struct /, '');
    case 'entrance':
      return `${via.macro}()`;
    case 'deferral':
      return via.by;
    case 'pointer':
      return 'a pointer';
  }
}

/** Names a place: `line 12`, or `file:12` where the file is another one. Lines are 1-based. */
export type LineOf = (file: string, at: number) => string;

/** Names places for a text about one file. */
export function createLineOf(codebase: Codebase, path: string): LineOf {
  return (file, at) => {
    const unit = codebase.program.file(file)?.unit;
    const line = unit ? positionAt(unit, at).line : 0;
    return file === path ? `line ${line}` : `${file}:${line}`;
  };
}
