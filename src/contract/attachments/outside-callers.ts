import type { Codebase } from '../../program/index.js';
import type { Reach } from './ops-at-attach.js';
import { unknownEntrances } from './users.js';

/** Helpers above helpers end after a few levels in every tree. */
const mostRounds = 6;

/**
 * Looks for the callers of functions that lead to an importer in files that say nothing of dma-bufs: in the module,
 * and for what is exported in the whole tree. Callers found may be entrances themselves; each pass looks for all that
 * are known by then.
 * @param meanwhile work of the caller's own, done once while other threads read the tree; its result is returned
 */
export async function widenScopes<T>(codebase: Codebase, reaches: readonly Reach[], meanwhile: () => T): Promise<T> {
  let done: { readonly result: T } | undefined;
  for (let round = 0; round < mostRounds; round++) {
    const unknown = unknownEntrances(codebase, reaches);
    const local = unknown.filter((ref) => !codebase.references.isVisibleEverywhere(ref));
    if (unknown.length === 0) break;
    if (local.length > 0) {
      for (const ref of local) await widen(codebase, [ref.outline.name], codebase.definitions.module(ref.path));
    } else {
      // A driver's own headers call no helper of another module; the tree's largest files are among them.
      const files = sharedSources(codebase.program.tree.sources);
      const widening = widen(codebase, [...new Set(unknown.map((ref) => ref.outline.name))].sort(), files);
      done ??= { result: meanwhile() };
      await widening;
    }
  }
  return done ? done.result : meanwhile();
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

async function widen(codebase: Codebase, names: readonly string[], files: readonly string[]): Promise<void> {
  const { hits } = await codebase.program.tree.search(files, commonWords(names), false);
  const found = [...new Set(hits.flat())].sort();
  for (const name of names)
    codebase.references.widen(
      name,
      found.filter((path) => codebase.program.includes(path, name)),
    );
}

/** Names that begin alike are looked for by their beginning: each further word costs a pass over the tree. */
function commonWords(names: readonly string[]): readonly string[] {
  const stems = new Map<string, string[]>();
  for (const name of names) {
    const stem = name.split('_').slice(0, 2).join('_');
    stems.set(stem, [...(stems.get(stem) ?? []), name]);
  }
  return [...stems].flatMap(([stem, alike]) => (alike.length > 1 && stem.length >= 6 ? [stem] : alike));
}
