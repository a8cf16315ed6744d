import type { Macro } from '../unit.js';
import { isSpace } from './characters.js';
import { blanks, maskText } from './mask.js';
import { attributeHeaders, attributeWords } from './words.js';

/** The attribute words of one tree: words in declarations that mean nothing to the analysis. */
export interface AttributeWords {
  /** Finds all words that may be attributes; `has` tells which are. */
  readonly pattern: RegExp;
  has(word: string): boolean;
  /** All of them, sorted, as one text. */
  readonly text: string;
}

/**
 * The attribute words of a tree: those of our list, those that the tree's headers define as `__attribute__((…))` or as
 * other attribute words, and those that the user adds.
 * @param read reads a file of the tree; undefined where it has none
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
  // Nearly all begin with an underscore: one cheap alternative of the pattern finds these.
  const plain = [...words].filter((word) => /^[a-zA-Z]\w*$/.test(word));
  return {
    pattern: new RegExp(`\\b(?:_\\w+${plain.map((word) => `|${word}`).join('')})\\b`, 'g'),
    text: [...words].sort().join(' '),
    has: (word) => words.has(word) || word === '__attribute__' || word === '__attribute',
  };
}

/** The same words, and the macros of a file that consist of attributes: `#define foo_auto __attribute__((cleanup(foo_put)))`. */
export function withMacros(attributes: AttributeWords, macros: readonly Macro[]): AttributeWords {
  const own = new Set(
    macros.flatMap(({ name, body }) => (/\b_/.test(body) && meansNothing(body, attributes) ? [name] : [])),
  );
  if (own.size === 0) return attributes;
  const { source, flags } = attributes.pattern;
  return {
    pattern: new RegExp(`${source}|\\b(?:${[...own].join('|')})\\b`, flags),
    text: attributes.text,
    has: (word) => own.has(word) || attributes.has(word),
  };
}

/** The text, at the same length, with attribute words and their arguments blanked. */
export function blankAttributes(text: string, attributes: AttributeWords): string {
  const pieces: string[] = [];
  let done = 0;
  attributes.pattern.lastIndex = 0;
  for (const match of text.matchAll(attributes.pattern)) {
    if (match.index < done || !attributes.has(match[0]) || isMember(text, match.index)) continue;
    const end = argumentsEnd(text, match.index + match[0].length);
    pieces.push(text.slice(done, match.index), blanks(text, match.index, end));
    done = end;
  }
  return done === 0 ? text : pieces.join('') + text.slice(done);
}

/** Whether the word at an offset is that of a member: `x->__mode`, `.__free = f`. */
function isMember(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && isSpace(text.charCodeAt(before))) before--;
  const character = text[before];
  return (character === '.' && text[before - 1] !== '.') || (character === '>' && text[before - 1] === '-');
}

/** No attribute has arguments of more characters. */
const longestArguments = 2000;

/** End of the arguments that follow at an offset; the offset itself where none do. */
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

/** Whether the body of a macro consists of attributes only. An empty body does not. */
function meansNothing(body: string, words: { has(word: string): boolean }): boolean {
  const rest = body
    .replace(/__attribute__\s*\(\([\s\S]*?\)\)(?=\s|$)/g, ' ')
    .replace(/\b\w+\b(\s*\([^()]*\))?/g, (word) => (words.has(/^\w+/.exec(word)?.[0] ?? '') ? ' ' : word));
  return rest.trim() === '' && body !== '';
}
