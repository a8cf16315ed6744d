import type { SourceTree } from './tree.js';

/** Words of a tree, each with the word that stands for it in the tree that is read. */
export interface Renaming {
  /** Replaced everywhere. No two words have the same replacement, so what is said of the tree can be said in its words. */
  readonly words: ReadonlyMap<string, string>;
  /** Further words that are replaced outside of some files; their replacements may be words of the tree. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Whether a file keeps its aliases. */
  readonly keepsAliases: (path: string) => boolean;
}

/** A tree as it is read, and how to speak of it in its own words. */
export interface NamedTree {
  /** The tree with other words: lines are the same, and columns may not be. */
  readonly tree: SourceTree;
  /** The tree as it is. */
  readonly original: SourceTree;
  /** The words of the original that are read as others, with these. */
  readonly words: ReadonlyMap<string, string>;
  /** A text about the tree that is read, in the words of the original. */
  told(text: string): string;
  /** The column in the original, 1-based like the line, of one in the tree that is read. */
  columnOf(path: string, line: number, column: number): number;
  /** The offset in the original, 0-based, of one in the tree that is read. */
  offsetOf(path: string, at: number): number;
}

/** A tree that is read as it is. */
export function plainTree(tree: SourceTree): NamedTree {
  return {
    tree,
    original: tree,
    words: new Map(),
    told: (text) => text,
    columnOf: (_path, _line, column) => column,
    offsetOf: (_path, at) => at,
  };
}

/** Whether a tree is read in other words than its own. */
export function isRenamed({ tree, original }: NamedTree): boolean {
  return tree !== original;
}

const known = new WeakMap<SourceTree, { readonly key: string; readonly named: NamedTree }>();

/** Reads a tree in other words. The same tree with the same words gives the same result, which later trees may come from. */
export function renameTree(tree: SourceTree, renaming: Renaming): NamedTree {
  const key = JSON.stringify([[...renaming.words], [...renaming.aliases]]);
  const former = known.get(tree);
  if (former?.key === key) return former.named;
  const named = make(tree, renaming);
  known.set(tree, { key, named });
  return named;
}

function make(original: SourceTree, renaming: Renaming): NamedTree {
  const { words, aliases, keepsAliases } = renaming;
  const replaceAll = replacer(words);
  const replaceMore = replacer(new Map([...words, ...aliases]));
  const replacerOf = (path: string): Replacer => (keepsAliases(path) ? replaceAll : replaceMore);
  const back = replacer(new Map([...words].map(([word, instead]) => [instead, word])));
  const read = (path: string): string | undefined => {
    const text = original.read(path);
    return text === undefined ? undefined : replacerOf(path).replace(text);
  };
  const { origin } = original;
  return {
    tree: {
      name: original.name,
      sources: original.sources,
      ...(original.sourcesOfWhole ? { sourcesOfWhole: original.sourcesOfWhole } : {}),
      documentation: original.documentation,
      get problems() {
        return original.problems;
      },
      ...(origin ? { origin: { tree: renameTree(origin.tree, renaming).tree, changed: origin.changed } } : {}),
      read,
      has: (path) => original.has(path),
      search: (paths, wanted, exports) => searchRenamed(original, renaming, { paths, wanted, exports }),
    },
    original,
    words,
    told: back.replace,
    columnOf(path, line, column) {
      const text = original.read(path)?.split('\n')[line - 1] ?? '';
      return replacerOf(path).originOf(text, column - 1) + 1;
    },
    offsetOf: (path, at) => replacerOf(path).originOf(original.read(path) ?? '', at),
  };
}

/** Words that change places with those that stand for them: no word gets lost. */
export function exchanged(words: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...words].flatMap(([word, instead]) => [[word, instead] as const, [instead, word] as const]));
}

interface Replacer {
  replace(text: string): string;
  /** The offset in a text of an offset in the text with the words replaced. */
  originOf(text: string, at: number): number;
}

/** Replaces whole words of a text. */
export function replacer(words: ReadonlyMap<string, string>): Replacer {
  const pattern = new RegExp(`\\b(?:${[...words.keys()].join('|') || '(?!)'})\\b`, 'g');
  return {
    replace: (text) => text.replace(pattern, (word) => words.get(word) ?? word),
    originOf(text, at) {
      let shift = 0;
      for (const { 0: word, index } of text.matchAll(pattern)) {
        if (index + shift >= at) break;
        shift += (words.get(word) ?? word).length - word.length;
      }
      return at - shift;
    },
  };
}

/** Searches for words in files as they are read: a word may be in the replacement of another. */
async function searchRenamed(
  tree: SourceTree,
  { words, aliases }: Renaming,
  { paths, wanted, exports }: { paths: readonly string[]; wanted: readonly string[]; exports: boolean },
): ReturnType<SourceTree['search']> {
  const all = new Map([...words, ...aliases]);
  const asked = [...new Set([...wanted, ...all.keys()])];
  const found = await tree.search(paths, asked, exports);
  const hitsOf = (word: string): readonly string[] => found.hits[asked.indexOf(word)] ?? [];
  return {
    ...found,
    hits: wanted.map((word) => {
      const inReplacements = [...all].filter(([, instead]) => instead.includes(word)).flatMap(([one]) => hitsOf(one));
      if (inReplacements.length === 0) return hitsOf(word);
      const hits = new Set([...hitsOf(word), ...inReplacements]);
      return paths.filter((path) => hits.has(path));
    }),
    exports: found.exports.map(([symbol, path]) => [words.get(symbol) ?? symbol, path] as const),
  };
}
