import { createHash } from 'node:crypto';
import { openDiskCache } from '../../base/disk-cache.js';
import { type FunctionUnit, type PackedFile, packFile, type SourceFile, unpackFile } from '../../c/index.js';

/** What earlier runs made of files, by path and content. */
export interface UnitCache {
  /** A file as an earlier run outlined it; undefined where none did. */
  file(path: string, text: string): SourceFile | undefined;
  /** The function that starts there, where an earlier run parsed it. */
  lowered(file: SourceFile, start: number): FunctionUnit | undefined;
  /** Keeps what this run has made. */
  keep(files: Iterable<readonly [string, SourceFile | undefined]>, lowered: Iterable<FunctionUnit>): void;
}

/** A whole kernel's are some 800 entries of 12 MB. */
const bounds = { entries: 8000, bytes: 128 * 1024 * 1024 } as const;

/**
 * Opens the cache in a folder of the user's cache.
 * @param setting what else decides how a file is read: the words that mean nothing in this tree
 */
export function openUnitCache(setting: string, folder: string): UnitCache {
  const cache = openDiskCache(folder, setting, bounds);
  const known = new WeakMap<SourceFile, ReadonlyMap<number, FunctionUnit>>();
  return {
    file(path, text) {
      const entry = cache.get(contentKey(path, text));
      if (entry === undefined) return undefined;
      const packed = JSON.parse(entry) as PackedFile;
      const file = unpackFile(path, text, packed);
      known.set(file, new Map(packed.functions.map((unit) => [unit.start, unit])));
      return file;
    },
    lowered: (file, start) => known.get(file)?.get(start),
    keep(files, lowered) {
      const made = byPath(lowered);
      let isNew = false;
      for (const [path, file] of files) {
        if (!file) continue;
        const before = known.get(file);
        const more = (made.get(path) ?? []).filter(({ start }) => !before?.has(start));
        if (before && more.length === 0) continue;
        const all = new Map([...(before ?? []), ...more.map((unit) => [unit.start, unit] as const)]);
        known.set(file, all);
        const packed = packFile(file, [...all.values()]);
        if (!packed) continue;
        cache.put(contentKey(path, file.text), JSON.stringify(packed));
        isNew = true;
      }
      if (isNew) cache.trim();
    },
  };
}

function byPath(units: Iterable<FunctionUnit>): ReadonlyMap<string, readonly FunctionUnit[]> {
  const found = new Map<string, FunctionUnit[]>();
  for (const unit of units) {
    const known = found.get(unit.path);
    if (known) known.push(unit);
    else found.set(unit.path, [unit]);
  }
  return found;
}

/** As git names a content, with the path: that is a part of what is kept. */
function contentKey(path: string, text: string): string {
  return `${path}\0${createHash('sha256').update(text).digest('hex')}`;
}
