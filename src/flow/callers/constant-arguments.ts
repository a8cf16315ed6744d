// `map_one(dev, fd, 0)`: what does every call of a function pass for one of its parameters?

import { matchingParen, skipSpace, splitTopLevel } from '../../c/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain, type Reference } from '../../program/index.js';
import { constantOrWord, plainNumber } from '../constants/names/constant-numbers.js';
import { mayBeMadeByMacro } from './macro-calls.js';

/**
 * The numbers that a function always gets: those that all its calls pass, as literals or as constants with the same number in
 * every kernel.
 * @returns one entry for each parameter, in order: null where calls differ, or pass something else. Empty for a function that
 *   other files can call, whose address is taken, or that a macro may call: not all its calls are known.
 */
export function constantArguments(codebase: Codebase, ref: FunctionRef): readonly (number | null)[] {
  const { outline, path } = ref;
  if (!outline.isStatic || path.endsWith('.h') || outline.parameters.length === 0 || outline.otherParameters) return [];
  return memoByFunction(codebase, ref, 'constant-arguments', () => findConstants(codebase, ref), plain());
}

function findConstants(codebase: Codebase, ref: FunctionRef): readonly (number | null)[] {
  const { name, parameters } = ref.outline;
  const files = codebase.references.scope(ref);
  if (mayBeMadeByMacro(codebase, ref, files)) return [];
  const calls: (readonly (number | undefined)[])[] = [];
  for (const place of codebase.references.of(name, files)) {
    if (isOtherName(codebase, place)) continue;
    if (!place.isCall) return [];
    // At file level, and in the head of a function, it is declared.
    if (!place.inside || place.at < place.inside.outline.bodyStart) continue;
    const found = argumentsAt(codebase, place, name);
    // A macro may stand for several.
    if (found.length !== parameters.length) return [];
    calls.push(found.map((text) => plainNumber(text) ?? constantOrWord(codebase, text, place.path)));
  }
  const [first] = calls;
  if (!first) return [];
  const numbers = parameters.map(({ type }, index) => {
    const number = first[index];
    const isSame = number !== undefined && calls.every((one) => one[index] === number);
    return isSame && keepsNumber(type, number) ? number : null;
  });
  return numbers.every((number) => number === null) || isCalledByIncluder(codebase, ref) ? [] : numbers;
}

/** Whether another source names a function and includes its file: one that mentions no dma-buf is in no scope. */
function isCalledByIncluder({ program, references, definitions }: Codebase, { path, outline }: FunctionRef): boolean {
  const [own = ''] = path.split('/').slice(-1);
  const others = definitions.module(path).filter((other) => other !== path && other.endsWith('.c'));
  const naming = new Set(references.of(outline.name, others).map((place) => place.path));
  return [...naming].some((other) => program.includesOf(other).some((include) => include.path.endsWith(own)));
}

/** Whether a parameter of a type is the number that was passed: a small type cuts a large one. */
function keepsNumber(type: string, number: number): boolean {
  if (number < 2) return !/\b(?:float|double)\b/.test(type);
  if (/\*|\bbool\b|\b_Bool\b/.test(type)) return false;
  return number < 128 || /^(?:const\s+)?(?:unsigned\s+)?(?:int|long|u32|s32|size_t|u64|unsigned)\b/.test(type.trim());
}

/** Whether a name is that of a member: `ops->map(…)`, `.map = …`. */
function isOtherName({ program }: Codebase, { path, at }: Reference): boolean {
  return /(?:\.|->)\s*$/.test((program.file(path)?.code ?? '').slice(Math.max(0, at - 8), at));
}

/** The arguments of a call, as written. */
function argumentsAt({ program }: Codebase, { path, at }: Reference, name: string): readonly string[] {
  const code = program.file(path)?.code ?? '';
  const open = skipSpace(code, at + name.length);
  return splitTopLevel(code.slice(open + 1, matchingParen(code, open)), ',').map((one) => one.trim());
}
