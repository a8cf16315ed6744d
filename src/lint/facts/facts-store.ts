import { openDiskCache } from '../../base/disk-cache.js';
import type { TreeFacts } from './tree-facts.js';

/** Keeps what trees said, by their content, from one run to the next. */
export interface FactsStore {
  get(identity: string): TreeFacts | undefined;
  put(identity: string, facts: TreeFacts): void;
}

/** A whole kernel says some 200 KB. */
const bounds = { entries: 400, bytes: 256 * 1024 * 1024 } as const;

/**
 * Opens a store.
 * @param settings what else decides what a tree says: the configuration
 * @param folder where it keeps what it is given: {@link CacheFolders}
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

/** A store that keeps nothing. */
export const noStore: FactsStore = { get: () => undefined, put: () => undefined };
