import { callsIn } from '../../c/index.js';
import { deferrals, type EntryLock, slotEntries, slotLocks, unlockedTables } from '../../kernel/lock-data.js';
import {
  type Codebase,
  type FunctionRef,
  folderOf,
  functionsIn,
  memoByFile,
  memoByFunction,
} from '../../program/index.js';
import { dependOnConvention, type LockingConvention } from '../locks/convention.js';

/** One way into a function that is not a call by name. */
export interface Entry {
  readonly lock: EntryLock;
  /** The members that lead from the first parameter to the lock, where it is held. */
  readonly lockOfFirst: readonly string[] | null;
  readonly path: string;
  readonly at: number;
  readonly via: Via;
}

/** What calls a function other than by its name. */
export type Via =
  /** A member of an ops table: `dma_buf_ops.mmap`. */
  | { readonly kind: 'slot'; readonly type: string; readonly slot: string }
  /** A table without named slots, which always calls without the lock. */
  | { readonly kind: 'table'; readonly type: string }
  /** A call that runs the function later: INIT_WORK(). */
  | { readonly kind: 'deferral'; readonly by: string }
  /** A pointer to the function that is passed on or stored in code. */
  | { readonly kind: 'pointer' };

const importerOps = 'struct dma_buf_attach_ops';
const exporterOps = 'struct dma_buf_ops';
/** Callbacks of an exporter that are handed the dma-buf, and not an attachment. */
const ofBuffer: ReadonlySet<string> = new Set([
  'vmap',
  'vunmap',
  'mmap',
  'release',
  'begin_cpu_access',
  'end_cpu_access',
]);

/** The slots that a function is put into, and the work that it is made of, with the state of the lock then. */
export function entriesOf(codebase: Codebase, convention: LockingConvention, ref: FunctionRef): readonly Entry[] {
  return memoByFunction(codebase, ref, 'entries', () => {
    dependOnConvention(codebase);
    return findEntries(codebase, convention, ref);
  });
}

function findEntries(codebase: Codebase, convention: LockingConvention, ref: FunctionRef): readonly Entry[] {
  const { name } = ref.outline;
  const files = nearFiles(codebase, ref);
  const slots = codebase.references.slotsOf(ref, files).map((use): Entry => {
    const { type, nameAt } = use.variable;
    const via: Via = { kind: 'slot', type, slot: use.slot };
    return { ...slotLock(convention, type, use.slot), path: use.path, at: nameAt, via };
  });
  const others = codebase.references.of(name, files).flatMap((reference): readonly Entry[] => {
    if (reference.isCall) return [];
    const { path, at, inside } = reference;
    if (inside) {
      if (at < inside.outline.bodyStart) return [];
      const call = callsIn(codebase.program.lower(inside).body).find(
        (candidate) =>
          candidate.name !== null &&
          deferrals.test(candidate.name) &&
          candidate.call.arguments.some((argument) => argument.kind === 'name' && argument.name === name),
      );
      const via: Via = call?.name ? { kind: 'deferral', by: call.name } : { kind: 'pointer' };
      return [{ lock: call ? 'unlocked' : 'unknown', lockOfFirst: null, path, at, via }];
    }
    const table = codebase.program
      .file(path)
      ?.unit.variables.find(({ valueAt, end }) => valueAt !== null && valueAt <= at && at < end);
    return table && unlockedTables.has(table.type)
      ? [{ lock: 'unlocked', lockOfFirst: null, path, at, via: { kind: 'table', type: table.type } }]
      : [];
  });
  return [...slots, ...others];
}

/** The files that can put a function into a slot of interest: those of its folder, and those that speak of buffers. */
function nearFiles(codebase: Codebase, ref: FunctionRef): readonly string[] {
  const known = codebase.memory.recall(
    'files-with-slots',
    () =>
      new Set(codebase.program.candidatesWith(/\bstruct dma_buf\b|\bstruct dma_buf_\w+\b|\bdma_resv_\w+|\bdrm_gem_/)),
  );
  const folder = folderOf(ref.path);
  return codebase.references.scope(ref).filter((path) => known.has(path) || folderOf(path) === folder);
}

