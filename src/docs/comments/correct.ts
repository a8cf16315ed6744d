import { type DocComment, docComments } from '../../c/index.js';
import type { StaleName } from '../../contract/index.js';
import type { Correction } from './corrections.js';
import { refillFrom } from './refill.js';

/** A text after some of its words were put right, and what was done. */
export interface Corrected {
  readonly text: string;
  readonly done: readonly { readonly at: number; readonly what: string }[];
}

/**
 * Replaces names that the tree does not have by those that it has.
 * @param stale the stale names of this file, by offsets into the text
 * @returns offsets of what was done are those of the text as it was
 */
export function correctNames(text: string, stale: readonly StaleName[]): Corrected {
  let corrected = text;
  const done: Corrected['done'][number][] = [];
  for (const { at, name, instead } of [...stale].sort((left, right) => right.at - left.at)) {
    if (instead === null || !corrected.startsWith(name, at)) continue;
    corrected = refillFrom(corrected.slice(0, at) + instead + corrected.slice(at + name.length), at);
    done.push({ at, what: `'${name}' is called '${instead}'` });
  }
  return { text: corrected, done: done.reverse() };
}

/**
 * Puts words right that were true of an earlier kernel.
 * @param subjectName what a correction's subject is called in this tree
 */
export function correctWords(
  text: string,
  corrections: readonly Correction[],
  subjectName: (subject: string) => string,
): Corrected {
  const before = docComments(text);
  let corrected = text;
  const done: Corrected['done'][number][] = [];
  for (const { subject, find, replace, why } of corrections) {
    // From the end, so that the places before stay where they are.
    for (const [index, comment] of [...docComments(corrected).entries()].reverse()) {
      if (subject !== null && comment.subject !== subjectName(subject)) continue;
      const replaced = replaceIn(corrected, comment, acrossLines(find), replace);
      if (replaced === undefined) continue;
      corrected = replaced;
      if (why === null) continue;
      const { start = 0, end = 0 } = before[index] ?? {};
      done.push({ at: start + (acrossLines(find).exec(text.slice(start, end))?.index ?? 0), what: why });
    }
  }
  return { text: corrected, done };
}

function replaceIn(text: string, { start, end }: DocComment, find: RegExp, replace: string): string | undefined {
  const match = find.exec(text.slice(start, end));
  if (!match) return undefined;
  const at = start + match.index;
  const instead = match[0].replace(find, replace);
  return refillFrom(text.slice(0, at) + instead + text.slice(at + match[0].length), at);
}

/** A blank in the pattern also stands for the end of a comment's line. */
function acrossLines({ source }: RegExp): RegExp {
  return new RegExp(source.replace(/ /g, '(?:[ \\t]*\\n[ \\t]*\\*[ \\t]*|[ \\t]+)'));
}
