import { type AttributeWords, blankAttributes } from './attributes.js';
import { type ParenPair, parenPairs } from './brackets.js';
import { isSpace } from './characters.js';
import { applyEdits, type Edit } from './edits.js';
import { joinedStrings } from './joined-strings.js';
import { statementWords, typeWords } from './words.js';

/**
 * Rewrites kernel C for a parser that knows no preprocessor: attributes, loop macros, types as arguments and so on become
 * plain C. The length and the newlines stay the same, so that every offset stays true.
 * @param source the code, with comments, dead branches and `#define` lines blanked, strings kept
 * @param code the same, with the insides of strings blanked too: only here is anything searched
 */
export function prepareForParser(source: string, code: string, attributes: AttributeWords): string {
  const edits: Edit[] = [];
  const pairs = parenPairs(code);
  blankedCleanups(code, attributes, edits);
  macroBlocks(code, pairs, edits);
  codeArguments(code, pairs, edits);
  unknownOperators(code, pairs, edits);
  typeArguments(code, pairs, edits);
  caseRanges(code, edits);
  emptyArguments(code, edits);
  labelsBeforeDirectives(source, code, edits);
  joinedStrings(code, edits);
  return applyEdits(source, edits);
}

/** Blanks attributes. The lowering reads `__free(x)` from the original text. */
function blankedCleanups(code: string, attributes: AttributeWords, edits: Edit[]): void {
  const plain = blankAttributes(code, attributes);
  for (let at = 0; at < code.length; at++) {
    if (plain.charCodeAt(at) === code.charCodeAt(at)) continue;
    const start = at;
    while (at < code.length && (plain.charCodeAt(at) !== code.charCodeAt(at) || /\s/.test(code[at] ?? ''))) at++;
    edits.push({ start, end: at, text: '' });
  }
}

type Pairs = ReadonlyMap<number, ParenPair>;

