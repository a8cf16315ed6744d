import { digestOfText } from '../../base/digest.js';
import type { SeenFiles } from '../tree/recorded.js';
import type { SourceTree } from '../tree/tree.js';
import type { KeptWords } from './kept-search.js';

/** If more files have changed, to look at each of them takes longer than it is likely to save. */
const mostChanged = 10_000;

/** The files of a tree beside what was kept of them. The lists of both are the same. */
export interface KeptFiles {
  readonly words: KeptWords['words'];
  readonly isSearched: Uint8Array;
  readonly exports: KeptWords['exports'];
  /** The numbers of the files that may have changed. */
  readonly changed: readonly number[];
  /** The path of each number. */
  readonly paths: readonly string[];
  /** Whether a file is listed, and is the same for sure. */
  readonly isSame: (path: string) => boolean;
}

/**
 * Answers whether an analysis would learn of a tree what an earlier one learnt: each text that it read is the same, and each
 * file that has changed says the same to each search. Then it would also say the same.
 */
export async function isSameInput(tree: SourceTree, kept: KeptFiles, seen: SeenFiles): Promise<boolean> {
  if (kept.changed.length > mostChanged) return false;
  const differs = ([path, digest]: readonly [string, string | null]): boolean => {
    if (kept.isSame(path)) return digest === null;
    const text = tree.read(path);
    return (text === undefined ? null : digestOfText(text)) !== digest;
  };
  for (const one of seen.texts) if (differs(one)) return false;
  for (const [path, isThere] of seen.existing) if ((kept.isSame(path) || tree.has(path)) !== isThere) return false;
  return await saysSame(tree, kept);
}

/** Whether a search of the changed files finds what it found before, for each word that was searched for in them. */
async function saysSame(tree: SourceTree, { words, isSearched, exports, changed, paths }: KeptFiles): Promise<boolean> {
  const files = changed.map((number) => paths[number] ?? '');
  const found = await tree.search(
    files,
    words.map(({ word }) => word),
    true,
  );
  if (found.problems.length > 0) return false;
  const sameHits = words.every((known, index) => {
    const [before, now] = [new Set(known.hits), new Set(found.hits[index])];
    return changed.every((number) => !known.isSearched[number] || before.has(number) === now.has(paths[number] ?? ''));
  });
  const before = new Map(exports);
  const now = new Map<string, string[]>();
  for (const [symbol, path] of found.exports) now.set(path, [...(now.get(path) ?? []), symbol]);
  return (
    sameHits &&
    changed.every(
      (number) => !isSearched[number] || (before.get(number) ?? '') === (now.get(paths[number] ?? '') ?? []).join(' '),
    )
  );
}
