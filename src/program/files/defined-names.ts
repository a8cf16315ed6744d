import { isWordCharacter, matchingParen, skipSpace } from '../../c/index.js';

/** What stands before the first parenthesis of a line, where that is the head of a function. */
const typeAndName = /^(?:[A-Za-z_][\w \t]*[ \t*]+)?([A-Za-z_]\w*)\($/;
/** The head of a function has at most so many characters before its parameters, on one line. */
const longestHead = 1000;
/** What has longer parameters, with the blanks after them, counts as a definition. */
const longestParameters = 4000;

/**
 * The names that a text may define as functions, without outlining it, each with whether it may be a definition, and not
 * only prototypes. The name of a definition stands at the start of a line, or after a type that does.
 */
export function definedNames(text: string): ReadonlyMap<string, boolean> {
  const names = new Map<string, boolean>();
  let paren = -1;
  for (let start = 0; start < text.length; ) {
    const end = offsetOf(text, '\n', start);
    if (isWordCharacter(text.charCodeAt(start))) {
      if (paren < start) paren = offsetOf(text, '(', start);
      const isHead = paren < end && paren - start < longestHead;
      const name = isHead ? typeAndName.exec(text.slice(start, paren + 1))?.[1] : undefined;
      if (name !== undefined && names.get(name) !== true) names.set(name, !isPrototype(text, paren));
    }
    start = end + 1;
  }
  const values = [...names.values()];
  return new Map(detached([...names.keys()]).map((name, index) => [name, values[index] ?? true]));
}

/** Whether a semicolon follows the parameters that begin at an offset. */
function isPrototype(text: string, open: number): boolean {
  const window = text.slice(open, open + longestParameters);
  const after = skipSpace(window, matchingParen(window, 0) + 1);
  return window[after] === ';';
}

/** The tags of the structs that a text may define, without outlining it. All that it does define are among them. */
export function definedTags(text: string): ReadonlySet<string> {
  const tags = new Set<string>();
  for (const [, tag = ''] of text.matchAll(/\bstruct\s+(\w+)\s*\{/g)) tags.add(tag);
  return new Set(detached([...tags]));
}

function offsetOf(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at < 0 ? text.length : at;
}

/** Copies words out of a text: V8 keeps a whole text in memory as long as a slice of it is in use. */
function detached(words: readonly string[]): readonly string[] {
  return Buffer.from(words.join('\n')).toString().split('\n');
}
