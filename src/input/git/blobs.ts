import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../base/errors.js';
import { decodeSource } from '../tree/decode.js';
import { GitError, type GitOptions, gitNow, startGit } from './git.js';
import type { Entry } from './repository.js';

/** A blob to read, and the path it is for. */
export interface WantedBlob {
  readonly path: string;
  readonly blob: string;
}

/** Why the bytes of a blob are not given. */
export type NoBlob = 'missing' | 'too large';

/** A larger blob is no source file and is skipped. In bytes. */
const largestBlob = 64 * 1024 * 1024;

/**
 * Reads many blobs with one `git cat-file --batch`.
 * @param take called for each blob as it arrives, with its bytes, or with why there are none
 */
export function readBlobs(
  wanted: readonly WantedBlob[],
  options: GitOptions,
  take: (wanted: WantedBlob, bytes: Buffer | NoBlob) => void,
): Promise<void> {
  if (wanted.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const child = startGit(['cat-file', '--batch', '--buffer'], options);
    const reader = createBatchReader(wanted, take);
    child.on('error', (error) => reject(new GitError(`git cat-file: ${error.message}`)));
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (piece: Buffer) => reader.feed(piece));
    let said = '';
    child.stderr.on('data', (piece: Buffer) => {
      if (said.length < mostSaid) said += piece.toString('utf8');
    });
    child.on('close', () => {
      const left = reader.left();
      if (left === 0) resolve();
      else reject(new GitError(whyEnded(said, wanted[wanted.length - left]?.path ?? '', wanted.length)));
    });
    child.stdin.end(wanted.map(({ blob }) => `${blob}\n`).join(''));
  });
}

/** The length of an error of git that is read. */
const mostSaid = 4096;

/** In a partial clone, git ends at the first blob that it may not fetch, and says so: a scan never fetches anything. */
function whyEnded(said: string, path: string, all: number): string {
  return /promisor remote/.test(said)
    ? `${path}: ${sayNoBlob('missing')}`
    : `git cat-file: ended before it had printed all ${all} blobs`;
}

/** Parses the output: `<id> blob <size>\n`, that many bytes, `\n`; or `<id> missing\n`. */
function createBatchReader(
  wanted: readonly WantedBlob[],
  take: (wanted: WantedBlob, bytes: Buffer | NoBlob) => void,
): { feed(piece: Buffer): void; left(): number } {
  let next = 0;
  let pieces: Buffer[] = [];
  let length = 0;
  let needed = 0; // bytes of the current blob and its line feed; 0 while waiting for a header
  const hand = (bytes: Buffer | NoBlob): void => {
    const item = wanted[next++];
    if (item) take(item, bytes);
  };
  const advance = (): boolean => {
    if (needed === 0) {
      const data = gather();
      const end = data.indexOf(0x0a);
      if (end < 0) return false;
      const size = /^\S+ \w+ (\d+)$/.exec(data.toString('latin1', 0, end))?.[1];
      keep(data.subarray(end + 1));
      if (size === undefined) hand('missing');
      else needed = Number(size) + 1;
      return true;
    }
    if (length < needed) return false;
    const data = gather();
    hand(needed - 1 > largestBlob ? 'too large' : Buffer.from(data.subarray(0, needed - 1)));
    keep(data.subarray(needed));
    needed = 0;
    return true;
  };
  const gather = (): Buffer => (pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces));
  const keep = (data: Buffer): void => {
    pieces = [data];
    length = data.length;
  };
  return {
    feed(piece) {
      pieces.push(piece);
      length += piece.length;
      while (length > 0 && advance());
    },
    left: () => wanted.length - next,
  };
}

/** What messages say of a blob that is missing, as it is in a partial clone, or too large. */
export function sayNoBlob(why: NoBlob): string {
  return why === 'missing'
    ? 'git does not have its content, as in a partial clone; fetch it: git fetch --refetch --no-filter'
    : `is larger than ${largestBlob >> 20} MB`;
}

/** A blob that is not written, and why. */
export interface Unwritten {
  readonly path: string;
  readonly why: NoBlob;
}

/**
 * Writes blobs below a folder, each under its path. Paths come from a git tree: relative, without `..`.
 * @returns the paths whose blob was missing or too large
 */
export async function writeBlobs(
  wanted: readonly WantedBlob[],
  options: GitOptions,
  folder: string,
): Promise<readonly Unwritten[]> {
  const writer = blobWriter(folder);
  await readBlobs(wanted, options, writer.take);
  return writer.missing;
}

/** The same for a few blobs, waiting for git. */
export function writeBlobsNow(
  wanted: readonly WantedBlob[],
  options: GitOptions,
  folder: string,
): readonly Unwritten[] {
  if (wanted.length === 0) return [];
  const writer = blobWriter(folder);
  const reader = createBatchReader(wanted, writer.take);
  reader.feed(gitNow(['cat-file', '--batch'], { ...options, input: wanted.map(({ blob }) => `${blob}\n`).join('') }));
  const rest = wanted.slice(wanted.length - reader.left());
  return [...writer.missing, ...rest.map(({ path }): Unwritten => ({ path, why: 'missing' }))];
}

function blobWriter(folder: string) {
  const missing: Unwritten[] = [];
  const made = new Set<string>();
  return {
    missing,
    take({ path }: WantedBlob, bytes: Buffer | NoBlob): void {
      if (typeof bytes === 'string') {
        missing.push({ path, why: bytes });
        return;
      }
      const target = join(folder, path);
      const parent = dirname(target);
      if (!made.has(parent)) mkdirSync(parent, { recursive: true });
      made.add(parent);
      writeFileSync(target, bytes);
    },
  };
}

/**
 * Reads one file of a tree as text; for a symbolic link that is where it leads to.
 * @param entry null or undefined for a file that does not exist
 * @returns null for no file
 * @throws UserError if git does not have its content, or it is too large
 */
export async function readText(
  path: string,
  entry: Entry | null | undefined,
  options: GitOptions,
): Promise<string | null> {
  if (!entry || !/^1[02]0/.test(entry.mode)) return null;
  let found: Buffer | NoBlob = 'missing';
  await readBlobs([{ path, blob: entry.blob }], options, (_, bytes) => {
    found = bytes;
  });
  const bytes: Buffer | NoBlob = found;
  if (typeof bytes === 'string') throw new UserError(`${path}: ${sayNoBlob(bytes)}`);
  return decodeSource(bytes);
}
