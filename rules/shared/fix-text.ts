import type { SourceFile } from '../../src/c/index.js';
import type { TextEdit } from '../../src/lint/index.js';

/** Offset at which the line begins that an offset lies on. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Offset behind the end of the line that an offset lies on. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** The white space with which the line of an offset begins. */
export function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at), at))?.[0] ?? '';
}

/** Whether nothing but white space stands before an offset on its line. */
export function beginsLine(text: string, at: number): boolean {
  return /^\s*$/.test(text.slice(lineStart(text, at), at));
}

/** Takes code out: whole lines, with what comment stands beside it, where nothing else is on them. */
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

/** Offset of the first comment of those that stand directly above a line, or of the line. */
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

/** The same name at an offset, replaced; null where it does not stand there. */
export function renaming(path: string, text: string, at: number, name: string, instead: string): TextEdit | null {
  if (text.slice(at, at + name.length) !== name || /\w/.test(text[at + name.length] ?? '')) return null;
  return { path, start: at, end: at + name.length, text: instead };
}
