import { type Marked, markKey } from './compare.js';

/** Where findings may have gone to. */
export interface Whereabouts {
  /** Files of the old findings that are no more. */
  isGone(file: string): boolean;
  /** Files that may be old ones under a new name. */
  isNew(file: string): boolean;
}

/**
 * Guesses which files were renamed, by the findings in them: without a history there is nothing else to go by. A file
 * that is gone is the new one that has most of its findings, where both choose each other and nobody else.
 * @returns the former name by the new one
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
    // A file that only changed its folder is preferred among several that are alike.
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

/** What is more alike than all others, or undefined where nothing is, or two are as much. */
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
