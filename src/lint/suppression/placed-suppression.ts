import { positionAt, type SourceFile } from '../../c/index.js';
import type { Contract } from '../../contract/index.js';
import { functionAt } from '../../program/index.js';
import type { LineRange } from '../line-range.js';
import { plainCode } from './plain-code.js';
import type { Suppression } from './suppression-comments.js';

/** A suppression comment of a tree as plain data: it can be compared with those of another tree. */
export interface PlacedSuppression extends Suppression {
  /** The place where the comment names the rule, 1-based. */
  readonly line: number;
  readonly column: number;
  /** The function around it, or null at file level. */
  readonly function: string | null;
  /** The code that it covers, as {@link plainCode} gives it, cut to {@link mostOfCode} characters. */
  readonly code: string;
}

/** The number of characters of covered code that are compared: no statement that people write has more. */
const mostOfCode = 1000;
/** The number of characters of one file that are looked at. No comment after that has code. */
const mostOfFile = 4_000_000;

/** Adds to suppressions where they are and what they cover. */
export function placeSuppressions(
  { codebase: { program } }: Contract,
  suppressions: readonly Suppression[],
): readonly PlacedSuppression[] {
  const readers = new Map<string, ReturnType<typeof codeReader>>();
  return suppressions.flatMap((suppression) => {
    const { path, at, covers } = suppression;
    const file = program.file(path);
    if (!file) return [];
    const codeOf = readers.get(path) ?? codeReader(file);
    readers.set(path, codeOf);
    const inside = functionAt(program, path, at)?.outline.name ?? null;
    return [{ ...suppression, ...positionAt(file.unit, at), function: inside, code: codeOf(covers) }];
  });
}

/** Reads the code of line ranges. Many comments may cover the same lines, and a hostile file has many that overlap. */
function codeReader({ text, unit: { lineStarts } }: SourceFile): (lines: LineRange) => string {
  const known = new Map<string, string>();
  let looked = 0;
  return ({ first, last }) => {
    const key = `${first}-${last}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const lines = text.slice(lineStarts[first - 1], lineStarts[last]);
    looked += lines.length;
    const code = looked > mostOfFile ? '' : plainCode(lines).slice(0, mostOfCode);
    known.set(key, code);
    return code;
  };
}
