import type { SourceTree } from './tree.js';
import { isDocument, isSource } from './walk.js';

/** A tree with some files replaced, added or (null) deleted. */
export function overlayTree(base: SourceTree, changes: ReadonlyMap<string, string | null>): SourceTree {
  const list = (paths: readonly string[], belongs: (path: string) => boolean): readonly string[] => {
    const kept = paths.filter((path) => changes.get(path) !== null);
    const added = [...changes].flatMap(([path, text]) => (text !== null && belongs(path) ? [path] : []));
    return [...new Set([...kept, ...added])].sort();
  };
  return {
    name: base.name,
    sources: list(base.sources, isSource),
    documentation: list(base.documentation, isDocument),
    problems: base.problems,
    read: (path) => (changes.has(path) ? (changes.get(path) ?? undefined) : base.read(path)),
    async search(paths, words, exports) {
      const below = await base.search(
        paths.filter((path) => !changes.has(path)),
        words,
        exports,
      );
      const own = paths.filter((path) => typeof changes.get(path) === 'string');
      return {
        hits: words.map((word, index) =>
          [...(below.hits[index] ?? []), ...own.filter((path) => changes.get(path)?.includes(word))].sort(),
        ),
        exports: [
          ...below.exports,
          ...own.flatMap((path) =>
            path.endsWith('.c') && exports
              ? [...(changes.get(path) ?? '').matchAll(/EXPORT_SYMBOL\w*\(\s*(\w+)/g)].map(
                  (match): readonly [string, string] => [match[1] ?? '', path],
                )
              : [],
          ),
        ],
        problems: below.problems,
      };
    },
  };
}
