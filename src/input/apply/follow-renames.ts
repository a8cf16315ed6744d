import { parseDiff } from '../diff/diff.js';
import type { TreeChange } from '../git/repository.js';

/** The present name of each file that was renamed, by the name that a patch may still use for it. */
export type Renames = ReadonlyMap<string, string>;

/** What a list of changes, one after the other, leaves renamed. A name that another file has taken since is no former name. */
export function renamesOf(changes: readonly TreeChange[]): Renames {
  const renames = new Map<string, string>();
  for (const { path, oldPath, after } of changes) {
    renames.delete(path);
    if (oldPath === null || after === null) continue;
    for (const [former, name] of renames) if (name === oldPath) renames.set(former, path);
    renames.set(oldPath, path);
  }
  return renames;
}

/**
 * A patch with the present names of the files that it changes, as a merge follows a rename on the other side. A file that
 * the patch itself renames stays as it is: there the two sides conflict.
 */
export function withRenamesFollowed(diff: Buffer, renames: Renames): Buffer {
  if (renames.size === 0) return diff;
  let rest = diff;
  const parts: Buffer[] = [];
  for (const { oldPath, newPath, text } of parseDiff(diff)) {
    const name = oldPath === null ? undefined : renames.get(oldPath);
    if (oldPath === null || name === undefined || (newPath !== null && newPath !== oldPath)) continue;
    const at = rest.indexOf(text);
    parts.push(rest.subarray(0, at), renamed(text, oldPath, name));
    rest = rest.subarray(at + text.length);
  }
  return Buffer.concat([...parts, rest]);
}

/** The part of a diff for one file, with another name of the file in its header. */
function renamed(text: Buffer, from: string, to: string): Buffer {
  const whole = text.toString('latin1');
  const start = whole.search(/^@@ -/m);
  const header = (start < 0 ? whole : whole.slice(0, start)).split('\n').map((line) => withName(line, from, to));
  return Buffer.from(`${header.join('\n')}${start < 0 ? '' : whole.slice(start)}`, 'latin1');
}

const begins = ['diff --git ', '--- ', '+++ '];

function withName(line: string, from: string, to: string): string {
  if (!begins.some((begin) => line.startsWith(begin))) return line;
  return ['a/', 'b/'].reduce((found, side) => found.replace(`${side}${from}`, () => `${side}${to}`), line);
}
