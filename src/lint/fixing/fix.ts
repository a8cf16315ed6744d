import type { Finding } from '../finding.js';

/** A replacement in one file. The 0-based offsets refer to the text that was analysed, so an editor can apply it directly. */
export interface TextEdit {
  readonly path: string;
  readonly start: number;
  /** The offset behind the last replaced character; equal to `start` for an insertion. */
  readonly end: number;
  readonly text: string;
}

/** A proposed correction of one finding. */
export interface Fix {
  readonly kind: 'fix';
  /** What it does, in the imperative, as the subject of a patch: `drop the stub callback of 'x_ops'`. */
  readonly title: string;
  /** Why, in whole sentences, for the body of the patch. */
  readonly reason: string;
  readonly edits: readonly TextEdit[];
  /** The name of the API that it replaces, if the tree has another one for it: who renamed it brought the finding in. */
  readonly formerName?: string;
}

/** The reason why a rule that has fixes proposes none for a finding. */
export interface NoFix {
  readonly kind: 'none';
  readonly because: string;
}

/** What a rule answers when it is asked for the fix of a finding. */
export type FixProposal = Fix | NoFix;

/** The fixes that the rules propose, made on demand. Nothing has checked them yet: see `fixFindings()`. */
export type Fixes = ReadonlyMap<Finding, () => FixProposal>;

/** A fix that was applied and checked, with its finding. */
export interface MadeFix {
  readonly finding: Finding;
  readonly fix: Fix;
}

/** Makes the answer that there is no fix. @param because the reason, lower case, without a full stop */
export function noFix(because: string): NoFix {
  return { kind: 'none', because };
}

/** Whether two edits exclude each other: they overlap, or insert different text at one offset. */
export function areInConflict(left: TextEdit, right: TextEdit): boolean {
  if (left.path !== right.path || isSameEdit(left, right)) return false;
  if (left.start === left.end && right.start === right.end) return left.start === right.start;
  return left.start < right.end && right.start < left.end;
}

/** Whether two edits are equal. Two fixes may contain the same edit, for instance an #include. */
export function isSameEdit(left: TextEdit, right: TextEdit): boolean {
  return left.path === right.path && left.start === right.start && left.end === right.end && left.text === right.text;
}

/**
 * Applies edits to a text.
 * @param edits none may conflict with another; equal edits are applied once
 * @returns the new text; inserted lines get the line ends of the text (`\n` or `\r\n`)
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const once = edits.filter((edit, index) => edits.findIndex((other) => isSameEdit(edit, other)) === index);
  const ordered = once.sort((left, right) => left.start - right.start || left.end - right.end);
  const pieces: string[] = [];
  let done = 0;
  for (const { start, end, text: replacement } of ordered) {
    pieces.push(text.slice(done, start), replacement.replaceAll('\n', newline));
    done = end;
  }
  return pieces.join('') + text.slice(done);
}
