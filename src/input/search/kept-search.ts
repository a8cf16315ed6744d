import { randomUUID } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { openDiskCache } from '../../base/disk-cache.js';
import type { SeenFiles } from '../tree/recorded.js';
import {
  type Export,
  type Known,
  type KnownSearches,
  numbersOf,
  rememberingTree,
  unknownHits,
} from '../tree/remembering.js';
import { type StampedWalk, stampsOf } from '../tree/stamped-walk.js';
import { type FileStamps, isSameStamp, stampSize } from '../tree/stamps.js';
import type { SourceTree } from '../tree/tree.js';
import { isSameInput } from './same-input.js';

/** A tree that knows what earlier runs found in those of its files that have not changed. */
export interface KeptSearchTree {
  readonly tree: SourceTree;
  /**
   * Keeps for later runs what is known.
   * @returns what tells this state of the tree from others; null where there were problems
   */
  keep(): string | null;
  /**
   * Whether an analysis of this tree would learn what an earlier one learnt.
   * @param state what `keep()` returned after that analysis
   */
  isAsSeen(state: string, seen: SeenFiles): Promise<boolean>;
}

/** What is known of a kernel takes about 6 MB. */
const bounds = { entries: 12, bytes: 100 * 1024 * 1024 } as const;

/** What is written. A path number is its place among sources and documentation. */
interface Written extends KeptWords {
  /** Tells the state of the tree from others. */
  readonly state: string;
  readonly sources: string;
  readonly documentation: string;
  /** Of sources and documentation, in this order. */
  readonly stamps: FileStamps;
}

/** What searches found, by the number of the file. */
export interface KeptWords {
  readonly words: readonly { readonly word: string; readonly isSearched: Uint8Array; readonly hits: Int32Array }[];
  /** Which files were searched for exports, and the symbols of each that has any. */
  readonly isSearched: Uint8Array;
  readonly exports: readonly (readonly [number, string])[];
}

/**
 * Makes a tree that searches a file only if it has changed since an earlier run searched it for the same. What `stat()`
 * says of a file decides, as it does where nothing has changed at all.
 * @param walk the files of the tree
 * @param place the folder of the cache, and what tells the tree from others
 */
export function keepSearches(
  tree: SourceTree,
  walk: StampedWalk,
  place: { readonly folder: string; readonly tree: string },
): KeptSearchTree {
  const cache = openDiskCache(place.folder, '', bounds);
  const all = [...tree.sources, ...tree.documentation];
  const stamps = allStamps(walk, tree);
  const kept = readWritten(cache.getBytes(place.tree));
  const now = kept ? sameFiles(kept, tree, stamps) : new Int32Array();
  const searches = knownSearches(kept, now, all);
  const changed = [...now].flatMap((number, index) => (number < 0 ? [index] : []));
  // Without changes only a search for another word is new.
  let isNew = !kept || changed.length > 0 || now.length !== all.length;
  const counting: SourceTree = {
    ...tree,
    get problems() {
      return tree.problems;
    },
    async search(paths, words, exports) {
      isNew = true;
      return await tree.search(paths, words, exports);
    },
  };
  const numbers = numbersOf(tree);
  const remembering = rememberingTree(counting, searches, numbers);
  const used = new Set<string>();
  return {
    tree: {
      ...remembering,
      has: (path) => numbers.has(path) || tree.has(path),
      stampOf(path) {
        const at = (numbers.get(path) ?? -1) * stampSize;
        return at < 0 || Number.isNaN(stamps[at]) ? undefined : stamps.subarray(at, at + stampSize).join();
      },
      get problems() {
        return tree.problems;
      },
      search(paths, words, exports) {
        for (const word of words) used.add(word);
        return remembering.search(paths, words, exports);
      },
    },
    keep() {
      const hasProblems = tree.problems.length > 0;
      if (!isNew) return hasProblems ? null : (kept?.state ?? null);
      const unread = new Set(tree.problems.map(({ path }) => path));
      const without = all.flatMap((path, index) => (unread.has(path) ? [index] : []));
      const state = randomUUID();
      cache.putBytes(place.tree, serialize({ state, ...written(tree, stamps, searches, used, without) }));
      cache.trim();
      return hasProblems ? null : state;
    },
    async isAsSeen(state, seen) {
      if (kept?.state !== state || !hasLists(kept, tree)) return false;
      const changes = new Set(changed);
      const isSame = (path: string): boolean => {
        const number = numbers.get(path);
        return number !== undefined && !changes.has(number);
      };
      return await isSameInput(tree, { ...kept, changed, paths: all, isSame }, seen);
    },
  };
}

