// `EX_DEFAULT` of `#define EX_DEFAULT EX_TAKE`: which number is a named constant, in every kernel that the file can be built for?

import type { Codebase } from '../../../program/index.js';
import { isConstantName } from '../../evaluate/named-constants.js';
import { constantExpression } from './constant-expression.js';
import { enumerationsWith } from './enumerations.js';
import { plainLiteral } from './literals.js';

/** Names that lead to each other more often than this are not followed. */
const deepestAlias = 8;

const words: ReadonlyMap<string, number> = new Map([
  ['NULL', 0],
  ['false', 0],
  ['true', 1],
]);

/**
 * The number that a name always stands for: `NULL`, `true`, or a constant that a file sees, which is a macro with one
 * definition that no `#if` chooses, or an enumerator.
 * @returns undefined for a name that may be anything else, or whose number is not known
 */
export function namedNumber(codebase: Codebase, name: string, path: string): number | undefined {
  return words.get(name) ?? constantNumber(codebase, name, path, 0);
}

/**
 * The same for the name of a constant, by the kernel's convention: any other name may be that of a variable. Only a number
 * that fits every type is known.
 */
export function constantOrWord(codebase: Codebase, name: string, path: string): number | undefined {
  const number = words.has(name) || isConstantName(name) ? namedNumber(codebase, name, path) : undefined;
  return number !== undefined && number >= 0 && number < 2 ** 31 ? number : undefined;
}

function constantNumber(codebase: Codebase, name: string, path: string, depth: number): number | undefined {
  if (depth > deepestAlias) return undefined;
  // Each path asks the same again.
  return (
    codebase.memory.recall(`constant-number\0${path}\0${name}`, () => find(codebase, name, path, depth)) ?? undefined
  );
}

function find(codebase: Codebase, name: string, path: string, depth: number): number | null {
  const macro = macroText(codebase, name, path);
  if (macro !== undefined) return macro === null ? null : (numberOfText(codebase, macro, path, depth) ?? null);
  const numbers = enumerationsWith(codebase, [name], path)
    .filter((entries) => entries.some((entry) => nameOf(entry) === name))
    .map((entries) => enumerator(codebase, entries, name, path, depth));
  const [first] = numbers;
  return first !== undefined && numbers.every((one) => one === first) ? first : null;
}

/** The text that a macro stands for: undefined where there is no such macro, null where its text is not known. */
function macroText({ program, definitions }: Codebase, name: string, path: string): string | null | undefined {
  const ways = definitions.macroWays(name, path);
  const [way] = ways;
  if (!way) return undefined;
  if (ways.length > 1 || way.parameters) return null;
  const files = [...program.translationUnit(path), ...definitions.headers(path)];
  const word = new RegExp(`^[ \\t]*#[ \\t]*(?:define|undef)[ \\t]+${name}\\b`, 'm');
  const [place, ...others] = files.filter(
    (file) => program.includes(file, name) && word.test(program.text(file) ?? ''),
  );
  if (place === undefined || others.length > 0) return null;
  const { text = '', unit } = program.file(place) ?? {};
  // The build may define it otherwise where its definition is a default: `#ifndef NAME`.
  const isOpen = new RegExp(`^[ \\t]*#[ \\t]*(?:undef|if|ifn?def|elif)\\b[^\\n]*\\b${name}\\b`, 'm').test(text);
  const isChosen = unit?.conditions.some(({ start, end }) => start <= way.at && way.at < end);
  return isOpen || isChosen !== false ? null : way.body;
}

/** An enumerator, with what it is said to be. */
const entryForm = /^(\w+)\s*(?:=\s*(.+))?$/s;

const nameOf = (entry: string): string | undefined => entryForm.exec(entry)?.[1];

/** The number of an enumerator: it is counted from the one before, where it says none itself. */
function enumerator(
  codebase: Codebase,
  entries: readonly string[],
  wanted: string,
  path: string,
  depth: number,
): number | undefined {
  // An `#if` chooses, and a macro may stand for several.
  const isPlain = (entry: string): boolean => {
    const name = nameOf(entry);
    return entry === '' || (name !== undefined && macroText(codebase, name, path) === undefined);
  };
  if (!entries.every(isPlain)) return undefined;
  let next: number | undefined = 0;
  for (const entry of entries) {
    const [, name, text] = entryForm.exec(entry) ?? [];
    const number: number | undefined = text === undefined ? next : numberOfText(codebase, text, path, depth);
    if (name === wanted) return number;
    next = number === undefined ? undefined : number + 1;
  }
  return undefined;
}

/** The number that a text stands for: `(3)`, `NAME`, `(NAME | OTHER)`; undefined for any other. */
export function numberOfText(codebase: Codebase, text: string, path: string, depth = 0): number | undefined {
  return constantExpression(text.replace(/\/\*.*?\*\/|\/\/.*/gs, ' '), (name) =>
    constantNumber(codebase, name, path, depth + 1),
  );
}

/** The number that a literal is: decimal or hexadecimal, and small enough for every type of a number. */
export function plainNumber(text: string): number | undefined {
  const number = plainLiteral(text);
  return number !== undefined && number >= 0 && number < 2 ** 31 ? number : undefined;
}
