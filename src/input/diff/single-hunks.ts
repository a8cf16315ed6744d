import { decodeSource } from '../tree/decode.js';
import type { FilePatch } from './file-patch.js';

/** The header of a file's part of a diff, and its hunks, as bytes. */
export interface HunkTexts {
  readonly header: Buffer;
  readonly hunks: readonly Buffer[];
}

/** Takes the part of a diff for one file apart. A line within a hunk never begins with an `@`. */
export function splitHunks({ text }: FilePatch): HunkTexts {
  const starts = [...text.toString('latin1').matchAll(/^@@ -/gm)].map(({ index }) => index);
  const hunks = starts.map((start, index) => text.subarray(start, starts[index + 1] ?? text.length));
  return { header: text.subarray(0, starts[0] ?? text.length), hunks };
}

/** The first line at which a file is not what a hunk expects. */
export interface Difference {
  /** In the file, 1-based. */
  readonly line: number;
  /** What is there and what the hunk expects, for people. */
  readonly words: string;
}

/** Comparing more lines than these costs too much. */
const mostCompared = 5_000_000;
/** A longer line is cut in a message. */
const longestLine = 60;

/**
 * Finds the place in a file where most lines of a hunk are, and the first of its lines that is not there.
 * @param text the file
 * @param near the line at which the hunk says that it begins, 1-based
 * @returns undefined where no place has at least half of them
 */
export function firstDifference(text: Buffer, hunk: Buffer, near: number): Difference | undefined {
  const expected = expectedLines(decodeSource(hunk));
  const lines = decodeSource(text).split('\n');
  const start = bestPlace(lines, expected, near - 1);
  if (start === undefined) return undefined;
  const at = expected.findIndex((line, index) => lines[start + index] !== line);
  const there = lines[start + at];
  const words =
    there === undefined
      ? `the file ends before '${shown(expected[at] ?? '')}'`
      : `line ${start + at + 1} is '${shown(there)}', where it expects '${shown(expected[at] ?? '')}'`;
  return { line: start + at + 1, words };
}

/** The lines that a hunk expects: its context, and what it removes. */
function expectedLines(hunk: string): readonly string[] {
  return hunk
    .replace(/\n$/, '')
    .split('\n')
    .slice(1)
    .filter((line) => !/^[+\\]/.test(line))
    .map((line) => line.slice(1));
}

/** The index at which most of some lines stand, the nearest to another one; undefined where fewer than half do. */
function bestPlace(lines: readonly string[], expected: readonly string[], near: number): number | undefined {
  if (lines.length * expected.length > mostCompared) return undefined;
  let [best, most] = [0, 0];
  for (let start = 0; start < lines.length; start++) {
    const found = expected.filter((text, index) => text.trim() !== '' && lines[start + index] === text).length;
    const isNearer = found === most && Math.abs(start - near) < Math.abs(best - near);
    if (found > most || isNearer) [best, most] = [start, found];
  }
  return most * 2 >= expected.filter((text) => text.trim() !== '').length && most > 0 ? best : undefined;
}

function shown(line: string): string {
  const text = line.trim();
  return text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
}
