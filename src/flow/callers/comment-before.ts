import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';

/** The comment that ends right before a function, as one line; '' where there is none. */
export function commentBefore(codebase: Codebase, ref: FunctionRef): string {
  return memoByFunction(codebase, ref, 'comment', () => readComment(codebase, ref), plain());
}

function readComment(codebase: Codebase, ref: FunctionRef): string {
  const file = codebase.program.file(ref.path);
  const comment = file?.unit.comments.findLast(({ end }) => end <= ref.outline.start);
  if (!file || !comment || file.text.slice(comment.end, ref.outline.start).trim() !== '') return '';
  return file.text
    .slice(comment.start, comment.end)
    .replace(/\n[ \t]*\*/g, ' ')
    .replace(/\s+/g, ' ');
}
