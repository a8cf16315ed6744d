import { positionAt, type SourceFile } from '../c/index.js';

/** Lines of a file, 1-based, both ends included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** A range with the line below it and, where a statement begins there, all lines to the end of its head. */
export function withStatement(file: SourceFile, range: LineRange): LineRange {
  const { code, unit } = file;
  const start = unit.lineStarts[range.last];
  if (start === undefined) return range;
  const below = range.last + 1;
  const line = code.slice(start, unit.lineStarts[below]);
  // A directive, a blank line, or a branch that is never compiled.
  if (line.trim() === '') return { ...range, last: below };
  const begins = start + (/^[\s}]*/.exec(line)?.[0].length ?? 0);
  return { ...range, last: Math.max(below, positionAt(unit, statementEnd(code, begins)).line) };
}

/**
 * Offset of what ends a statement, or its head: the `;`, the `{` of a body, the `,` between two members of an
 * initialiser. What stands in parentheses or brackets ends nothing, and the end of the block around it ends all.
 */
function statementEnd(code: string, start: number): number {
  let depth = 0;
  let braces = 0;
  for (let at = start; at < code.length; at++) {
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
  return code.length - 1;
}
