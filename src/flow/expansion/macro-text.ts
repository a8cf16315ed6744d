import { matchingParen, splitTopLevel } from '../../c/index.js';
import type { MacroDefinition } from '../../program/index.js';

/** Text that was made from a file by expanding macros. */
export interface ExpandedText {
  readonly text: string;
  /** For each character the offset in the file of what it stands for: its own, or that of the macro's use. */
  readonly origins: readonly number[];
}

/** A macro that uses itself through others more deeply is not expanded further. */
const deepestMacro = 8;
/** A longer expansion is given up, in characters. */
const longestExpansion = 20_000;

/**
 * Expands the uses of macros in a text, as the preprocessor does: arguments take the place of parameters, and what comes
 * out is looked through for further macros.
 * @param macros those that are expanded, by name
 * @returns undefined for an expansion that becomes too long
 */
export function expandMacros(
  source: ExpandedText,
  macros: ReadonlyMap<string, MacroDefinition>,
  hidden: readonly string[] = [],
): ExpandedText | undefined {
  const pieces: ExpandedText[] = [];
  let done = 0;
  for (const match of source.text.matchAll(/\b[A-Za-z_]\w*/g)) {
    const [name] = match;
    const macro = hidden.includes(name) ? undefined : macros.get(name);
    if (match.index < done || !macro || hidden.length >= deepestMacro) continue;
    const use = useAt(source, match.index, macro);
    if (!use) continue;
    const origin = source.origins[match.index] ?? 0;
    const body = substitute(macro, use.parts, origin);
    const expanded = expandMacros(body, macros, [...hidden, name]);
    if (!expanded || expanded.text.length > longestExpansion) return undefined;
    pieces.push(slice(source, done, match.index), expanded);
    done = use.end;
  }
  return pieces.length === 0 ? source : join([...pieces, slice(source, done, source.text.length)]);
}

/** The use of a macro: its arguments, and where it ends. Undefined where a macro with parameters stands without any. */
function useAt(
  source: ExpandedText,
  at: number,
  { name, parameters }: MacroDefinition,
): { readonly parts: readonly ExpandedText[]; readonly end: number } | undefined {
  if (parameters === null) return { parts: [], end: at + name.length };
  const open = /^\s*\(/.exec(source.text.slice(at + name.length));
  if (!open) return undefined;
  const start = at + name.length + open[0].length;
  const close = matchingParen(withoutStrings(source.text), start - 1);
  if (source.text[close] !== ')') return undefined;
  const parts: ExpandedText[] = [];
  let from = start;
  for (const part of splitTopLevel(withoutStrings(source.text).slice(start, close), ',')) {
    // Without the blanks around it: `err_##label` makes one word.
    const before = part.length - part.trimStart().length;
    parts.push(slice(source, from + before, from + Math.max(before, part.trimEnd().length)));
    from += part.length + 1;
  }
  return { parts, end: close + 1 };
}

/** The text, at the same length, with strings and characters blanked. */
function withoutStrings(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (string) => '_'.repeat(string.length));
}

const bodyToken = /"(?:[^"\\]|\\.)*"|\s*##\s*|#\s*(?=\w)|\b[A-Za-z_]\w*/g;

/** The body of a macro with its arguments in place. All else in it stands for the use of the macro. */
function substitute(macro: MacroDefinition, parts: readonly ExpandedText[], origin: number): ExpandedText {
  const { parameters } = macro;
  const body = withoutRest(macro, parts);
  const pieces: ExpandedText[] = [];
  let done = 0;
  let isString = false;
  const add = (text: string): void => void pieces.push({ text, origins: Array(text.length).fill(origin) });
  for (const match of body.matchAll(bodyToken)) {
    const [token] = match;
    const part = argumentOf(token, parameters ?? [], parts);
    if (!part && !token.includes('#')) continue;
    add(body.slice(done, match.index));
    done = match.index + token.length;
    if (part && isString) add('""');
    else if (part) pieces.push(part);
    isString = token.startsWith('#') && !token.includes('##');
  }
  add(body.slice(done));
  return join(pieces);
}

/**
 * The body of a macro without the comma before an empty rest of arguments: `dev_err(dev, fmt, ##__VA_ARGS__)`. Source:
 * "Variadic Macros" in the manual of the GNU preprocessor.
 */
function withoutRest({ parameters, body }: MacroDefinition, parts: readonly ExpandedText[]): string {
  const rest = parameters?.findIndex((name) => name.endsWith('...')) ?? -1;
  const isEmpty = parts.slice(rest).every(({ text }) => text === '');
  if (rest < 0 || !isEmpty) return body;
  const name = parameters?.[rest]?.slice(0, -'...'.length);
  return body.replace(new RegExp(`,\\s*##\\s*${name || '__VA_ARGS__'}\\b`, 'g'), '');
}

/** What a word of a macro's body stands for: an argument, or the rest of them. Undefined for a word of its own. */
function argumentOf(
  word: string,
  parameters: readonly string[],
  parts: readonly ExpandedText[],
): ExpandedText | undefined {
  const rest = parameters.findIndex((name) => name.endsWith('...'));
  const isRest = rest >= 0 && (word === '__VA_ARGS__' || parameters[rest] === `${word}...`);
  if (isRest) return join(parts.slice(rest).flatMap((part, index) => (index > 0 ? [comma(part), part] : [part])));
  const index = parameters.indexOf(word);
  return index < 0 ? undefined : (parts[index] ?? { text: '', origins: [] });
}

function comma({ origins }: ExpandedText): ExpandedText {
  return { text: ',', origins: [origins[0] ?? 0] };
}

function slice({ text, origins }: ExpandedText, start: number, end: number): ExpandedText {
  return { text: text.slice(start, end), origins: origins.slice(start, end) };
}

function join(pieces: readonly ExpandedText[]): ExpandedText {
  return { text: pieces.map(({ text }) => text).join(''), origins: pieces.flatMap(({ origins }) => origins) };
}
