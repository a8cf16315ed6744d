import { type AttributeWords, blankAttributes } from '../prepare/attributes.js';
import { skipSpace } from '../prepare/characters.js';
import type { VariableOutline } from '../unit.js';
import { splitTopLevel, squeeze } from './text.js';

const storageWords = /\b(static|extern|const|volatile|register|inline|typedef|_Thread_local|__thread)\b/g;

/**
 * Reads the variables that an item declares or defines; functions and types yield none.
 * @param end offset of the `;`
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
  // A macro call without `;` before the declaration is not part of it.
  const afterMacro = attributed.lastIndexOf(')') + 1;
  const head = ' '.repeat(afterMacro) + attributed.slice(afterMacro);
  const named = /^([^,]*?[\s*])(\w+)\s*((?:\[[^\]]*\]\s*)*)\s*$/s.exec(splitTopLevel(head, ',')[0] ?? '');
  if (!named?.[2]) return [];
  const before = named[1] ?? '';
  const type = squeeze(before.replace(storageWords, ' ').replace(/\*/g, ' '));
  if (type === '' || /^(return|goto|else)\b/.test(type)) return [];
  const nameAt = start + head.lastIndexOf(named[2], before.length + named[2].length);
  // The word before the body of a struct is its tag, and so is the word after `struct`.
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
  if (code[open] !== '{') return null; // nobody asks for further variables of plain types
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
