import { isWordCharacter } from '../../c/index.js';

/** What stands before the first parenthesis of a line, where that is the head of a function. */
const typeAndName = /^(?:[A-Za-z_][\w \t]*[ \t*]+)?([A-Za-z_]\w*)\($/;
/** The head of a function has at most so many characters before its parameters, on one line. */
const longestHead = 1000;

/**
 * The names that a text may define as functions, without outlining it. The name of a definition stands at the start of a
 * line, or after a type that does; a prototype looks the same and counts, too.
 */
export function definedNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  let paren = -1;
  for (let start = 0; start < text.length; ) {
    const end = offsetOf(text, '\n', start);
    if (isWordCharacter(text.charCodeAt(start))) {
      if (paren < start) paren = offsetOf(text, '(', start);
      const isHead = paren < end && paren - start < longestHead;
      const name = isHead ? typeAndName.exec(text.slice(start, paren + 1))?.[1] : undefined;
      if (name !== undefined) names.add(name);
    }
    start = end + 1;
  }
  return new Set(detached([...names]));
}

function offsetOf(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at < 0 ? text.length : at;
}

/** Copies words out of a text: V8 keeps a whole text in memory as long as a slice of it is in use. */
function detached(words: readonly string[]): readonly string[] {
  return Buffer.from(words.join('\n')).toString().split('\n');
}
