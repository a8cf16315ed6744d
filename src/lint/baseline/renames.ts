import { type Marked, markKey } from './compare.js';

/** Which files may have been renamed. */
export interface Whereabouts {
  /** Whether a file with old findings no longer exists. */
  isGone(file: string): boolean;
  /** Whether a file may be an old one under a new name. */
  isNew(file: string): boolean;
}

/**
 * Guesses from the findings which files were renamed; a baseline has no history to ask. A file that is gone becomes the
 * new file that has most of its findings, if each is the single best match of the other.
 * @returns the former name of each renamed file, by its new name
 */
export function guessRenames(
  old: readonly Marked[],
  found: readonly Marked[],
  { isGone, isNew }: Whereabouts,
): ReadonlyMap<string, string> {
  const gone = keysByFile(old.filter(({ file }) => isGone(file)));
  const fresh = keysByFile(found.filter(({ file }) => isNew(file)));
  const likeness = (from: string, to: string): number => {
    const shared = [...(gone.get(from) ?? [])].filter((key) => fresh.get(to)?.has(key)).length;
    // Prefer a file that moved to another folder and kept its name.
    return shared === 0 ? 0 : shared + (baseName(from) === baseName(to) ? 0.5 : 0);
  };
  const renames = new Map<string, string>();
  for (const from of gone.keys()) {
    const to = onlyBest([...fresh.keys()], (file) => likeness(from, file));
    if (to !== undefined && onlyBest([...gone.keys()], (file) => likeness(file, to)) === from) renames.set(to, from);
  }
  return renames;
}

function keysByFile(marked: readonly Marked[]): ReadonlyMap<string, ReadonlySet<string>> {
  const files = new Map<string, Set<string>>();
  for (const one of marked) {
    const keys = files.get(one.file) ?? new Set();
    files.set(one.file, keys.add(markKey(one)));
  }
  return files;
}

/** The file with the highest likeness; undefined where none has any, or two have the same. */
function onlyBest(files: readonly string[], likeness: (file: string) => number): string | undefined {
  const [best, second] = files
    .map((file) => ({ file, value: likeness(file) }))
    .filter(({ value }) => value > 0)
    .sort((left, right) => right.value - left.value);
  return best && best.value !== second?.value ? best.file : undefined;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
