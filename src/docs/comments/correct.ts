import { literalPattern } from '../../base/literal-pattern.js';
import { type DocComment, docComments } from '../../c/index.js';
import type { StaleName } from '../../contract/index.js';
import type { Correction } from './corrections.js';
import { refillFrom } from './refill.js';

/** A corrected text, and what was corrected where. */
interface Corrected {
  readonly text: string;
  readonly done: readonly { readonly at: number; readonly what: string }[];
}

/**
 * Replaces names that the tree does not have by its own.
 * @param stale the stale names of this file, by offsets into the text
 * @returns offsets are those of the text as it was
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
 * Corrects words of comments that hold for an earlier kernel only.
 * @returns offsets are those of the text as it was
 */
export function correctWords(text: string, corrections: readonly Correction[]): Corrected {
  const before = docComments(text);
  let corrected = text;
  const done: Corrected['done'][number][] = [];
  for (const { subject, find, replace, why } of corrections) {
    const pattern = patternOf(find);
    // From the end, so that the offsets of earlier comments stay right.
    for (const [index, comment] of [...docComments(corrected).entries()].reverse()) {
      if (subject !== null && comment.subject !== subject) continue;
      const replaced = replaceIn(corrected, comment, pattern, replace);
      if (replaced === undefined) continue;
      corrected = replaced;
      if (why === null) continue;
      const { start = 0, end = 0 } = before[index] ?? {};
      done.push({ at: start + (pattern.exec(text.slice(start, end))?.index ?? 0), what: why });
    }
  }
  return { text: corrected, done };
}

function replaceIn(text: string, comment: DocComment, find: RegExp, replace: string): string | undefined {
  const match = find.exec(text.slice(comment.start, comment.end));
  if (!match) return undefined;
  const at = comment.start + match.index;
  const end = at + match[0].length;
  // The words may begin those that replace them: what was corrected stays.
  if (replace !== '' && new RegExp(`^(?:${patternOf(replace).source})`).test(text.slice(at))) return undefined;
  const [before, after] = [text.slice(0, at), text.slice(end)];
  // A paragraph that goes takes the empty line before it along.
  if (replace === '' && emptyLine.test(before) && /^[ \t]*\n[ \t]*\*(?:[ \t]*\n|\/)/.test(after))
    return before.replace(emptyLine, '') + after;
  return refillFrom(before + replace + after, at);
}

/** The empty line of a comment above a paragraph, and the sign of the line on which that begins. */
const emptyLine = /\n[ \t]*\*[ \t]*\n[ \t]*\*[ \t]+$/;

/** A pattern of which each blank also matches the end of a comment's line. */
function patternOf(words: string): RegExp {
  return new RegExp(literalPattern(words).replace(/ +/g, '(?:[ \\t]*\\n[ \\t]*\\*[ \\t]*|[ \\t]+)'));
}
