import { blanks } from './mask.js';

/** A change to a text that keeps its length. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  /** What replaces the range; blanks fill the rest. */
  readonly text: string;
}

/** Applies edits. Of two that overlap the first is applied. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((left, right) => left.start - right.start);
  const pieces: string[] = [];
  let done = 0;
  for (const edit of sorted) {
    if (edit.start < done) continue;
    pieces.push(source.slice(done, edit.start), edit.text, blanks(source, edit.start + edit.text.length, edit.end));
    done = edit.end;
  }
  return pieces.join('') + source.slice(done);
}
