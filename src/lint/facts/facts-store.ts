import { openDiskCache } from '../../base/disk-cache.js';
import type { TreeFacts } from './tree-facts.js';

/** Stores the facts of trees from one run to the next. The key identifies the content of a tree. */
export interface FactsStore {
  get(identity: string): TreeFacts | undefined;
  put(identity: string, facts: TreeFacts): void;
}

/** The facts of a whole kernel take about 200 KB. */
const bounds = { entries: 400, bytes: 256 * 1024 * 1024 } as const;

/**
 * Opens a store.
 * @param settings the configuration: the facts of a tree depend on it as well
 * @param folder the folder in which it keeps its files: {@link CacheFolders}
 */
export function openFactsStore(settings: unknown, folder: string): FactsStore {
  const cache = openDiskCache(folder, JSON.stringify(settings), bounds);
  return {
    get(identity) {
      const text = cache.get(identity);
      return text === undefined ? undefined : (JSON.parse(text) as TreeFacts);
    },
    put(identity, facts) {
      cache.put(identity, JSON.stringify(facts));
      cache.trim();
    },
  };
}

/** A store that keeps nothing, for `--no-cache`. */
export const noStore: FactsStore = { get: () => undefined, put: () => undefined };
