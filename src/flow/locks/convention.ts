import type { Codebase } from '../../program/index.js';

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
}

const core = 'drivers/dma-buf/dma-buf.c';
const heading = 'DOC: locking convention';

/** The lists of Linux 7.3, used where the comment has another form. */
const builtIn: LockingConvention = {
  source: 'built-in',
  mustHold: new Set([
    'dma_buf_pin',
    'dma_buf_unpin',
    'dma_buf_map_attachment',
    'dma_buf_unmap_attachment',
    'dma_buf_vmap',
    'dma_buf_vunmap',
    'dma_buf_move_notify',
    'dma_buf_invalidate_mappings',
  ]),
  mustNotHold: new Set([
    'dma_buf_attach',
    'dma_buf_dynamic_attach',
    'dma_buf_detach',
    'dma_buf_export',
    'dma_buf_fd',
    'dma_buf_get',
    'dma_buf_put',
    'dma_buf_mmap',
    'dma_buf_begin_cpu_access',
    'dma_buf_end_cpu_access',
    'dma_buf_map_attachment_unlocked',
    'dma_buf_unmap_attachment_unlocked',
    'dma_buf_vmap_unlocked',
    'dma_buf_vunmap_unlocked',
  ]),
  lockedCallbacks: new Set(['pin', 'unpin', 'map_dma_buf', 'unmap_dma_buf', 'vmap', 'vunmap']),
  unlockedCallbacks: new Set(['attach', 'detach', 'release', 'begin_cpu_access', 'end_cpu_access', 'mmap']),
};

type ListName = 'mustHold' | 'mustNotHold' | 'lockedCallbacks' | 'unlockedCallbacks';

/**
 * Reads the `DOC: locking convention` comment of drivers/dma-buf/dma-buf.c.
 * @returns null where the tree has none: before Linux 6.2 importers called the API without the lock
 */
export function readConvention(codebase: Codebase): LockingConvention | null {
  const text = codebase.program.peek(core) ?? '';
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
    for (const [, name = ''] of item.matchAll(/\n[ \t]*-[ \t]+&?(?:dma_buf_ops\.)?(\w+)/g)) lists[list].add(name);
  }
  return lists.mustHold.size > 0 && lists.lockedCallbacks.size > 0 ? { source: 'tree', ...lists } : builtIn;
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
