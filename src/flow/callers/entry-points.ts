import { ownValue } from '../../base/own-value.js';
import { callsIn } from '../../c/index.js';
import {
  type EntryLock,
  exporterOpsTag,
  importerOpsTag,
  isDeferral,
  isEntrance,
  lockOfExporterOp,
  mentionsReservations,
  slotTable,
} from '../../kernel/index.js';
import {
  type Codebase,
  type FunctionRef,
  folderOf,
  functionsIn,
  memoByFile,
  memoByFunction,
  plain,
  type Reference,
} from '../../program/index.js';
import { dependOnConvention, type LockingConvention } from '../locks/convention.js';
import { type LockOfData, lockOfExportedData } from './exported-data.js';

/** A way to enter a function other than a call by its name, and whether the reservation lock is held then. */
export interface EntryPoint {
  readonly lock: EntryLock;
  /** The members that lead from the first parameter to the lock held: `dmabuf`, `resv`. Null where none is known. */
  readonly lockOfFirst: readonly string[] | null;
  /** Where the buffer's private data has the lock held, too. */
  readonly lockOfData?: LockOfData;
  /** Where the slot or the deferred call stands. */
  readonly path: string;
  readonly at: number;
  readonly via: Via;
}

/** What calls a function other than by its name. */
export type Via =
  /** A member of an ops table: `dma_buf_ops.mmap`. */
  | { readonly kind: 'slot'; readonly type: string; readonly slot: string }
  /** A table in which no slot is named, or named by a macro: all its functions are called alike. */
  | { readonly kind: 'table'; readonly type: string }
  /** A macro at file level that has the function called from outside: module_exit(). */
  | { readonly kind: 'entrance'; readonly macro: string }
  /** A call that runs the function later: INIT_WORK(). */
  | { readonly kind: 'deferral'; readonly by: string }
  /** A pointer to the function that is passed on or stored in code. */
  | { readonly kind: 'pointer' };

const importerOps = `struct ${importerOpsTag}`;
const exporterOps = `struct ${exporterOpsTag}`;
/** The importer's callback, for one, is called with the lock of the buffer to which the importer is attached. */
const lockOfAttachment: Pick<EntryPoint, 'lock' | 'lockOfFirst'> = { lock: 'locked', lockOfFirst: ['dmabuf', 'resv'] };

/** The entry points of a function: the ops tables that it stands in, and the calls that defer it to a worker. */
export function entryPointsOf(
  codebase: Codebase,
  convention: LockingConvention,
  ref: FunctionRef,
): readonly EntryPoint[] {
  return memoByFunction(
    codebase,
    ref,
    'entries',
    () => {
      dependOnConvention(codebase);
      return findEntryPoints(codebase, convention, ref);
    },
    plain(),
  );
}

function findEntryPoints(codebase: Codebase, convention: LockingConvention, ref: FunctionRef): readonly EntryPoint[] {
  const { name } = ref.outline;
  const files = nearFiles(codebase, ref);
  const slots = codebase.references.slotsOf(ref, files).map((use): EntryPoint => {
    const { name: table, type, nameAt } = use.variable;
    const via: Via = { kind: 'slot', type, slot: use.slot };
    const entry: EntryPoint = { ...slotLock(convention, type, use.slot), path: use.path, at: nameAt, via };
    const isExporters = type === exporterOps && entry.lock === 'locked';
    const lockOfData = isExporters ? lockOfExportedData(codebase, use.path, table) : null;
    return lockOfData ? { ...entry, lockOfData } : entry;
  });
  const others = codebase.references.of(name, files).flatMap((reference): readonly EntryPoint[] => {
    if (reference.isCall) return [];
    return reference.inside
      ? entriesInCode(codebase, name, reference, reference.inside)
      : entriesInTable(codebase, reference);
  });
  // What a macro is known to name is entered by that name alone.
  const isNamed = ({ path, via }: EntryPoint): boolean =>
    via.kind === 'table' &&
    slots.some((slot) => slot.path === path && slot.via.kind === 'slot' && slot.via.type === via.type);
  return [...slots, ...others.filter((entry) => !isNamed(entry))];
}

