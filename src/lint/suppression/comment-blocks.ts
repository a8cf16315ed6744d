import { type Comment, positionAt, type SourceFile } from '../../c/index.js';
import { type LineRange, withStatement } from '../line-range.js';

/** One line of a comment. */
export interface CommentLine {
  /** The text without comment signs (`/*`, ` *`, `//`). */
  readonly text: string;
  /** The offset of the text in the file. */
  readonly at: number;
  /** Whether it continues the line before it: both are in one comment, or in consecutive `//` comments. */
  readonly goesOn: boolean;
}

/** Adjacent comments with no code between them. */
export interface CommentBlock {
  readonly lines: readonly CommentLine[];
  /** The lines that a suppression in the block applies to: its own, and the statement below it where it stands alone. */
  readonly covers: LineRange;
}

/** Groups the comments of a file: a comment directly below or beside another belongs to the same block. */
export function commentBlocks(file: SourceFile): readonly CommentBlock[] {
  const groups: Comment[][] = [];
  for (const comment of file.unit.comments) {
    const group = groups.at(-1);
    if (group && followsOn(file.text, group, comment)) group.push(comment);
    else groups.push([comment]);
  }
  return groups.map((group) => ({ lines: linesOf(file.text, group), covers: coveredLines(file, group) }));
}

/** Whether a comment is beside the last of the group, or on the next line; a group behind code ends with its line. */
function followsOn(text: string, group: readonly Comment[], comment: Comment): boolean {
  const between = text.slice(group.at(-1)?.end, comment.start);
  if (!isBlank(between)) return false;
  return !between.includes('\n') || (/^[^\n]*\n[^\n]*$/.test(between) && beginsItsLine(text, group));
}

function coveredLines(file: SourceFile, group: readonly Comment[]): LineRange {
  const { unit, text } = file;
  const [start, end] = [group[0]?.start ?? 0, group.at(-1)?.end ?? 0];
  const own = { first: positionAt(unit, start).line, last: positionAt(unit, Math.max(start, end - 1)).line };
  const next = text.indexOf('\n', end);
  const endsItsLine = isBlank(text.slice(end, next < 0 ? text.length : next));
  return endsItsLine && beginsItsLine(text, group) ? withStatement(file, own) : own;
}

function beginsItsLine(text: string, group: readonly Comment[]): boolean {
  const start = group[0]?.start ?? 0;
  return isBlank(text.slice(text.lastIndexOf('\n', start - 1) + 1, start));
}

/** Whether a text is only white space and the backslashes that continue a macro. */
function isBlank(text: string): boolean {
  return /^[\s\\]*$/.test(text);
}

function linesOf(text: string, group: readonly Comment[]): readonly CommentLine[] {
  return group.flatMap((comment, index) => {
    const raw = withoutClosing(text.slice(comment.start, comment.end));
    const before = group[index - 1];
    const goesOn = before !== undefined && raw.startsWith('//') && text.startsWith('//', before.start);
    let at = comment.start;
    return raw.split('\n').map((line, number) => {
      const signs = /^\s*(?:\/\/+|\/\*+|\*+)?!?\s*/.exec(line)?.[0].length ?? 0;
      const found = { text: withoutEnd(line.slice(signs), /[\s\\]/), at: at + signs, goesOn: goesOn || number > 0 };
      at += line.length + 1;
      return found;
    });
  });
}

function withoutClosing(comment: string): string {
  return comment.endsWith('*/') ? withoutEnd(comment.slice(0, -1), /\*/) : comment;
}

/** Text without the characters of a kind at its end: a pattern would look at each run of them again and again. */
function withoutEnd(text: string, kind: RegExp): string {
  let end = text.length;
  while (end > 0 && kind.test(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}
