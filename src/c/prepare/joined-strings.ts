import type { Edit } from './edits.js';

/** Words, or one call of a macro, that stand right before a string: `(KERN_ERR NAME "`. */
const before =
  /[(,=]\s*((?:[A-Za-z_]\w*\s+)+(?=[A-Za-z_]\w*\s*")|(?:[A-Za-z_]\w*\s+)*[A-Za-z_]\w*\s*\([^()"]*\)\s*(?="))/g;

/** Words that stand right after a string, and before what ends it or goes on with it: `" NAME VERSION)`. */
const after = /"\s*[A-Za-z_]\w*((?:\s+[A-Za-z_]\w*)+)(?=\s*[",)])/g;

/**
 * Of the macros that a string is joined with, `KERN_ERR NAME ": failed"`, the parser reads one on each side: the others
 * become blanks.
 * @param code the text, with the insides of strings blanked
 */
export function joinedStrings(code: string, edits: Edit[]): void {
  if (!code.includes('"')) return;
  for (const pattern of [before, after])
    for (const match of code.matchAll(pattern)) {
      const words = match[1] ?? '';
      const start = match.index + match[0].length - words.length;
      edits.push({ start, end: start + words.length, text: '' });
    }
}
