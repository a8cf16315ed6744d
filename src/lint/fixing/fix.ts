/** A change of one file's text, by offsets into the text as it was analysed: an editor can apply it as it is. */
export interface TextEdit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** How to mend what a finding reports. */
export interface Fix {
  readonly kind: 'fix';
  /** What it does, as the subject of a patch says it: `drop the stub callback of 'x_ops'`. */
  readonly title: string;
  /** Why, in whole sentences, for the message of a patch. */
  readonly reason: string;
  readonly edits: readonly TextEdit[];
}

/** Why a rule that has a fix has none for a finding. */
export interface NoFix {
  readonly kind: 'none';
  readonly because: string;
}

export type FixProposal = Fix | NoFix;

/** Says why there is no fix. */
export function noFix(because: string): NoFix {
  return { kind: 'none', because };
}

/** Whether two edits cannot both be made. What is the same edit twice can. */
export function areInConflict(left: TextEdit, right: TextEdit): boolean {
  if (left.path !== right.path || isSameEdit(left, right)) return false;
  if (left.start === left.end && right.start === right.end) return left.start === right.start;
  return left.start < right.end && right.start < left.end;
}

/** Whether two edits are one: two fixes may need the same. */
export function isSameEdit(left: TextEdit, right: TextEdit): boolean {
  return left.path === right.path && left.start === right.start && left.end === right.end && left.text === right.text;
}

/** A text with edits made, none of which is in conflict with another. New lines end as those of the text do. */
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
