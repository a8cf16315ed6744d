import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { programFile } from '../../base/package/package-files.js';
import { type SharedFolders, type WalkedFolder, walkShared } from './shared-walk.js';
import { stampFiles } from './stamps.js';
import { filesOf, sorted, type Walk, walkBelow } from './walk.js';

/** A walk with a stamp that identifies the content of its files. */
export interface StampedWalk extends Walk {
  /** Null if a file changed so recently that a further change might not be seen. */
  readonly stamp: string | null;
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
  if (stamps.some(({ newest }) => newest > now - settled)) return { ...walk, stamp: null };
  const { dev, ino } = statSync(root);
  const about = [realRoot, dev, ino, JSON.stringify([folders, walk.problems]), ...stamps.map(({ digest }) => digest)];
  return { ...walk, stamp: `folder ${createHash('sha256').update(about.join('\0')).digest('hex')}` };
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
