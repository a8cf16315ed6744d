import { literalPattern } from '../../base/literal-pattern.js';

/** Finds out whether a sentence says something, in whatever words. */
export type Phrase = (sentence: string) => boolean;

/**
 * Reads a phrase of our front matter: `pin* & revo* | taken away & !treat*`.
 *
 * `&` joins what a sentence must have all of, `|` the ways to say one of them, and `!` goes before what it must not
 * have. `*` stands for the rest of a word, and a blank for any white space. A word is a whole word: `bounded` is not
 * found in `unbounded`, nor `revo*` in `dma_buf_attach_revocable()`. `<revoked>` stands for words of the vocabulary.
 * @param names what replaces a name in braces, such as `{check}`
 * @param vocabulary the words for a name in angle brackets
 * @returns undefined if the phrase needs a name that the tree does not have
 */
export function readPhrase(
  written: string,
  names: ReadonlyMap<string, string>,
  vocabulary: ReadonlyMap<string, string>,
): Phrase | undefined {
  const spelled = written.replace(/<([a-z]+)>/g, (bracketed, name: string) => {
    const words = vocabulary.get(name);
    if (words === undefined) throw new Error(`our vocabulary has no ${bracketed}`);
    return words;
  });
  const terms = spelled.split('&').map((term) => readTerm(term.trim(), names));
  if (!terms.every((term) => term !== undefined)) return undefined;
  return (sentence) => terms.every(({ pattern, isWanted }) => pattern.test(sentence) === isWanted);
}

function readTerm(
  written: string,
  names: ReadonlyMap<string, string>,
): { readonly pattern: RegExp; readonly isWanted: boolean } | undefined {
  const isWanted = !written.startsWith('!');
  const ways = (isWanted ? written : written.slice(1)).split('|').flatMap((way) => {
    const named = way.trim().replace(/\{([a-z-]+)\}/g, (braced, name: string) => names.get(name) ?? braced);
    return /\{[a-z-]+\}/.test(named) ? [] : [patternOf(named)];
  });
  if (ways.length === 0) return undefined;
  return { pattern: new RegExp(`(?<!\\w)(?:${ways.join('|')})(?!\\w)`, 'i'), isWanted };
}

function patternOf(words: string): string {
  return literalPattern(words).replaceAll('\\*', '\\w*').replace(/\s+/g, '\\s+');
}

/**
 * What can make a statement in a paragraph whose white space is folded: its sentences, and each two that follow each
 * other. The items of a list are sentences of their own.
 */
export function passagesIn(paragraph: string): readonly string[] {
  const sentences = sentencesIn(paragraph);
  return [...sentences, ...sentences.slice(1).map((sentence, index) => `${sentences[index]} ${sentence}`)];
}

function sentencesIn(paragraph: string): readonly string[] {
  return paragraph.split(/(?<=[.:;?!])\s+(?=["'`(@&%*]?[A-Z]|\d+[.)]\s)|\s+(?=\d+\)\s)/);
}
