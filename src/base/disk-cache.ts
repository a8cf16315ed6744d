import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from './environment.js';
import type { Leftovers } from './leftovers.js';
import { toolIdentity } from './package/tool-identity.js';
import { removeTemporaries, temporaryIn, temporaryLeftovers } from './write-files.js';

/** Keeps texts on the disk from one run to the next. If it cannot be read or written, it stays empty without an error. */
export interface DiskCache {
  /** The text under a key; undefined if there is none. A damaged entry is removed. */
  get(key: string): string | undefined;
  /** Whether there is something under a key. It may be damaged. */
  has(key: string): boolean;
  put(key: string, text: string): void;
  /** The same for bytes. */
  getBytes(key: string): Buffer | undefined;
  putBytes(key: string, bytes: Buffer): void;
  /**
   * Removes what is beyond the bounds, the entries first that were not used for the longest time. To add up the sizes of
   * thousands of entries takes longer than to write one, so not each call does.
   */
  trim(): void;
}

/** The maximum size of a cache. */
export interface CacheBounds {
  readonly entries: number;
  readonly bytes: number;
}

/** An entry's modification time is that of its last use, to this accuracy in milliseconds. */
const exactness = 60_000;

/** Where results are kept from one run to the next. */
export interface CacheFolders {
  /** The results for whole trees. */
  readonly trees: string;
  /** Parsed files. */
  readonly units: string;
  /** What was found out about functions and files of trees. */
  readonly answers: string;
  /** What was found in the files of trees. */
  readonly searches: string;
}

/** The folders of this tool in the user's cache: `XDG_CACHE_HOME`, or `.cache` in the home folder. */
export function cacheFolders(env: Environment): CacheFolders {
  const base = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  const folder = (name: string): string => join(base, 'dmabuf-lint', name);
  return { trees: folder('trees'), units: folder('units'), answers: folder('answers'), searches: folder('searches') };
}

/** The half-written entries that killed processes leave in the caches. */
export function cacheLeftovers({ trees, units, answers, searches }: CacheFolders): readonly Leftovers[] {
  return [trees, units, answers, searches].map(temporaryLeftovers);
}

/**
 * Opens a cache. Several processes may use it at once: an entry appears whole, and is the same whoever wrote it.
 * @param setting what the entries depend on beside their keys; they also depend on the build of the tool
 */
export function openDiskCache(folder: string, setting: string, bounds: CacheBounds): DiskCache {
  const start = createHash('sha256').update(`${toolIdentity()}\0${setting}\0`);
  let isReady = false;
  const pathOf = (key: string): string => join(folder, `${start.copy().update(key).digest('hex')}.entry`);
  const getBytes = (key: string): Buffer | undefined => {
    const path = pathOf(key);
    const bytes = readEntry(path, key);
    if (bytes !== undefined) touch(path);
    return bytes;
  };
  const putBytes = (key: string, bytes: Buffer): void => {
    try {
      if (!isReady) {
        mkdirSync(folder, { recursive: true });
        removeTemporaries(folder);
        isReady = true;
      }
      writeEntry(pathOf(key), key, bytes);
    } catch {}
  };
  return {
    getBytes,
    putBytes,
    has: (key) => existsSync(pathOf(key)),
    get: (key) => getBytes(key)?.toString('utf8'),
    put: (key, text) => putBytes(key, Buffer.from(text)),
    trim() {
      try {
        trimFolder(folder, bounds);
      } catch {}
    },
  };
}

/** An entry is a line with the digests of the key and of the bytes, and then the bytes. */
function writeEntry(path: string, key: string, bytes: Buffer): void {
  const temporary = temporaryIn(dirname(path));
  try {
    writeFileSync(temporary, Buffer.concat([Buffer.from(headOf(key, bytes)), bytes]), { flag: 'wx', mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function readEntry(path: string, key: string): Buffer | undefined {
  let entry: Buffer;
  try {
    entry = readFileSync(path);
  } catch {
    return undefined;
  }
  const start = entry.indexOf('\n') + 1;
  const bytes = entry.subarray(start);
  if (entry.toString('latin1', 0, start) === headOf(key, bytes)) return bytes;
  try {
    rmSync(path, { force: true });
  } catch {
    // A cache that may only be read keeps what is damaged in it.
  }
  return undefined;
}

function headOf(key: string, bytes: Buffer): string {
  return `${digest(key)} ${digest(bytes)}\n`;
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function touch(path: string): void {
  try {
    const now = Date.now();
    if (now - statSync(path).mtimeMs > exactness) utimesSync(path, now / 1000, now / 1000);
  } catch {}
}

/** With more entries, only one call in as many adds up their sizes. */
const mostSized = 200;
const rarely = 8;

function trimFolder(folder: string, bounds: CacheBounds): void {
  const names = readdirSync(folder);
  if (names.length > mostSized && names.length <= bounds.entries && Math.random() * rarely > 1) return;
  const entries = names
    .map((name) => {
      const path = join(folder, name);
      const { mtimeMs, size } = statSync(path);
      return { path, mtimeMs, size };
    })
    .sort((left, right) => right.mtimeMs - left.mtimeMs);
  let bytes = 0;
  entries.forEach(({ path, size }, index) => {
    bytes += size;
    if (index >= bounds.entries || bytes > bounds.bytes) rmSync(path, { force: true });
  });
}
