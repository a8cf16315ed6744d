import { positionAt, type SourceFile } from '../c/index.js';

/** Lines of a file, 1-based, both ends included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** Extends a range by the line below it; where a statement begins there, to the end of that statement or of its head. */
export function withStatement(file: SourceFile, range: LineRange): LineRange {
  const { code, unit } = file;
  const start = unit.lineStarts[range.last];
  if (start === undefined) return range;
  const below = range.last + 1;
  const line = code.slice(start, unit.lineStarts[below]);
  // A blank line, a directive, or a branch that is never compiled: nothing begins there.
  if (line.trim() === '') return { ...range, last: below };
  const begins = start + (/^[\s}]*/.exec(line)?.[0].length ?? 0);
  return { ...range, last: Math.max(below, positionAt(unit, statementEnd(code, begins)).line) };
}

/**
 * The offset of the character that ends a statement or its head: a `;`, the `{` of a body, or a `,` between members of
 * an initialiser. Those inside parentheses or brackets do not count; the `}` of the block around it does. Nobody writes a
 * statement longer than {@link longestStatement}; in such a one every comment would look for the end of all of it.
 */
function statementEnd(code: string, start: number): number {
  let depth = 0;
  let braces = 0;
  const limit = Math.min(code.length, start + longestStatement);
  for (let at = start; at < limit; at++) {
    switch (code[at]) {
      case '(':
      case '[':
        depth++;
        break;
      case ')':
      case ']':
        depth--;
        break;
      case ';':
      case ',':
        if (depth <= 0) return at;
        break;
      case '{':
        if (depth <= 0) return at;
        braces++;
        break;
      case '}':
        if (--braces < 0) return at;
        break;
    }
  }
  return limit === code.length ? code.length - 1 : start;
}

/** In characters. */
const longestStatement = 10_000;
