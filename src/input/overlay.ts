import { openMemory, type SourceTree } from './tree.js';
import { documentPattern, sourcePattern } from './walk.js';

/**
 * A tree with some files changed, added or taken away.
 * @param changes the new text of each file, or null for one that is gone
 */
export function overlayTree(base: SourceTree, changes: ReadonlyMap<string, string | null>): SourceTree {
  const texts = Object.fromEntries([...changes].flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
  const own = openMemory(base.name, texts);
  const added = new Set(Object.keys(texts).filter((path) => base.read(path) === undefined));
  const isUntouched = (path: string): boolean => !changes.has(path);
  const listed = (old: readonly string[], pattern: RegExp): readonly string[] => {
    const isSame = [...changes].every(
      ([path, text]) => !pattern.test(path) || (text !== null && !added.has(path) && old.includes(path)),
    );
    if (isSame) return old;
    return [...old.filter(isUntouched), ...Object.keys(texts).filter((path) => pattern.test(path))].sort();
  };
  return {
    name: base.name,
    sources: listed(base.sources, sourcePattern),
    documentation: listed(base.documentation, documentPattern),
    get problems() {
      return base.problems.filter(({ path }) => isUntouched(path));
    },
    origin: { tree: base, changed: [...changes.keys()].sort() },
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
