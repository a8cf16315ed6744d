import type { SourceFile } from '../../src/c/index.js';
import type { TextEdit } from '../../src/lint/index.js';

/** The offset at which the line of an offset begins. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The offset behind the line of an offset and its newline. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** The indentation of the line of an offset. */
export function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at), at))?.[0] ?? '';
}

/** Whether only white space precedes an offset on its line. */
export function beginsLine(text: string, at: number): boolean {
  return /^\s*$/.test(text.slice(lineStart(text, at), at));
}

/** Removes code: whole lines, with a comment beside it, if there is nothing else on them; else just the code. */
export function removal(path: string, { text, code }: SourceFile, start: number, end: number): TextEdit {
  const after = lineEnd(text, end);
  if (beginsLine(text, start) && /^\s*$/.test(code.slice(end, after)) && isWholeComment(text.slice(end, after)))
    return { path, start: lineStart(text, start), end: after, text: '' };
  const blank = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  return { path, start, end: end + blank, text: '' };
}

function isWholeComment(rest: string): boolean {
  return /^\s*(?:\/\*.*\*\/|\/\/.*)?\s*$/.test(rest);
}

/** The offset of the first of the comments directly above a line; the start of the line if there are none. */
export function withCommentsAbove({ text, code, unit }: SourceFile, at: number): number {
  let start = lineStart(text, at);
  for (;;) {
    const above = unit.comments.find(
      (comment) => comment.end < start + 1 && /^[ \t]*\r?\n$/.test(text.slice(comment.end, start)),
    );
    if (!above || !beginsLine(text, above.start) || /\S/.test(code.slice(lineStart(text, above.start), start)))
      return start;
    start = lineStart(text, above.start);
  }
}

/** Replaces the name at an offset by another; null if that name is not at that offset. */
export function renaming(path: string, text: string, at: number, name: string, instead: string): TextEdit | null {
  if (text.slice(at, at + name.length) !== name || /\w/.test(text[at + name.length] ?? '')) return null;
  return { path, start: at, end: at + name.length, text: instead };
}
