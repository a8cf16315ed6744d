import { type MacroTable, noMacros } from '../prepare/macro-table.js';
import type { FunctionUnit, Unit } from '../unit.js';
import { lineStarts, type SourceFile } from './outline.js';

/** An outlined file for storage: plain data, without what the text of the file yields again. */
export interface PackedFile {
  readonly unit: Omit<Unit, 'path' | 'lineStarts'>;
  /** The ranges in which the code is blank and the text is not: start, end, start, end and so on. */
  readonly hidden: readonly number[];
  /** Its functions that were parsed. */
  readonly functions: readonly FunctionUnit[];
}

/**
 * Packs an outlined file.
 * @param functions those of its functions that were parsed
 * @returns null for a file that {@link unpackFile} could not restore
 */
export function packFile(
  { unit, text, code }: Pick<SourceFile, 'unit' | 'text' | 'code'>,
  functions: readonly FunctionUnit[],
): PackedFile | null {
  const { path: _path, lineStarts: _lineStarts, ...rest } = unit;
  const hidden = differences(text, code);
  return blankAgain(text, hidden) === code ? { unit: rest, hidden, functions } : null;
}

/** Restores a file from its text and its packed outline, which was made with the same macros known before it. */
export function unpackFile(
  path: string,
  text: string,
  { unit, hidden }: PackedFile,
  before: MacroTable = noMacros,
): SourceFile {
  return { text, code: blankAgain(text, hidden), before, unit: { ...unit, path, lineStarts: lineStarts(text) } };
}

function blankAgain(text: string, hidden: readonly number[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (let index = 0; index < hidden.length; index += 2) {
    const [start = 0, end = 0] = [hidden[index], hidden[index + 1]];
    pieces.push(
      text.slice(done, start),
      text.slice(start, end).replace(/[^\n]+/g, (run) => ' '.repeat(run.length)),
    );
    done = end;
  }
  pieces.push(text.slice(done));
  return pieces.join('');
}

const isBlank = (unit: number): boolean => unit === 0x20 || unit === 0x0a;

/**
 * The ranges of a text in which the code, of the same length, has only blanks and line feeds. A carriage return may be
 * kept in the code or blanked: it lies in a range where it is blanked.
 */
function differences(text: string, code: string): readonly number[] {
  const ranges: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) === code.charCodeAt(at)) continue;
    const start = at;
    let end = at;
    for (; at < text.length && isBlank(code.charCodeAt(at)); at++)
      if (text.charCodeAt(at) !== code.charCodeAt(at)) end = at + 1;
    if (end === start) end = start + 1; // no blank: packFile() finds that the file cannot be restored
    ranges.push(start, end);
    at = end - 1;
  }
  return ranges;
}
