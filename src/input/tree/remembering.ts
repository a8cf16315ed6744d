import type { SearchResult } from '../search/search.js';
import type { SourceTree } from './tree.js';

type Paths = readonly string[];

/** The search results for one word, or for exports, by path number. */
export interface Known<Hit> {
  readonly isSearched: Uint8Array;
  readonly hits: Map<number, Hit>;
  /** The answer for each array of paths that was searched before. */
  readonly answers: WeakMap<Paths, readonly Hit[]>;
}

/** An exported symbol, and the file that exports it. */
export type Export = readonly [symbol: string, path: string];

/** What is known of the files of a tree from searches. A path number is its place among sources and documentation. */
export interface KnownSearches {
  readonly words: Map<string, Known<string>>;
  readonly exported: Known<readonly Export[]>;
}

/** What is known of so many files before any search: nothing. */
export function unknownHits<Hit>(files: number): Known<Hit> {
  return { isSearched: new Uint8Array(files), hits: new Map(), answers: new WeakMap() };
}

/** The number of each path of a tree. */
export function numbersOf({ sources, documentation }: SourceTree): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const [index, path] of sources.entries()) numbers.set(path, index);
  for (const [index, path] of documentation.entries()) numbers.set(path, sources.length + index);
  return numbers;
}

/**
 * Makes a tree that never searches a file twice for the same word or for exports. Overlay trees of a series share it.
 * It does not keep texts.
 * @param given what is known before; what is found is added to it
 * @param numbers the number of each path
 */
export function rememberingTree(
  tree: SourceTree,
  given?: KnownSearches,
  numbers: ReadonlyMap<string, number> = numbersOf(tree),
): SourceTree {
  const files = tree.sources.length + tree.documentation.length;
  const flattened = new WeakMap<readonly (readonly Export[])[], readonly Export[]>();
  /** Flattens an answer; the same answer gives the same array. */
  const flat = (lists: readonly (readonly Export[])[]): readonly Export[] => {
    const known = flattened.get(lists) ?? lists.flat();
    flattened.set(lists, known);
    return known;
  };
  const { words, exported } = given ?? {
    words: new Map<string, Known<string>>(),
    exported: unknownHits<readonly Export[]>(files),
  };
  const wordOf = (word: string): Known<string> => {
    const known = words.get(word) ?? unknownHits<string>(files);
    words.set(word, known);
    return known;
  };
  const search = async (paths: Paths, wanted: readonly string[], exports: boolean): Promise<SearchResult> => {
    const known = wanted.map(wordOf);
    const needed: readonly Known<unknown>[] = exports ? [...known, exported] : known;
    const isNew = !needed.every(({ answers }) => answers.has(paths));
    const numbered = isNew ? paths.map((path) => numbers.get(path) ?? -1) : [];
    if (isNew) {
      const fresh = paths.filter((_, index) =>
        needed.some(({ isSearched }) => isSearched[numbered[index] ?? -1] === 0),
      );
      const found = fresh.length > 0 ? await tree.search(fresh, wanted, exports) : undefined;
      known.forEach(({ hits }, index) => {
        for (const path of found?.hits[index] ?? []) hits.set(numbers.get(path) ?? -1, path);
      });
      for (const [path, pairs] of byFile(found?.exports ?? [])) exported.hits.set(numbers.get(path) ?? -1, pairs);
      for (const path of fresh) for (const { isSearched } of needed) isSearched[numbers.get(path) ?? -1] = 1;
    }
    const answer = <Hit>({ hits, answers }: Known<Hit>): readonly Hit[] => {
      let found = answers.get(paths);
      if (!found) {
        found = numbered.map((number) => hits.get(number)).filter((hit) => hit !== undefined);
        answers.set(paths, found);
      }
      return found;
    };
    return { hits: known.map(answer), exports: exports ? flat(answer(exported)) : [], problems: [] };
  };
  return {
    ...tree,
    // A getter: problems are found while files are read.
    get problems() {
      return tree.problems;
    },
    search,
  };
}

function byFile(pairs: readonly Export[]): ReadonlyMap<string, readonly Export[]> {
  const files = new Map<string, Export[]>();
  for (const pair of pairs) {
    const known = files.get(pair[1]);
    if (known) known.push(pair);
    else files.set(pair[1], [pair]);
  }
  return files;
}
