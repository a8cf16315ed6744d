import { outlineFile, positionAt, type SourceFile, treeAttributeWords } from '../../../c/index.js';
import type { LineRange } from '../../../input/git/origin/touching-commits.js';
import type { Finding } from '../../../lint/index.js';
import type { TextOf } from '../../../report/run-report.js';

/** A trace with more places is not looked at: git follows each of them through the history. */
const mostRanges = 12;

/**
 * The lines that a finding is about: the functions and ops tables that its trace goes through. What brought the finding in
 * has changed one of them, also where it only took a line out.
 * @returns null where a text is missing, or where there are too many
 */
export function traceRanges({ file, line, trace }: Finding, textOf: TextOf): readonly LineRange[] | null {
  const attributes = treeAttributeWords(textOf, []);
  const ranges = new Map<string, LineRange>();
  const outlines = new Map<string, SourceFile>();
  for (const place of [{ file, line }, ...trace]) {
    const text = textOf(place.file);
    if (text === undefined) return null;
    const outline = outlines.get(place.file) ?? outlineFile(place.file, text, attributes);
    outlines.set(place.file, outline);
    const range = rangeAround(outline, place.line);
    ranges.set(`${range.path}:${range.first}`, range);
  }
  return ranges.size > mostRanges ? null : [...ranges.values()];
}

/** The function or variable around a line; the line itself where there is none. */
function rangeAround({ unit }: SourceFile, line: number): LineRange {
  const parts = [...unit.functions, ...unit.variables].map(({ start, end }) => ({
    path: unit.path,
    first: positionAt(unit, start).line,
    last: positionAt(unit, Math.max(start, end - 1)).line,
  }));
  return parts.find(({ first, last }) => first <= line && line <= last) ?? { path: unit.path, first: line, last: line };
}
