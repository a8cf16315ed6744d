import { type AttributeWords, blankAttributes } from '../prepare/attributes.js';
import { isSpace, isWordCharacter, skipSpace } from '../prepare/characters.js';
import type { FunctionOutline, Parameter, StructField, StructOutline, VariableOutline } from '../unit.js';

interface ParenGroup {
  readonly open: number;
  readonly close: number;
  /** The word right before it, or '' */
  readonly word: string;
  readonly wordAt: number;
}

/** What may stand before parentheses, and is no name. */
const noFunction = /^(?:struct|union|enum|if|for|while|switch)$/;

/**
 * Reads what stands before a body: a function's head, or undefined where the brace opens something else.
 * The name is the word before the parameters; where a macro makes it (`UVERBS_HANDLER(X)(…)`), it is the whole call.
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
  // A macro call without `;` before the function belongs to the item, not to the head.
  const headStart = previous && !isAttribute(previous) ? previous.close + 1 : skipSpace(code, start);
  const before_ = code.slice(headStart, named.wordAt);
  return {
    name: madeByMacro ? code.slice(named.wordAt, named.close + 1).replace(/\s+/g, ' ') : named.word,
    nameAt: named.wordAt,
    parameters: readParameters(code.slice(parameters.open + 1, parameters.close), attributes),
    returnType: squeeze(
      blankAttributes(before_, attributes).replace(/\b(static|inline|extern|__inline__|__inline)\b/g, ' '),
    ),
    isStatic: /\bstatic\b/.test(before_),
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

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Splits at commas outside of all brackets. */
export function splitTopLevel(text: string, separator: string): readonly string[] {
  if (!text.includes(separator)) return [text];
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function readParameters(text: string, attributes: AttributeWords): readonly Parameter[] {
  return splitTopLevel(text, ',').flatMap((part) => {
    const plain = squeeze(blankAttributes(part, attributes));
    if (plain === '' || plain === 'void') return [];
    const callback = /^(.*?)\(\s*\*\s*(?:const\s+)?(\w+)\s*\)\s*\(/.exec(plain);
    if (callback) return [{ name: callback[2] ?? '', type: squeeze(`${callback[1]}(*)()`) }];
    const named = /^(.*?[\s*])(\w+)\s*((?:\[[^\]]*\]\s*)*)$/.exec(plain);
    return [{ name: named?.[2] ?? '', type: squeeze(named ? `${named[1]}${named[3] ? '*' : ''}` : plain) }];
  });
}

const structHead = /\b(struct|union)\s+(?:__\w+(?:\s*\(\([^)]*\)+)?\s+)*(\w+)\s*\{/;

/** The struct that an item defines, with its fields, or undefined. */
export function readStruct(
  code: string,
  start: number,
  end: number,
  attributes: AttributeWords,
): StructOutline | undefined {
  const text = code.slice(start, end);
  const head = structHead.exec(text);
  if (!head?.[2] || /[=(;]/.test(text.slice(0, head.index).replace(/__\w+\s*\(\(.*?\)\)/g, ''))) return undefined;
  const open = start + head.index + head[0].length;
  const close = code.lastIndexOf('}', end);
  return {
    tag: head[2],
    at: start + head.index,
    fields: close < open ? [] : readFields(code, open, close, attributes),
  };
}

function readFields(code: string, start: number, end: number, attributes: AttributeWords): readonly StructField[] {
  const fields: StructField[] = [];
  let at = start;
  for (const part of splitTopLevel(code.slice(start, end), ';')) {
    fields.push(...readField(part, at, attributes));
    at += part.length + 1;
  }
  return fields;
}

function readField(part: string, at: number, attributes: AttributeWords): readonly StructField[] {
  const inner = /^\s*(struct|union|enum)\s*\w*\s*\{/.exec(part);
  const close = part.lastIndexOf('}');
  if (inner && close > 0) {
    const [, stars, name] = /^\}([\s*]*)(\w+)/.exec(blankAttributes(part.slice(close), attributes)) ?? [];
    if (name)
      return [
        {
          name,
          type: squeeze(part.slice(0, inner[0].length - 1)),
          pointer: stars?.includes('*') === true,
          isFunction: false,
          at,
        },
      ];
    // Fields of an anonymous struct are fields of the outer one.
    return inner[1] === 'enum'
      ? []
      : readFields(part, inner[0].length, close, attributes).map((field) => ({ ...field, at: field.at + at }));
  }
  const plain = blankAttributes(part, attributes);
  const callback = /\(\s*\*\s*(\w+)\s*\)\s*\(/.exec(plain);
  if (callback?.[1])
    return [{ name: callback[1], type: squeeze(plain), pointer: true, isFunction: true, at: at + callback.index }];
  const [first = '', ...more] = splitTopLevel(plain, ',');
  const named = /^(\s*(?:[\w\s]*?\w))([\s*]+)(\w+)\s*(?:\[[^\]]*\]\s*)*(?::.*)?$/s.exec(first);
  if (!named?.[3]) return [];
  const type = squeeze((named[1] ?? '').replace(/\b(const|volatile)\b/g, ' '));
  const one = (name: string, stars: string): StructField => ({
    name,
    type,
    pointer: stars.includes('*'),
    isFunction: false,
    at: at + part.lastIndexOf(name),
  });
  return [
    one(named[3], named[2] ?? ''),
    ...more.flatMap((other) => {
      const extra = /^([\s*]*)(\w+)/.exec(other);
      return extra?.[2] ? [one(extra[2], extra[1] ?? '')] : [];
    }),
  ];
}

const storageWords = /\b(static|extern|const|volatile|register|inline|typedef|_Thread_local|__thread)\b/g;

/**
 * The variables that an item declares or defines; functions and types yield none.
 * @param valueSign offset of the `=`, or null
 */
export function readVariables(
  code: string,
  start: number,
  end: number,
  valueSign: number | null,
  attributes: AttributeWords,
): readonly VariableOutline[] {
  const rawHead = code.slice(start, valueSign ?? end);
  if (rawHead.length > 4000 || /^\s*typedef\b/.test(rawHead)) return [];
  const noBody = rawHead.replace(/\{[\s\S]*\}/, (body) => ' '.repeat(body.length));
  const attributed = blankAttributes(noBody, attributes).replace(
    /\[[^\]]*\]/g,
    (size) => `[${' '.repeat(size.length - 2)}]`,
  );
  // A macro call without `;` before the declaration belongs to the item, not to the declaration.
  const afterMacro = attributed.lastIndexOf(')') + 1;
  const head = ' '.repeat(afterMacro) + attributed.slice(afterMacro);
  const named = /^([^,]*?[\s*])(\w+)\s*((?:\[[^\]]*\]\s*)*)\s*$/s.exec(splitTopLevel(head, ',')[0] ?? '');
  if (!named?.[2]) return [];
  const before = named[1] ?? '';
  const type = squeeze(before.replace(storageWords, ' ').replace(/\*/g, ' '));
  if (type === '' || /^(return|goto|else)\b/.test(type)) return [];
  const nameAt = start + head.lastIndexOf(named[2], before.length + named[2].length);
  // What stands before the body of a struct is its tag, and what follows a lone `struct` is one too.
  const body = rawHead.lastIndexOf('}');
  if (body < 0 ? /^(struct|union|enum)$/.test(type) : nameAt < start + body) return [];
  const next = valueSign === null ? null : nextDeclarator(code, valueSign + 1, end);
  const first: VariableOutline = {
    name: named[2],
    nameAt,
    type,
    pointer: before.includes('*'),
    array: named[3] !== '',
    isStatic: /\bstatic\b/.test(before),
    isExtern: /\bextern\b/.test(before),
    start: skipSpace(code, start + afterMacro),
    end: (next ?? end) + 1,
    valueAt: valueSign === null ? null : valueSign + 1,
  };
  return next === null ? [first] : [first, ...furtherVariables(code, next + 1, end, first)];
}

/** Offset of the comma after which `struct x a = {…}, b = {…};` declares another variable, or null. */
function nextDeclarator(code: string, valueAt: number, end: number): number | null {
  const open = skipSpace(code, valueAt);
  if (code[open] !== '{') return null; // of plain numbers nobody asks
  let depth = 0;
  for (let at = open; at < end; at++) {
    if (code[at] === '{') depth++;
    else if (code[at] === '}' && --depth === 0) {
      const after = skipSpace(code, at + 1);
      return after < end && code[after] === ',' ? after : null;
    }
  }
  return null;
}

function furtherVariables(
  code: string,
  start: number,
  end: number,
  first: VariableOutline,
): readonly VariableOutline[] {
  const named = /^\s*(\**)\s*(\w+)\s*(\[[^\]]*\])?\s*=/.exec(code.slice(start, end));
  if (!named?.[2]) return [];
  const valueAt = start + named[0].length;
  const next = nextDeclarator(code, valueAt, end);
  const variable: VariableOutline = {
    ...first,
    name: named[2],
    nameAt: start + named[0].indexOf(named[2]),
    pointer: named[1] !== '',
    array: named[3] !== undefined,
    start: skipSpace(code, start),
    end: (next ?? end) + 1,
    valueAt,
  };
  return next === null ? [variable] : [variable, ...furtherVariables(code, next + 1, end, first)];
}
