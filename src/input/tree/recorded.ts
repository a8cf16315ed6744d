import { digestOfText } from '../../base/digest.js';
import type { SourceTree } from './tree.js';

/** What somebody has learnt of a tree by asking for files one by one. */
export interface SeenFiles {
  /** The digest of each text that was read; null where there was none. */
  readonly texts: ReadonlyMap<string, string | null>;
  /** For each path that was asked for, whether there was a file. */
  readonly existing: ReadonlyMap<string, boolean>;
}

/** A tree that remembers what it was asked. */
export interface RecordedTree {
  readonly tree: SourceTree;
  /** What was seen; null where one question had two answers, since the tree changed meanwhile. */
  seen(): SeenFiles | null;
}

/** Makes a tree that remembers what it was asked about files, and what it said. Searches are not among that. */
export function recordedTree(tree: SourceTree): RecordedTree {
  const texts = new Map<string, string | null>();
  const existing = new Map<string, boolean>();
  let isSame = true;
  const note = <T>(table: Map<string, T>, path: string, answer: T): void => {
    if (table.has(path) && table.get(path) !== answer) isSame = false;
    table.set(path, answer);
  };
  return {
    tree: {
      ...tree,
      get problems() {
        return tree.problems;
      },
      read(path) {
        const text = tree.read(path);
        note(texts, path, text === undefined ? null : digestOfText(text));
        return text;
      },
      has(path) {
        const isThere = tree.has(path);
        note(existing, path, isThere);
        return isThere;
      },
    },
    seen: () => (isSame ? { texts, existing } : null),
  };
}
