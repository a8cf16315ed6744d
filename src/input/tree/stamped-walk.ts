import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { programFile } from '../../base/package/package-files.js';
import { type SharedFolders, type WalkedFolder, walkShared } from './shared-walk.js';
import { type FileStamps, settledStamps, stampFiles, stampSize } from './stamps.js';
import { filesOf, sorted, type Walk, walkBelow } from './walk.js';

/** A walk with a stamp that identifies the content of its files. */
export interface StampedWalk extends Walk {
  /** Null if a file changed so recently that a further change might not be seen. */
  readonly stamp: string | null;
  /** The stamps of some files each, which are all files together. */
  readonly parts: readonly StampedFiles[];
  /** The stamp of a file that changed after this time is not reliable. Milliseconds since 1970. */
  readonly settledBefore: number;
}

interface StampedFiles {
  readonly paths: readonly string[];
  readonly stamps: FileStamps;
}

/** A walk as it goes to another process: what holds each path once is a few times smaller. */
export function compactWalk(walk: StampedWalk): StampedWalk {
  return {
    ...walk,
    parts: [walk.sources, walk.documentation].map((paths) => ({ paths, stamps: stampsOf(walk, paths) })),
  };
}

/** The stamps of some files of a walk, in their order; those of a file that changed lately equal no others. */
export function stampsOf({ parts, settledBefore }: StampedWalk, paths: readonly string[]): FileStamps {
  const own = parts.find((part) => part.paths === paths);
  if (own) return settledStamps(own.stamps, settledBefore);
  const numbers = new Map(paths.map((path, index) => [path, index]));
  const found = new Float64Array(stampSize * paths.length).fill(Number.NaN);
  for (const part of parts)
    for (const [index, path] of part.paths.entries()) {
      const number = numbers.get(path);
      if (number === undefined) continue;
      found.set(part.stamps.subarray(index * stampSize, (index + 1) * stampSize), number * stampSize);
    }
  return settledStamps(found, settledBefore);
}

/**
 * A second change of a file within one tick of the file system's clock leaves its times the same. So a file that changed
 * less than this many milliseconds ago has no reliable stamp. The coarsest clocks tick every two seconds.
 */
const settled = 3000;

/** With fewer folders at the first two levels a second thread costs more than it saves. */
const worthAThread = 100;

/**
 * Lists the files of a kernel tree as {@link walkTree} does, and makes a stamp of their content without reading it. A file
 * that is read later is as it was stamped, or newer; then the next stamp differs.
 * @param now milliseconds since 1970
 */
export async function stampedWalk(root: string, now = Date.now()): Promise<StampedWalk> {
  const realRoot = realpathSync(root);
  const top = walkBelow({ root, realRoot }, '', 1);
  const folders = [...top.folders].sort();
  const shared = { root, realRoot, folders, taken: new Int32Array(new SharedArrayBuffer(4)) };
  const hasHelp = availableParallelism() > 1 && folders.length >= worthAThread;
  const helping = hasHelp ? walkInWorker(shared) : Promise.resolve([]);
  const own = walkShared(shared);
  const parts = [...own, ...(await helping)].sort((left, right) => left.number - right.number);
  const walk = together([top, ...parts.map((part) => part.walk)]);
  const ofTop = sorted(top);
  const stamps = [stampFiles(root, filesOf(ofTop)), ...parts.map(({ stamp }) => stamp)];
  const stampedFiles = [ofTop, ...parts.map((part) => part.walk)].map((part, index) => ({
    paths: filesOf(part),
    stamps: stamps[index]?.files ?? new Float64Array(),
  }));
  const settledBefore = now - settled;
  const stamped = { ...walk, parts: stampedFiles, settledBefore };
  if (stamps.some(({ newest }) => newest > settledBefore)) return { ...stamped, stamp: null };
  const { dev, ino } = statSync(root);
  const about = [realRoot, dev, ino, JSON.stringify([folders, walk.problems]), ...stamps.map(({ digest }) => digest)];
  return { ...stamped, stamp: `folder ${createHash('sha256').update(about.join('\0')).digest('hex')}` };
}

function together(walks: readonly Walk[]): Walk {
  return sorted({
    sources: walks.flatMap(({ sources }) => sources),
    documentation: walks.flatMap(({ documentation }) => documentation),
    makefiles: walks.flatMap(({ makefiles }) => makefiles),
    problems: walks.flatMap(({ problems }) => problems),
  });
}

function walkInWorker(shared: SharedFolders): Promise<readonly WalkedFolder[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(programFile('input/tree/walk-worker.js'), { workerData: shared });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
