import { openDiskCache } from '../../base/disk-cache.js';
import { type KeptAnswers, readKept, writeKept } from '../memory/kept/answers-file.js';

/** What one kernel needs takes up to 25 MB. */
const bounds = { entries: 12, bytes: 300 * 1024 * 1024 } as const;

/** Where answers are kept, and for which tree. */
export interface AnswersPlace {
  /** The folder of the cache. */
  readonly folder: string;
  /** Tells the tree from others: its answers are looked for first. */
  readonly tree: string;
  /** Whether the answers of no other tree are taken, since it takes long to read all files. */
  readonly isAlone?: boolean;
}

/** Answers of an earlier run. */
export interface FoundAnswers {
  readonly kept: KeptAnswers;
  /** Whether they are of this tree. */
  readonly isOwn: boolean;
}

export interface AnswersFile {
  read(): FoundAnswers | undefined;
  write(kept: KeptAnswers): void;
}

/** The file with the answers about a tree. A tree without one begins with those of the tree that was analysed last. */
export function openAnswersFile({ folder, tree, isAlone = false }: AnswersPlace, setting: string): AnswersFile {
  const cache = openDiskCache(folder, setting, bounds);
  return {
    read() {
      const own = cache.getBytes(tree);
      const bytes = own ?? (isAlone ? undefined : cache.getBytes(cache.get('last') ?? ''));
      try {
        return bytes && { kept: readKept(bytes), isOwn: own !== undefined };
      } catch {
        return undefined;
      }
    },
    write(kept) {
      cache.putBytes(tree, writeKept(kept));
      if (!isAlone) cache.put('last', tree);
      cache.trim();
    },
  };
}
