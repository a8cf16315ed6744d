// How does the model name places in the tree?

import { positionAt } from '../c/index.js';
import type { Codebase, FunctionRef } from '../program/index.js';

/** A place in the tree for people: a path relative to the tree, with 1-based line and column. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function around it, or null at file level. */
  readonly function: string | null;
}

/** A step of the evidence for a finding or a verdict. */
export interface TraceStep {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
  /** Whether it did first what the finding says is done once more. */
  readonly isEarlier?: true;
}

/** Code that could not be analysed, and why. */
export interface NotAnalysed {
  readonly file: string;
  /** Null where the whole file, or the whole tree, is meant. */
  readonly line: number | null;
  readonly function: string | null;
  readonly reason: string;
}

/** Returns the place of an offset in a file. */
export function placeOf(codebase: Codebase, path: string, at: number, inside: FunctionRef | null): Place {
  const file = codebase.program.file(path);
  const position = file ? positionAt(file.unit, at) : { line: 1, column: 1 };
  return { file: path, ...position, function: inside?.outline.name ?? null };
}

/** Returns a trace step at an offset. */
export function stepAt(codebase: Codebase, path: string, at: number, message: string): TraceStep {
  return { file: path, line: placeOf(codebase, path, at, null).line, message };
}

/** Returns what a function does at a way out: it returns, or it comes to its closing brace. */
export function describeWayOut(codebase: Codebase, path: string, at: number): 'returns here' | 'ends here' {
  return codebase.program.file(path)?.code[at] === '}' ? 'ends here' : 'returns here';
}
