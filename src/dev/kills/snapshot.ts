import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Files with their contents, as Latin-1. */
export type Snapshot = ReadonlyMap<string, string>;

/** The files below a folder, by their paths in it; none where there is no folder. */
export function filesIn(folder: string): Snapshot {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch {
    return new Map();
  }
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, 'latin1')]),
  );
}

/** What differs between two runs that do the same: how long they took, and the commits that git makes at that time. */
const changing: readonly (readonly [RegExp, string])[] = [
  [/"milliseconds": ?\d+/g, '"milliseconds": 0'],
  [/^From [0-9a-f]{40} /gm, 'From 0 '],
  [/^Date: .*$/gm, 'Date:'],
  [/"(?:startTimeUtc|endTimeUtc)": ?"[^"]*"/g, '"timeUtc": ""'],
];

const comparable = (text: string): string =>
  changing.reduce((same, [pattern, instead]) => same.replace(pattern, instead), text);

/** The names of temporary files of ours. */
const temporary = /\/\.dmabuf-lint-\d+-[0-9a-f]{32}\.tmp$/;

/** What is wrong after a command was killed: files that are neither as before nor as after it. */
export function halfDone(found: Snapshot, before: Snapshot, after: Snapshot): readonly string[] {
  const isWhole = (path: string): boolean => {
    const text = found.get(path);
    const [old, now] = [before.get(path), after.get(path)];
    if (text === undefined) return old === undefined || now === undefined;
    return text === old || (now !== undefined && comparable(text) === comparable(now));
  };
  return [...new Set([...found.keys(), ...before.keys()])].filter((path) => !temporary.test(path) && !isWhole(path));
}

/** Files that differ from those that a whole run leaves. */
export function notAsAfter(found: Snapshot, after: Snapshot): readonly string[] {
  const paths = new Set([...found.keys(), ...after.keys()]);
  return [...paths].filter((path) => comparable(found.get(path) ?? '\0') !== comparable(after.get(path) ?? '\0'));
}
