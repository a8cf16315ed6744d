import { digestOfText } from '../../base/digest.js';
import { openDiskCache } from '../../base/disk-cache.js';
import {
  type FunctionUnit,
  type MacroTable,
  noMacros,
  type PackedFile,
  packFile,
  type SourceFile,
  unpackFile,
} from '../../c/index.js';

/** The outlines and parsed functions of earlier runs, by path and content. */
export interface UnitCache {
  /** The outline of a file; undefined where no earlier run made one. */
  file(path: string, text: string, before?: MacroTable): SourceFile | undefined;
  /** The function that starts at an offset; undefined where no earlier run parsed it. */
  lowered(file: SourceFile, start: number): FunctionUnit | undefined;
  /** Writes what this run has made. */
  keep(files: Iterable<readonly [string, SourceFile | undefined]>, lowered: Iterable<FunctionUnit>): void;
}

/** One kernel needs about 800 entries of 12 MB together. */
const bounds = { entries: 8000, bytes: 128 * 1024 * 1024 } as const;

/**
 * Opens the cache in a folder.
 * @param setting what else decides how a file is read: the attribute words of the tree
 */
export function openUnitCache(setting: string, folder: string): UnitCache {
  const cache = openDiskCache(folder, setting, bounds);
  const known = new WeakMap<SourceFile, ReadonlyMap<number, FunctionUnit>>();
  return {
    file(path, text, before = noMacros) {
      const entry = cache.get(contentKey(path, text, before));
      if (entry === undefined) return undefined;
      const packed = JSON.parse(entry) as PackedFile;
      const file = unpackFile(path, text, packed, before);
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
        cache.put(contentKey(path, file.text, file.before), JSON.stringify(packed));
        isNew = true;
      }
      if (isNew) cache.trim();
    },
  };
}

/** Functions by their file. */
function byPath(units: Iterable<FunctionUnit>): ReadonlyMap<string, readonly FunctionUnit[]> {
  const found = new Map<string, FunctionUnit[]>();
  for (const unit of units) {
    const known = found.get(unit.path);
    if (known) known.push(unit);
    else found.set(unit.path, [unit]);
  }
  return found;
}

/** The key of a file. The path is part of it, since an outline contains the path; so are the macros that decide its code. */
function contentKey(path: string, text: string, { digest }: MacroTable): string {
  return `${path}\0${digest}\0${digestOfText(text)}`;
}
