import { callsIn } from '../../c/index.js';
import {
  dmaBufCore,
  exporterOpsTag,
  exporterOpsWithLock,
  functionsWithLock,
  isCoreFile,
  type TypeOps,
  typeOpsIn,
} from '../../kernel/index.js';
import { type Codebase, functionsIn } from '../../program/index.js';

/** Who must hold the reservation lock, according to the tree's own documentation. */
export interface LockingConvention {
  /** `tree`: read from the comment in the tree. `built-in`: the lists of Linux 7.3, since the comment could not be read. */
  readonly source: 'tree' | 'built-in';
  /** Functions that must be called with the lock held. */
  readonly mustHold: ReadonlySet<string>;
  /** Functions that must be called without it. */
  readonly mustNotHold: ReadonlySet<string>;
  /** Members of struct dma_buf_ops that are called with the lock held. */
  readonly lockedCallbacks: ReadonlySet<string>;
  /** Members of struct dma_buf_ops that are called without it. */
  readonly unlockedCallbacks: ReadonlySet<string>;
  /** The structs of functions by which exporters map and unmap a mapping type: with the lock held, as for their own ops. */
  readonly typeTables: ReadonlySet<string>;
}

const heading = 'DOC: locking convention';

/** The lists of Linux 7.3, used where the comment has another form. */
const builtIn: LockingConvention = {
  source: 'built-in',
  mustHold: new Set(functionsWithLock('must-hold')),
  mustNotHold: new Set(functionsWithLock('must-not-hold')),
  lockedCallbacks: new Set(exporterOpsWithLock('held')),
  unlockedCallbacks: new Set(exporterOpsWithLock('not-held')),
  typeTables: new Set(),
};

const listItem = new RegExp(`\\n[ \\t]*-[ \\t]+&?(?:${exporterOpsTag}\\.)?(\\w+)`, 'g');

type ListName = 'mustHold' | 'mustNotHold' | 'lockedCallbacks' | 'unlockedCallbacks';

/**
 * Reads the `DOC: locking convention` comment of drivers/dma-buf/dma-buf.c.
 * @returns null where the tree has none: before Linux 6.2 importers called the API without the lock
 */
export function readConvention(codebase: Codebase): LockingConvention | null {
  const text = codebase.program.peek(dmaBufCore) ?? '';
  const start = text.indexOf(heading);
  if (start < 0) return null;
  const lists: Record<ListName, Set<string>> = {
    mustHold: new Set(),
    mustNotHold: new Set(),
    lockedCallbacks: new Set(),
    unlockedCallbacks: new Set(),
  };
  const comment = text.slice(start, text.indexOf('*/', start)).replace(/\n[ \t]*\*/g, '\n');
  // Each numbered item is a sentence, followed by a list of names.
  for (const item of comment.split(/\n[ \t]*\d+\.[ \t]/).slice(1)) {
    const listStart = item.search(/\n[ \t]*-[ \t]/);
    const sentence = (listStart < 0 ? item : item.slice(0, listStart)).replace(/\s+/g, ' ');
    const list = listOf(sentence);
    if (!list) continue;
    for (const [, name = ''] of item.matchAll(listItem)) lists[list].add(name);
  }
  addWrappers(codebase, [lists.mustHold, lists.mustNotHold]);
  const typeTables = new Set(typeOpsOf(codebase).map(({ tag }) => `struct ${tag}`));
  return lists.mustHold.size > 0 && lists.lockedCallbacks.size > 0
    ? { source: 'tree', ...lists, typeTables }
    : { ...builtIn, typeTables };
}

/** A function of a header that does nothing but call one of a list, such as an old name for a new one, belongs to it, too. */
function addWrappers(codebase: Codebase, lists: readonly Set<string>[]): void {
  for (const ref of headersOf(codebase).flatMap((path) => functionsIn(codebase.program, path))) {
    const [first, ...others] = callsIn(codebase.program.lower(ref).body);
    const list = first && others.length === 0 ? lists.find((names) => names.has(first.name ?? '')) : undefined;
    list?.add(ref.outline.name);
  }
}

function headersOf({ program }: Codebase): readonly string[] {
  return program.candidates.filter((path) => path.endsWith('.h') && isCoreFile(path));
}

/** The structs of functions for mapping types that the headers of the core define. */
function typeOpsOf(codebase: Codebase): readonly TypeOps[] {
  return typeOpsIn(headersOf(codebase).flatMap((path) => codebase.program.file(path)?.unit.structs ?? []));
}

/** Which list an item is, by its sentence. */
function listOf(sentence: string): ListName | undefined {
  if (/callbacks? (?:are|is) invoked with unlocked/.test(sentence)) return 'unlockedCallbacks';
  if (/callbacks? (?:are|is) invoked with locked/.test(sentence)) return 'lockedCallbacks';
  if (/must not hold|must not be holding/i.test(sentence)) return 'mustNotHold';
  if (/must hold|must be holding/i.test(sentence)) return 'mustHold';
  return undefined;
}

const settingName = 'convention';

/** Sets the convention to judge by. Answers that depend on another one are made anew. */
export function useConvention(codebase: Codebase, convention: LockingConvention): void {
  codebase.memory.set(settingName, JSON.stringify(Object.values(convention).map((list) => [...list])));
}

/** Says that the answer being made depends on the convention. */
export function dependOnConvention(codebase: Codebase): void {
  codebase.memory.setting(settingName);
}
