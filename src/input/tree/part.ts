import type { SourceTree } from './tree.js';

/** A tree as if it had no sources but some, and no documentation. Other files can be read where they are named. */
export function partOfTree(tree: SourceTree, isPart: (path: string) => boolean): SourceTree {
  const { name, read, has, search, stampOf } = tree;
  return {
    name,
    sources: tree.sources.filter(isPart),
    sourcesOfWhole: tree.sourcesOfWhole ?? tree.sources,
    documentation: [],
    // A getter: problems are found while files are read.
    get problems() {
      return tree.problems.filter(({ path }) => isPart(path));
    },
    read,
    has,
    search,
    ...(stampOf ? { stampOf } : {}),
  };
}