function allStamps(walk: StampedWalk, { sources, documentation }: SourceTree): FileStamps {
  const parts = [sources, documentation].map((paths) => stampsOf(walk, paths));
  const joined = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  joined.set(parts[0] ?? [], 0);
  joined.set(parts[1] ?? [], parts[0]?.length ?? 0);
  return joined;
}

/** @param unread the numbers of the files that cannot be read: each run says so */
function written(
  { sources, documentation }: SourceTree,
  stamps: FileStamps,
  { words, exported }: KnownSearches,
  used: ReadonlySet<string>,
  unread: readonly number[],
): Omit<Written, 'state'> {
  const searched = ({ isSearched }: Known<unknown>): Uint8Array => {
    const copy = isSearched.slice();
    for (const number of unread) copy[number] = 0;
    return copy;
  };
  return {
    sources: sources.join('\n'),
    documentation: documentation.join('\n'),
    stamps,
    words: [...words]
      .filter(([word]) => used.has(word))
      .map(([word, known]) => ({ word, isSearched: searched(known), hits: Int32Array.from(known.hits.keys()) })),
    isSearched: searched(exported),
    exports: [...exported.hits].map(([number, pairs]) => [number, pairs.map(([symbol]) => symbol).join(' ')]),
  };
}

/** What an earlier run wrote; undefined where that was nothing. */
function readWritten(bytes: Buffer | undefined): Written | undefined {
  try {
    return bytes && (deserialize(bytes) as Written);
  } catch {
    return undefined;
  }
}

/** Whether a tree has the files that an earlier run saw, and no others. */
function hasLists(kept: Written, { sources, documentation }: SourceTree): boolean {
  return kept.sources === sources.join('\n') && kept.documentation === documentation.join('\n');
}

/** What earlier runs found in files that are the same. */
function knownSearches(kept: Written | undefined, now: Int32Array, all: readonly string[]): KnownSearches {
  if (!kept) return { words: new Map<string, Known<string>>(), exported: unknownHits<readonly Export[]>(all.length) };
  const known = <Hit>(isSearched: Uint8Array, hits: Iterable<readonly [number, (path: string) => Hit]>): Known<Hit> => {
    const found = unknownHits<Hit>(all.length);
    now.forEach((number, index) => {
      if (number >= 0 && isSearched[index]) found.isSearched[number] = 1;
    });
    for (const [index, hit] of hits) {
      const number = now[index] ?? -1;
      if (number >= 0) found.hits.set(number, hit(all[number] ?? ''));
    }
    return found;
  };
  return {
    words: new Map(
      kept.words.map(({ word, isSearched, hits }) => [
        word,
        known(
          isSearched,
          [...hits].map((index) => [index, (path: string) => path] as const),
        ),
      ]),
    ),
    exported: known(
      kept.isSearched,
      kept.exports.map(
        ([index, symbols]) =>
          [index, (path: string) => symbols.split(' ').map((symbol): Export => [symbol, path])] as const,
      ),
    ),
  };
}

/** For each file of an earlier run the number that it has now; -1 where it is gone or has another stamp. */
function sameFiles(kept: Written, { sources, documentation }: SourceTree, stamps: FileStamps): Int32Array {
  const old = [kept.sources.split('\n'), kept.documentation.split('\n')];
  const counts = old.map((paths) => (paths.length === 1 && paths[0] === '' ? 0 : paths.length));
  const now = new Int32Array((counts[0] ?? 0) + (counts[1] ?? 0)).fill(-1);
  const match = (before: readonly string[], after: readonly string[], from: number, to: number): void => {
    // Both are sorted.
    for (let one = 0, other = 0; one < before.length && other < after.length; ) {
      const [path = '', next = ''] = [before[one], after[other]];
      if (path === next && isSameStamp(kept.stamps, from + one, stamps, to + other)) now[from + one] = to + other;
      if (path <= next) one++;
      if (next <= path) other++;
    }
  };
  match(counts[0] ? (old[0] ?? []) : [], sources, 0, 0);
  match(counts[1] ? (old[1] ?? []) : [], documentation, counts[0] ?? 0, sources.length);
  return now;
}
