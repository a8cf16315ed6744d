import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { InputProblem } from '../../tree/walk.js';
import { sayNoBlob, type Unwritten, type WantedBlob, writeBlobs, writeBlobsNow } from '../blobs.js';
import type { GitOptions } from '../git.js';

/** Files that git has, which are written to a folder when somebody needs them. */
export interface LazyStore {
  /** What could not be had so far, by path. */
  readonly problems: ReadonlyMap<string, InputProblem>;
  has(path: string): boolean;
  /** Writes those that are not there yet, all at once. */
  write(paths: Iterable<string>): Promise<void>;
  /** The bytes of a file, or why there are none. */
  read(path: string): Buffer | InputProblem;
  /** What the analysis reads beside some files: the rest of their folders, and the headers of the kernel. */
  neighbours(paths: readonly string[]): readonly string[];
}

export function lazyStore(files: readonly WantedBlob[], options: GitOptions, scratch: string): LazyStore {
  const blobs = new Map(files.map(({ path, blob }) => [path, blob]));
  const folders = new Map<string, string[]>();
  for (const { path } of files) folders.set(folderOf(path), []);
  for (const { path } of files) folders.get(folderOf(path))?.push(path);
  const headers = [...folders.keys()].filter((folder) => /^include\b/.test(folder));
  const asked = new Set<string>();
  const problems = new Map<string, InputProblem>();
  const wantedOf = (paths: Iterable<string>): readonly WantedBlob[] =>
    [...new Set(paths)].flatMap((path): WantedBlob[] => {
      const blob = asked.has(path) ? undefined : blobs.get(path);
      return blob === undefined ? [] : [{ path, blob }];
    });
  const note = (wanted: readonly WantedBlob[], missing: readonly Unwritten[]): void => {
    for (const { path, why } of missing) problems.set(path, { path, reason: sayNoBlob(why) });
    for (const { path } of wanted) asked.add(path);
  };
  return {
    problems,
    has: (path) => blobs.has(path),
    async write(paths) {
      const wanted = wantedOf(paths);
      note(wanted, await writeBlobs(wanted, options, scratch));
    },
    read(path) {
      if (!asked.has(path)) {
        // Who reads one file of a folder reads others of it: each call of git takes a process.
        const wanted = wantedOf(folders.get(folderOf(path)) ?? []);
        note(wanted, writeBlobsNow(wanted, options, scratch));
      }
      return problems.get(path) ?? readFileSync(join(scratch, path));
    },
    neighbours: (paths) =>
      [...new Set([...paths.map(folderOf), ...headers])].flatMap((folder) => folders.get(folder) ?? []),
  };
}

function folderOf(path: string): string {
  return posix.dirname(path);
}
