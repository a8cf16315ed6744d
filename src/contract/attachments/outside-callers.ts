// Who calls the helpers of importers from files that do not mention dma-bufs?

import type { Codebase } from '../../program/index.js';
import type { AttachPath } from '../model/attachment.js';
import { functionsWithUnknownCallers } from './users.js';

/** No kernel has helpers above helpers on more levels than this. */
const mostRounds = 6;

/**
 * Searches the callers of the functions on attach paths in files that do not mention dma-bufs: those of the module, and
 * for exported functions those of the whole tree. A caller found may be a helper with callers of its own, so the search
 * runs in rounds. The callers become known to `codebase.references`.
 * @param meanwhile work of the caller that runs once, while other threads read the tree
 * @returns the result of that work
 */
export async function findOutsideCallers<T>(
  codebase: Codebase,
  attachPaths: readonly AttachPath[],
  meanwhile: () => Promise<T>,
): Promise<T> {
  let done: { readonly result: T } | undefined;
  for (let round = 0; round < mostRounds; round++) {
    const unknown = functionsWithUnknownCallers(codebase, attachPaths);
    const local = unknown.filter((ref) => !codebase.references.isVisibleEverywhere(ref));
    if (unknown.length === 0) break;
    if (local.length > 0) {
      for (const ref of local) await searchCallers(codebase, [ref.outline.name], codebase.definitions.module(ref.path));
    } else {
      // A driver's own headers call no helper of another module, and they are among the largest files of the tree.
      const files = sharedSources(codebase.program.tree.sources);
      const search = searchCallers(codebase, [...new Set(unknown.map((ref) => ref.outline.name))].sort(), files);
      if (done) await search;
      else [done] = await Promise.all([meanwhile().then((result) => ({ result })), search]);
    }
  }
  return done ? done.result : await meanwhile();
}

const shared = new WeakMap<readonly string[], readonly string[]>();

/** The files among all sources that can call an exported function: the same list for the same sources. */
function sharedSources(sources: readonly string[]): readonly string[] {
  let files = shared.get(sources);
  if (!files) {
    files = sources.filter((path) => path.endsWith('.c') || path.startsWith('include/'));
    shared.set(sources, files);
  }
  return files;
}

async function searchCallers(codebase: Codebase, names: readonly string[], files: readonly string[]): Promise<void> {
  const { hits } = await codebase.program.tree.search(files, searchWords(names), false);
  const found = [...new Set(hits.flat())].sort();
  for (const name of names)
    codebase.references.widen(
      name,
      found.filter((path) => codebase.program.includes(path, name)),
    );
}

/** Names with the same beginning become one search word, since each word costs a pass over the tree. */
function searchWords(names: readonly string[]): readonly string[] {
  const stems = new Map<string, string[]>();
  for (const name of names) {
    const stem = name.split('_').slice(0, 2).join('_');
    stems.set(stem, [...(stems.get(stem) ?? []), name]);
  }
  return [...stems].flatMap(([stem, alike]) => (alike.length > 1 && stem.length >= 6 ? [stem] : alike));
}
