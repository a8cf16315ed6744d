import { openMemory, type SourceTree } from './tree.js';
import { isDocument, isSource } from './walk.js';

/**
 * Makes a tree with some files changed, added or removed.
 * @param changes the new text of each file, or null for a removed file
 * @param origin a tree that is closer to the new one than the base, and the paths in which the two differ
 */
export function overlayTree(
  base: SourceTree,
  changes: ReadonlyMap<string, string | null>,
  origin: NonNullable<SourceTree['origin']> = { tree: base, changed: [...changes.keys()].sort() },
): SourceTree {
  const texts = Object.fromEntries([...changes].flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
  const own = openMemory(base.name, texts);
  const there = filesOf(base);
  const added = new Set(Object.keys(texts).filter((path) => !there.has(path)));
  const isUntouched = (path: string): boolean => !changes.has(path);
  const listed = (old: readonly string[], belongs: (path: string) => boolean): readonly string[] => {
    const isSame = [...changes].every(([path, text]) => !belongs(path) || (text !== null && !added.has(path)));
    if (isSame) return old;
    return [...old.filter(isUntouched), ...Object.keys(texts).filter((path) => belongs(path))].sort();
  };
  return {
    name: base.name,
    sources: listed(base.sources, isSource),
    ...(base.sourcesOfWhole ? { sourcesOfWhole: [...new Set(listed(base.sourcesOfWhole, isSource))] } : {}),
    documentation: listed(base.documentation, isDocument),
    get problems() {
      return base.problems.filter(({ path }) => isUntouched(path));
    },
    origin,
    read(path) {
      const text = changes.get(path);
      return text === undefined ? base.read(path) : (text ?? undefined);
    },
    has(path) {
      const text = changes.get(path);
      return text === undefined ? base.has(path) : text !== null;
    },
    async search(paths, words, exports) {
      // Pass on the same array if possible: a remembering tree recognises it.
      const asked = paths.some((path) => added.has(path)) ? paths.filter((path) => !added.has(path)) : paths;
      const below = await base.search(asked, words, exports);
      const changed = await own.search(
        paths.filter((path) => changes.get(path) != null),
        words,
        exports,
      );
      return {
        hits: words.map((_, index) => together(paths, below.hits[index] ?? [], changed.hits[index] ?? [], isUntouched)),
        exports: exportsTogether(below.exports, changed.exports, isUntouched),
        problems: below.problems.filter(({ path }) => isUntouched(path)),
      };
    },
  };
}

const files = new WeakMap<SourceTree, ReadonlySet<string>>();

/** The sources and documentation files of a tree. */
function filesOf(tree: SourceTree): ReadonlySet<string> {
  const known = files.get(tree) ?? new Set([...tree.sources, ...tree.documentation]);
  files.set(tree, known);
  return known;
}

/**
 * Merges the hits of two searches, in the order of the searched paths. Returns the array `before` itself if nothing
 * changed, as after most edits.
 */
function together(
  paths: readonly string[],
  before: readonly string[],
  own: readonly string[],
  isUntouched: (path: string) => boolean,
): readonly string[] {
  const old = before.filter(isUntouched);
  const former = new Set(before);
  if (before.length - old.length === own.length && own.every((path) => former.has(path))) return before;
  const hits = new Set([...old, ...own]);
  return paths.filter((path) => hits.has(path));
}

type Exports = Awaited<ReturnType<SourceTree['search']>>['exports'];

/** Merges the exports of two searches in the same way, sorted by path. */
function exportsTogether(before: Exports, own: Exports, isUntouched: (path: string) => boolean): Exports {
  const textOf = (exports: Exports): string => exports.map(([symbol, path]) => `${path} ${symbol}`).join();
  const former = before.filter(([, path]) => !isUntouched(path));
  if (textOf(former) === textOf(own)) return before;
  return [...before.filter(([, path]) => isUntouched(path)), ...own].sort(([, left], [, right]) =>
    left < right ? -1 : left > right ? 1 : 0,
  );
}
