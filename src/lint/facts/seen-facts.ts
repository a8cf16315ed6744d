import { openDiskCache } from '../../base/disk-cache.js';
import type { SeenFiles } from '../../input/tree/recorded.js';
import type { TreeFacts } from './tree-facts.js';

/** The facts of a tree with all that the analysis saw of it. */
export interface SeenFacts {
  readonly facts: TreeFacts;
  readonly seen: SeenFiles;
  /** The state that the tree was in, as its searches are kept. */
  readonly state: string;
}

/** Stores for each folder the facts of the tree that was analysed there last. */
export interface SeenFactsStore {
  get(folder: string): SeenFacts | undefined;
  has(folder: string): boolean;
  put(folder: string, seen: SeenFacts): void;
}

/** What was seen of a kernel takes about 1 MB. */
const bounds = { entries: 400, bytes: 256 * 1024 * 1024 } as const;

interface Written {
  readonly facts: TreeFacts;
  readonly texts: readonly (readonly [string, string | null])[];
  readonly existing: readonly (readonly [string, boolean])[];
  readonly state: string;
}

/**
 * Opens a store.
 * @param settings the configuration: the facts of a tree depend on it as well
 * @param place the folder in which it keeps its files: {@link CacheFolders}
 */
export function openSeenFacts(settings: unknown, place: string): SeenFactsStore {
  const cache = openDiskCache(place, `seen ${JSON.stringify(settings)}`, bounds);
  return {
    has: cache.has,
    get(folder) {
      const text = cache.get(folder);
      if (text === undefined) return undefined;
      const { facts, texts, existing, state } = JSON.parse(text) as Written;
      return { facts, seen: { texts: new Map(texts), existing: new Map(existing) }, state };
    },
    put(folder, { facts, seen, state }) {
      const written: Written = { facts, texts: [...seen.texts], existing: [...seen.existing], state };
      cache.put(folder, JSON.stringify(written));
      cache.trim();
    },
  };
}
