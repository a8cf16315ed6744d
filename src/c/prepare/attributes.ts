import { blanks, maskText } from './mask.js';
import { attributeHeaders, attributeWords } from './words.js';

/** The attribute words in force for one tree. */
export interface AttributeWords {
  /** Finds every word that may be an attribute; `has` decides. */
  readonly pattern: RegExp;
  has(word: string): boolean;
  /** All of them, sorted: the same text for the same words. */
  readonly text: string;
}

/**
 * The attribute words of a tree: our list, what the tree's own headers define as `__attribute__((…))`, as a section, or
 * as nothing at all, and what the user adds.
 */
export function treeAttributeWords(
  read: (path: string) => string | undefined,
  extra: readonly string[],
): AttributeWords {
  const words = new Set([...attributeWords, ...extra]);
  for (const path of attributeHeaders) {
    const text = read(path);
    if (text === undefined) continue;
    for (const macro of maskText(text).macros)
      if (/^_|^no/.test(macro.name) && meansNothing(macro.body, words)) words.add(macro.name);
  }
  for (const word of ['__attribute__', '__attribute', '__extension__', '__always_inline']) words.delete(word);
  words.add('__always_inline');
  // Nearly all begin with an underscore: one cheap alternative finds those, and the set decides.
  const plain = [...words].filter((word) => /^[a-zA-Z]\w*$/.test(word));
  return {
    pattern: new RegExp(`\\b(?:_\\w+${plain.map((word) => `|${word}`).join('')})\\b`, 'g'),
    text: [...words].sort().join(' '),
    has: (word) => words.has(word) || word === '__attribute__' || word === '__attribute',
  };
}

/** The text, at the same length, with attribute words and the parentheses that belong to them blanked. */
export function blankAttributes(text: string, attributes: AttributeWords): string {
  const pieces: string[] = [];
  let done = 0;
  attributes.pattern.lastIndex = 0;
  for (const match of text.matchAll(attributes.pattern)) {
    if (match.index < done || !attributes.has(match[0])) continue;
    const end = argumentsEnd(text, match.index + match[0].length);
    pieces.push(text.slice(done, match.index), blanks(text, match.index, end));
    done = end;
  }
  return done === 0 ? text : pieces.join('') + text.slice(done);
}

/** No attribute has longer arguments. */
const longestArguments = 2000;

/** One past the parenthesis group that follows, or `at` where none does. */
function argumentsEnd(text: string, at: number): number {
  const open = /^\s*\(/.exec(text.slice(at, at + 80));
  if (!open) return at;
  let depth = 0;
  const last = Math.min(text.length, at + longestArguments);
  for (let end = at + open[0].length - 1; end < last; end++) {
    const character = text.charCodeAt(end);
    if (character === 40) depth++;
    else if (character === 41 && --depth === 0) return end + 1;
  }
  return at;
}

/** Whether a macro body consists of attributes only. */
function meansNothing(body: string, words: ReadonlySet<string>): boolean {
  const rest = body
    .replace(/__attribute__\s*\(\([\s\S]*?\)\)(?=\s|$)/g, ' ')
    .replace(/\b\w+\b(\s*\([^()]*\))?/g, (word) => (words.has(/^\w+/.exec(word)?.[0] ?? '') ? ' ' : word));
  return rest.trim() === '' && body !== '';
}
