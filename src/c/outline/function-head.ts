import { type AttributeWords, blankAttributes } from '../prepare/attributes.js';
import { isSpace, isWordCharacter, skipSpace } from '../prepare/characters.js';
import type { FunctionOutline, Parameter } from '../unit.js';
import { splitTopLevel, squeeze } from './text.js';

/** A pair of parentheses. */
interface ParenGroup {
  readonly open: number;
  readonly close: number;
  /** The word right before it, or ''. */
  readonly word: string;
  readonly wordAt: number;
}

/** Words before parentheses that are not the name of a function. */
const noFunction = /^(?:struct|union|enum|if|for|while|switch)$/;

/**
 * Reads the head of a function, which stands before its body. The name is the word before the parameters; where a macro
 * makes the name (`UVERBS_HANDLER(X)(…)`), it is the whole call of the macro.
 * @param start offset at which the head starts at the earliest
 * @param brace offset of the `{`
 * @returns undefined where the brace opens something else
 */
export function readFunctionHead(
  code: string,
  start: number,
  brace: number,
  attributes: AttributeWords,
): Omit<FunctionOutline, 'bodyStart' | 'end'> | undefined {
  const groups = parenGroups(code, start, brace);
  const isAttribute = (group: ParenGroup): boolean => attributes.has(group.word);
  let last = groups.length - 1;
  while (last >= 0 && groups[last] && isAttribute(groups[last] as ParenGroup)) last--;
  const parameters = groups[last];
  if (!parameters) return undefined;
  const tail = blankAttributes(code.slice(parameters.close + 1, brace), attributes);
  if (tail.trim() !== '') return undefined; // `struct foo bar(x) baz {`: no function
  const before = groups[last - 1];
  const madeByMacro =
    parameters.word === '' && before !== undefined && before.word !== '' && adjacent(code, before, parameters);
  const named = madeByMacro ? before : parameters;
  if (named.word === '' || noFunction.test(named.word)) return undefined;
  const previous = groups[last - (madeByMacro ? 2 : 1)];
  // A macro call without `;` before the function is not part of the head.
  const headStart = previous && !isAttribute(previous) ? previous.close + 1 : skipSpace(code, start);
  const declaration = code.slice(headStart, named.wordAt);
  // Two heads of one body, under `#if` and `#else`, stand one after the other.
  const others = madeByMacro ? [] : groups.slice(0, last).filter((group) => group.word === named.word);
  return {
    name: madeByMacro ? code.slice(named.wordAt, named.close + 1).replace(/\s+/g, ' ') : named.word,
    nameAt: named.wordAt,
    parameters: readParameters(code.slice(parameters.open + 1, parameters.close), attributes),
    ...(others.length > 0 && {
      otherParameters: others.map(({ open, close }) => readParameters(code.slice(open + 1, close), attributes)),
    }),
    returnType: squeeze(
      blankAttributes(declaration, attributes).replace(/\b(static|inline|extern|__inline__|__inline)\b/g, ' '),
    ),
    isStatic: /\bstatic\b/.test(declaration),
    start: skipSpace(code, headStart),
  };
}

function adjacent(code: string, left: ParenGroup, right: ParenGroup): boolean {
  return code.slice(left.close + 1, right.open).trim() === '';
}

function parenGroups(code: string, start: number, end: number): readonly ParenGroup[] {
  const groups: ParenGroup[] = [];
  let depth = 0;
  let open = 0;
  for (let at = start; at < end; at++) {
    const character = code.charCodeAt(at);
    if (character === 40) {
      if (depth++ === 0) open = at;
    } else if (character === 41 && depth > 0 && --depth === 0) {
      groups.push({ open, close: at, ...wordBefore(code, start, open) });
    }
  }
  return groups;
}

/** The word that stands right before an offset, but not before `start`. */
function wordBefore(code: string, start: number, offset: number): { readonly word: string; readonly wordAt: number } {
  let end = offset;
  while (end > start && isSpace(code.charCodeAt(end - 1))) end--;
  let at = end;
  while (at > start && isWordCharacter(code.charCodeAt(at - 1))) at--;
  return at === end ? { word: '', wordAt: offset } : { word: code.slice(at, end), wordAt: at };
}

function readParameters(text: string, attributes: AttributeWords): readonly Parameter[] {
  return splitTopLevel(text, ',').flatMap((part) => {
    const plain = squeeze(blankAttributes(part, attributes));
    if (plain === '' || plain === 'void') return [];
    const callback = /^(.*?)\(\s*\*\s*(?:const\s+)?(\w+)\s*\)\s*\(/.exec(plain);
    if (callback) return [{ name: callback[2] ?? '', type: squeeze(`${callback[1]}(*)()`) }];
    // `struct plane (*planes)[4]` gives access to the elements just as `struct plane *planes` does.
    const table = /^(.*?)\(\s*\*\s*(?:const\s+)?(\w+)\s*\)\s*(?:\[[^\]]*\]\s*)+$/.exec(plain);
    if (table) return [{ name: table[2] ?? '', type: squeeze(`${table[1]}*`) }];
    const named = /^(.*?[\s*])(\w+)\s*((?:\[[^\]]*\]\s*)*)$/.exec(plain);
    return [{ name: named?.[2] ?? '', type: squeeze(named ? `${named[1]}${named[3] ? '*' : ''}` : plain) }];
  });
}