function slotLock(
  convention: LockingConvention,
  type: string,
  slot: string,
): { readonly lock: EntryLock; readonly lockOfFirst: readonly string[] | null } {
  if (type === importerOps) return { lock: 'locked', lockOfFirst: ['dmabuf', 'resv'] };
  if (type === exporterOps) {
    if (convention.lockedCallbacks.has(slot))
      return { lock: 'locked', lockOfFirst: ofBuffer.has(slot) ? ['resv'] : ['dmabuf', 'resv'] };
    return { lock: convention.unlockedCallbacks.has(slot) ? 'unlocked' : 'unknown', lockOfFirst: null };
  }
  if (unlockedTables.has(type)) return { lock: 'unlocked', lockOfFirst: null };
  const lock = slotEntries[type]?.[slot] ?? 'unknown';
  return { lock, lockOfFirst: lock === 'locked' ? (slotLocks[type] ?? null) : null };
}

/** The functions of a module that call through a slot of this name. */
export function callersThroughSlot(codebase: Codebase, slot: string, path: string): readonly FunctionRef[] {
  const mentions = new Set(codebase.program.mentions);
  const isSmall = codebase.definitions.isSmallModule(path);
  return codebase.definitions
    .module(path)
    .filter((file) => isSmall || mentions.has(file))
    .flatMap((file) => memoByFile(codebase, file, `calls-slot\0${slot}`, () => callsThroughSlot(codebase, slot, file)));
}

function callsThroughSlot(codebase: Codebase, slot: string, path: string): readonly FunctionRef[] {
  const pattern = new RegExp(`(?:->|\\.)\\s*${slot}\\s*\\(`);
  if (!pattern.test(codebase.program.peek(path) ?? '')) return [];
  return functionsIn(codebase.program, path).filter((ref) => pattern.test(codebase.program.bodyText(ref)));
}

/** Whether a function says that it is called with the lock held: by its name, or in the comment before it. */
export function saysLocked(codebase: Codebase, ref: FunctionRef): boolean {
  if (/_locked$|^__\w+_locked|_locked_/.test(ref.outline.name)) return true;
  return /(?:must|should|has to|to be|is|are|caller)\b[^.]*\b(?:held|hold|holds|locked|reserved)\b|with\b[^.]*\block\b[^.]*\bheld\b/i.test(
    commentBefore(codebase, ref),
  );
}

/** Whether a function says that it returns with the lock held, or with its caller's lock dropped. */
export function saysItLeavesLock(codebase: Codebase, ref: FunctionRef, how: 'held' | 'dropped'): boolean {
  const names =
    how === 'held'
      ? /(?:^|_)(?:lock|locked|trylock|acquire)(?:_|$)/
      : /(?:^|_)(?:unlock|unlocked|unreserve|release|end)(?:_|$)/;
  if (names.test(ref.outline.name)) return true;
  return /\b(?:lock|reservation)\b[^.]*\bheld\b|\b(?:drops?|releases?|unlocks?|returns?)\b[^.]*\block(?:ed)?\b/i.test(
    commentBefore(codebase, ref),
  );
}

/** The comment that ends right before a function, as one line. */
function commentBefore(codebase: Codebase, ref: FunctionRef): string {
  const file = codebase.program.file(ref.path);
  const comment = file?.unit.comments.findLast(({ end }) => end <= ref.outline.start);
  if (!file || !comment || file.text.slice(comment.end, ref.outline.start).trim() !== '') return '';
  return file.text
    .slice(comment.start, comment.end)
    .replace(/\n[ \t]*\*/g, ' ')
    .replace(/\s+/g, ' ');
}
