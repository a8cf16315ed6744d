import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
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
  put(key: string, text: string): void;
  /** Removes what is beyond the bounds, the entries first that were not used for the longest time. */
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
}

/** The folders of this tool in the user's cache: `XDG_CACHE_HOME`, or `.cache` in the home folder. */
export function cacheFolders(env: Environment): CacheFolders {
  const base = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  return { trees: join(base, 'dmabuf-lint', 'trees'), units: join(base, 'dmabuf-lint', 'units') };
}

/** The half-written entries that killed processes leave in the caches. */
export function cacheLeftovers({ trees, units }: CacheFolders): readonly Leftovers[] {
  return [trees, units].map(temporaryLeftovers);
}

/**
 * Opens a cache. Several processes may use it at once: an entry appears whole, and is the same whoever wrote it.
 * @param setting what the entries depend on beside their keys; they also depend on the build of the tool
 */
export function openDiskCache(folder: string, setting: string, bounds: CacheBounds): DiskCache {
  const start = createHash('sha256').update(`${toolIdentity()}\0${setting}\0`);
  let isReady = false;
  const pathOf = (key: string): string => join(folder, `${start.copy().update(key).digest('hex')}.entry`);
  return {
    get(key) {
      const path = pathOf(key);
      const text = readEntry(path, key);
      if (text !== undefined) touch(path);
      return text;
    },
    put(key, text) {
      try {
        if (!isReady) {
          mkdirSync(folder, { recursive: true });
          removeTemporaries(folder);
          isReady = true;
        }
        writeEntry(pathOf(key), key, text);
      } catch {}
    },
    trim() {
      try {
        trimFolder(folder, bounds);
      } catch {}
    },
  };
}

/** An entry is a line with the digests of the key and of the text, and then the text. */
function writeEntry(path: string, key: string, text: string): void {
  const temporary = temporaryIn(dirname(path));
  try {
    writeFileSync(temporary, `${digest(key)} ${digest(text)}\n${text}`, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function readEntry(path: string, key: string): string | undefined {
  let entry: string;
  try {
    entry = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const text = entry.slice(entry.indexOf('\n') + 1);
  if (entry.startsWith(`${digest(key)} ${digest(text)}\n`)) return text;
  rmSync(path, { force: true });
  return undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function touch(path: string): void {
  try {
    const now = Date.now();
    if (now - statSync(path).mtimeMs > exactness) utimesSync(path, now / 1000, now / 1000);
  } catch {}
}

function trimFolder(folder: string, bounds: CacheBounds): void {
  const entries = readdirSync(folder)
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
