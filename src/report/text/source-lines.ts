import type { TextOf } from '../run-report.js';

/** One line of source; the number is 1-based. */
export interface SourceLine {
  readonly number: number;
  readonly text: string;
}

/**
 * A line of source with the one before and the one after it.
 * @param line 1-based
 * @returns undefined if the text of the file is not available
 */
export function linesAround(textOf: TextOf, path: string, line: number): readonly SourceLine[] | undefined {
  const lines = textOf(path)?.split('\n');
  return (
    lines &&
    [line - 1, line, line + 1].flatMap((number) => {
      const text = lines[number - 1]?.replace(/\r$/, '');
      return text === undefined ? [] : [{ number, text }];
    })
  );
}