const callPattern = /\b([A-Za-z_]\w*)(\s*)\(/g;
const loopName = /for_each|foreach/i;

/** `list_for_each_entry(…) stmt` and `scoped_guard(…) { }` become `while (…)`. The lowering reads the name from the original text. */
function macroBlocks(code: string, pairs: Pairs, edits: Edit[]): void {
  for (const match of code.matchAll(callPattern)) {
    const name = match[1] ?? '';
    if (name.length < 2 || statementWords.has(name)) continue;
    if (!startsStatement(code, match.index)) continue;
    const pair = pairs.get(match.index + match[0].length - 1);
    if (!pair || pair.hasSemicolon) continue; // an argument with a `;` is code: codeArguments() handles it
    const { open, close } = pair;
    const next = /^\s*(\S)/.exec(code.slice(close + 1, close + 400))?.[1];
    // In plain C neither a word nor a brace can follow a call: what follows is the body of the macro.
    const takesBlock = next !== undefined && (/[\w{]/.test(next) || (loopName.test(name) && /[(*&+-]/.test(next)));
    const emptyLoop = loopName.test(name) && next === ';';
    if (!takesBlock && !emptyLoop) continue;
    const keyword = name.length >= 5 ? 'while' : 'if';
    edits.push({ start: match.index, end: match.index + name.length, text: keyword });
    blankStatementArguments(code, open, close, edits);
  }
}

/** An argument that is a jump: `CHECK(x, return -EINVAL)`, `CHECK(x, ret = -EINVAL; goto out)`. */
const jumpArgument = /[(,;]\s*(?:return|goto|continue|break)\b/;

/** In `scoped_cond_guard(name, return -EINTR, lock)` an argument is a statement: its keyword is blanked. */
function blankStatementArguments(code: string, open: number, close: number, edits: Edit[]): void {
  for (const match of code.slice(open, close).matchAll(/([(,;]\s*)(return|goto|continue|break)\b/g)) {
    const word = match[2] ?? '';
    const start = open + match.index + (match[1] ?? '').length;
    const follows = /^\s*[,;)]/.test(code.slice(start + word.length));
    if (match[1]?.startsWith(';')) edits.push({ start: open + match.index, end: open + match.index + 1, text: ',' });
    edits.push({ start, end: start + word.length, text: follows ? '0' : '' });
  }
}

/** Whether a statement may start at an offset. */
function startsStatement(code: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && isSpace(code.charCodeAt(before))) before--;
  if (before < 0 || ';{}:)'.includes(code[before] ?? '')) return true;
  const word = /(\w+)$/.exec(code.slice(Math.max(0, before - 8), before + 1))?.[1];
  return word === 'else' || word === 'do';
}

/** A macro whose argument is code with a `;` loses its name and parentheses: plain code remains. */
function codeArguments(code: string, pairs: Pairs, edits: Edit[]): void {
  for (const match of code.matchAll(callPattern)) {
    const name = match[1] ?? '';
    if (statementWords.has(name) || !startsStatement(code, match.index)) continue;
    const pair = pairs.get(match.index + match[0].length - 1);
    if (!pair) continue;
    if (jumpArgument.test(code.slice(pair.open, pair.close)) && !code.slice(pair.open, pair.close).includes('{')) {
      blankStatementArguments(code, pair.open, pair.close, edits);
      continue;
    }
    if (!pair.hasSemicolon) continue;
    edits.push(
      { start: match.index, end: pair.open + 1, text: '' },
      { start: pair.close, end: pair.close + 1, text: '' },
    );
  }
}

/** One of these stands in each of the operators below. */
const operatorWords = ['typeof', 'lignof', 'offsetof'];

/** `typeof(x)` becomes the name of a type, `__alignof__` becomes `sizeof`, and `offsetof` becomes a call. */
function unknownOperators(code: string, pairs: Pairs, edits: Edit[]): void {
  if (!operatorWords.some((word) => code.includes(word))) return;
  for (const match of code.matchAll(
    /\b(?:(typeof|__typeof__|__typeof|typeof_unqual)|(__alignof__|_Alignof)|offsetof)(\s*)\(/g,
  )) {
    const start = match.index;
    const pair = pairs.get(start + match[0].length - 1);
    if (!pair) continue;
    if (match[1]) edits.push({ start, end: pair.close + 1, text: 'type_t' });
    else if (match[2]) edits.push({ start, end: start + match[2].length, text: 'sizeof' });
    else edits.push({ start, end: start + 8, text: 'offset__' });
  }
}

/** An argument with more characters is no type. */
const longestType = 200;

const typeStart = new RegExp(`^(\\s*)((?:(?:${typeWords.join('|')})\\b\\s*)+)`);

/** In `container_of(p, struct x, m)` and `min_t(unsigned int, a, b)` the type becomes one word. */
function typeArguments(code: string, pairs: Pairs, edits: Edit[]): void {
  for (const match of code.matchAll(callPattern)) {
    const name = match[1] ?? '';
    if (statementWords.has(name)) continue;
    const pair = pairs.get(match.index + match[0].length - 1);
    if (!pair) continue;
    let start = pair.open + 1;
    for (const end of [...pair.commas, pair.close]) {
      if (end - start <= longestType) typeArgument(start, code.slice(start, end), edits);
      start = end + 1;
    }
  }
}

function typeArgument(start: number, argument: string, edits: Edit[]): void {
  const trimmed = argument.trimEnd();
  const words = typeStart.exec(trimmed);
  const stars = /(?:\s*\*)+$/.exec(trimmed);
  if (!words) {
    // `va_arg(ap, foo_t *)`
    if (stars && /^\s*\w+$/.test(trimmed.slice(0, stars.index)))
      edits.push({ start: start + stars.index, end: start + trimmed.length, text: '' });
    return;
  }
  const lead = (words[1] ?? '').length;
  const rest = trimmed.slice(words[0].length);
  if (!/^\w*\s*(?:\*\s*)*(?:\[\s*\w*\s*\])?$/.test(rest)) return; // more than a type
  const tag = /^\w+/.exec(rest)?.[0];
  // Offsets must stay true: the tag stays in its place; without a tag underscores replace the type.
  if (tag) {
    edits.push({ start: start + lead, end: start + words[0].length, text: '' });
    if (rest.length > tag.length)
      edits.push({ start: start + words[0].length + tag.length, end: start + trimmed.length, text: '' });
  } else {
    const width = /^\w+/.exec(words[2] ?? '')?.[0].length ?? 1;
    edits.push({ start: start + lead, end: start + trimmed.length, text: '_'.repeat(width) });
  }
}

/** `case 0 ... 5:` becomes `case 0:`. */
function caseRanges(code: string, edits: Edit[]): void {
  for (const match of code.matchAll(/\bcase\b[^;{}?:]{0,200}?(\.\.\.[^;{}?:]{0,200}):/g)) {
    const range = match[1] ?? '';
    const start = match.index + match[0].length - 1 - range.length;
    edits.push({ start, end: start + range.length, text: '' });
  }
}

/**
 * A label before an `#if`, or before a closing brace, is no statement to the parser: `out:` becomes `out;`. The lowering
 * reads the colon from the original text.
 */
function labelsBeforeDirectives(source: string, code: string, edits: Edit[]): void {
  for (const match of code.matchAll(/(?<=[;{}:)\s])([A-Za-z_]\w*)(\s*):(?=\s*(?:\n|$|\}))/g)) {
    const colon = match.index + match[0].length - 1;
    const next = /^\s*([#}])/.exec(source.slice(colon + 1))?.[1];
    if (!next || match[1] === 'default' || !startsStatement(code, match.index)) continue;
    edits.push({ start: colon, end: colon + 1, text: ';' });
  }
}

/** `TRACE(a, , b)`: an empty argument becomes a 0 where there is room for one. */
function emptyArguments(code: string, edits: Edit[]): void {
  for (const match of code.matchAll(/,(\s+)(?=[,)])/g)) {
    const room = /[^\r\n]/.exec(match[1] ?? '');
    const start = match.index + 1 + (room?.index ?? 0);
    if (room) edits.push({ start, end: start + 1, text: '0' });
  }
}