/** A function whose name stands in code is deferred by the call around it, or leaves through a pointer. */
function entriesInCode(
  codebase: Codebase,
  name: string,
  { path, at }: Reference,
  inside: FunctionRef,
): readonly EntryPoint[] {
  if (at < inside.outline.bodyStart) return [];
  const call = callsIn(codebase.program.lower(inside).body).find(
    (candidate) =>
      candidate.name !== null &&
      isDeferral(candidate.name) &&
      candidate.call.arguments.some((argument) => argument.kind === 'name' && argument.name === name),
  );
  const via: Via = call?.name ? { kind: 'deferral', by: call.name } : { kind: 'pointer' };
  return [{ lock: call ? 'unlocked' : 'unknown', lockOfFirst: null, path, at, via }];
}

/** A function that stands in a macro or a table at file level is called without the lock, where these say so. */
function entriesInTable(codebase: Codebase, { path, at }: Reference): readonly EntryPoint[] {
  const file = codebase.program.file(path);
  const macro = file && macroAround(file.code, at);
  if (macro !== undefined && isEntrance(macro))
    return [{ lock: 'unlocked', lockOfFirst: null, path, at, via: { kind: 'entrance', macro } }];
  const variables = file?.unit.variables;
  const table = variables?.find(({ valueAt, end }) => valueAt !== null && valueAt <= at && at < end);
  if (!table) return [];
  // A slot that a macro names, `EX_MOVED(ex_moved)`, is the callback: the importer's ops have no other function.
  const via: Via = { kind: 'table', type: table.type };
  if (table.type === importerOps && macro !== undefined) return [{ ...lockOfAttachment, path, at, via }];
  if (slotTable(table.type)?.otherSlots !== 'unlocked') return [];
  return [{ lock: 'unlocked', lockOfFirst: null, path, at, via }];
}

/** The macro among whose arguments an offset lies: `module_exit(foo_exit)`, `module_driver(foo, foo_add, foo_del)`. */
function macroAround(code: string, at: number): string | undefined {
  return /(\w+)\s*\([\w\s,&]*$/.exec(code.slice(Math.max(0, at - 300), at))?.[1];
}

/** The files whose ops tables can name a function: those of its folder, and those that mention dma-bufs or GEM objects. */
function nearFiles(codebase: Codebase, ref: FunctionRef): readonly string[] {
  const known = codebase.memory.recall(
    'files-with-slots',
    () => new Set(codebase.program.candidatesWith(mentionsReservations)),
    plain(),
  );
  const folder = folderOf(ref.path);
  return codebase.references.scope(ref).filter((path) => known.has(path) || folderOf(path) === folder);
}

/** Whether the lock is held when a slot is called. */
function slotLock(
  convention: LockingConvention,
  type: string,
  slot: string,
): { readonly lock: EntryLock; readonly lockOfFirst: readonly string[] | null } {
  if (type === importerOps) return lockOfAttachment;
  if (type === exporterOps) {
    if (convention.lockedCallbacks.has(slot)) return { lock: 'locked', lockOfFirst: lockOfExporterOp(slot) };
    return { lock: convention.unlockedCallbacks.has(slot) ? 'unlocked' : 'unknown', lockOfFirst: null };
  }
  if (convention.typeTables.has(type)) return lockOfAttachment;
  const table = slotTable(type);
  const lock = (table && ownValue(table.slots, slot)) ?? table?.otherSlots ?? 'unknown';
  return { lock, lockOfFirst: lock === 'locked' ? (table?.lockOfFirst ?? null) : null };
}

/** The functions of a file's module that call through a slot of this name. */
export function callersThroughSlot(codebase: Codebase, slot: string, path: string): readonly FunctionRef[] {
  const mentions = new Set(codebase.program.mentions);
  const isSmall = codebase.definitions.isSmallModule(path);
  return codebase.definitions
    .module(path)
    .filter((file) => isSmall || mentions.has(file))
    .flatMap((file) =>
      memoByFile(codebase, file, `calls-slot\0${slot}`, () => callsThroughSlot(codebase, slot, file), plain()),
    );
}

function callsThroughSlot(codebase: Codebase, slot: string, path: string): readonly FunctionRef[] {
  const pattern = new RegExp(`(?:->|\\.)\\s*${slot}\\s*\\(`);
  if (!pattern.test(codebase.program.peek(path) ?? '')) return [];
  return functionsIn(codebase.program, path).filter((ref) => pattern.test(codebase.program.bodyText(ref)));
}
