import { openMemory, type SourceTree } from './tree.js';
import { isDocument, isSource } from './walk.js';

/**
 * A tree with some files changed, added or taken away.
 * @param changes the new text of each file, or null for one that is gone
 * @param origin from what other tree it comes, and in which paths they differ, where that is closer than the base
 */
export function overlayTree(
  base: SourceTree,
  changes: ReadonlyMap<string, string | null>,
  origin: NonNullable<SourceTree['origin']> = { tree: base, changed: [...changes.keys()].sort() },
): SourceTree {
  const texts = Object.fromEntries([...changes].flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
  const own = openMemory(base.name, texts);
  const added = new Set(Object.keys(texts).filter((path) => base.read(path) === undefined));
  const isUntouched = (path: string): boolean => !changes.has(path);
  const listed = (old: readonly string[], belongs: (path: string) => boolean): readonly string[] => {
    const isSame = [...changes].every(
      ([path, text]) => !belongs(path) || (text !== null && !added.has(path) && old.includes(path)),
    );
    if (isSame) return old;
    return [...old.filter(isUntouched), ...Object.keys(texts).filter((path) => belongs(path))].sort();
  };
  return {
    name: base.name,
    sources: listed(base.sources, isSource),
    documentation: listed(base.documentation, isDocument),
    get problems() {
      return base.problems.filter(({ path }) => isUntouched(path));
    },
    origin,
    read(path) {
      const text = changes.get(path);
      return text === undefined ? base.read(path) : (text ?? undefined);
    },
    async search(paths, words, exports) {
      // The same list is handed down wherever it may be: a tree that remembers knows it again.
      const asked = paths.some((path) => added.has(path)) ? paths.filter((path) => !added.has(path)) : paths;
      const below = await base.search(asked, words, exports);
      const changed = await own.search(
        paths.filter((path) => changes.get(path) != null),
        words,
        exports,
      );
      return {
        hits: words.map((_, index) =>
          together(paths, (below.hits[index] ?? []).filter(isUntouched), changed.hits[index] ?? []),
        ),
        exports: [...below.exports.filter(([, path]) => isUntouched(path)), ...changed.exports].sort(
          ([, left], [, right]) => (left < right ? -1 : left > right ? 1 : 0),
        ),
        problems: below.problems.filter(({ path }) => isUntouched(path)),
      };
    },
  };
}

/** Hits of two searches, in the order of the paths searched. */
function together(paths: readonly string[], old: readonly string[], own: readonly string[]): readonly string[] {
  if (own.length === 0) return old;
  const hits = new Set([...old, ...own]);
  return paths.filter((path) => hits.has(path));
}
