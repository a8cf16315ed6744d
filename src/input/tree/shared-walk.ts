import { type Stamp, stampFiles } from './stamps.js';
import { filesOf, type Root, sorted, type Walk, walkBelow } from './walk.js';

/** Folders that several threads walk; each thread takes the next folder that is left. */
export interface SharedFolders extends Root {
  readonly folders: readonly string[];
  /** The number of folders that are taken, shared between the threads. */
  readonly taken: Int32Array<SharedArrayBuffer>;
}

/** One of these folders, walked: its number, its files and their stamp. */
export interface WalkedFolder {
  readonly number: number;
  readonly walk: Walk;
  readonly stamp: Stamp;
}

/** Walks shared folders until none is left. */
export function walkShared(shared: SharedFolders): readonly WalkedFolder[] {
  const done: WalkedFolder[] = [];
  for (;;) {
    const number = Atomics.add(shared.taken, 0, 1);
    const folder = shared.folders[number];
    if (folder === undefined) return done;
    const walk = sorted(walkBelow(shared, folder, Number.POSITIVE_INFINITY));
    done.push({ number, walk, stamp: stampFiles(shared.root, filesOf(walk)) });
  }
}
