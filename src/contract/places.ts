import { positionAt } from '../c/index.js';
import type { Codebase, FunctionRef } from '../program/index.js';

/** A place in the tree, for people: 1-based line and column, path relative to the tree. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function around it, or null at file level. */
  readonly function: string | null;
}

export interface TraceStep {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What could not be analysed, and why. */
export interface NotAnalysed {
  readonly file: string;
  readonly line: number | null;
  readonly function: string | null;
  readonly reason: string;
}

/** The place of an offset in a file. */
export function placeOf(codebase: Codebase, path: string, at: number, inside: FunctionRef | null): Place {
  const file = codebase.program.file(path);
  const position = file ? positionAt(file.unit, at) : { line: 1, column: 1 };
  return { file: path, ...position, function: inside?.outline.name ?? null };
}

/** A step of a trace at an offset. */
export function stepAt(codebase: Codebase, path: string, at: number, message: string): TraceStep {
  return { file: path, line: placeOf(codebase, path, at, null).line, message };
}

/** Whether a path is test code, whose findings weigh less. */
export function isTestCode(path: string): boolean {
  return (
    /(^|\/)(tests?|selftests?|kunit)\//.test(path) ||
    /(^|\/)\w*(selftest|kunit)\w*\.[ch]$/.test(path) ||
    /_test\.[ch]$/.test(path)
  );
}
