// `map_one(dev, fd, 0)`: what does every call of a function pass for one of its parameters?

import { type Expression, isWordCharacter, matchingParen, skipSpace, splitTopLevel } from '../../c/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain, type Reference } from '../../program/index.js';
import { literalNumber } from '../evaluate/arithmetic.js';
import { isConstantName } from '../evaluate/named-constants.js';
import { constantSigns } from '../evaluate/sign-tests.js';

/**
 * The constants that a function always gets: those for which all its calls pass the same number or named constant.
 * @returns one entry for each parameter, in order: null where calls differ, or pass something else. Empty for a function that
 *   other files can call, whose address is taken, or that a macro calls: not all its calls are known.
 */
export function constantArguments(codebase: Codebase, ref: FunctionRef): readonly (Expression | null)[] {
  const { outline, path } = ref;
  if (!outline.isStatic || path.endsWith('.h') || outline.parameters.length === 0) return [];
  return memoByFunction(codebase, ref, 'constant-arguments', () => findConstants(codebase, ref), plain());
}

function findConstants(codebase: Codebase, ref: FunctionRef): readonly (Expression | null)[] {
  const { name, parameters } = ref.outline;
  const files = codebase.references.scope(ref);
  if (files.some((path) => standsInMacro(codebase, name, path))) return [];
  const calls: (readonly string[])[] = [];
  for (const place of codebase.references.of(name, files)) {
    if (isOtherName(codebase, place)) continue;
    if (!place.isCall) return [];
    // At file level, and in the head of a function, it is declared.
    if (place.inside && place.at >= place.inside.outline.bodyStart) calls.push(argumentsAt(codebase, place, name));
  }
  const [first] = calls;
  if (!first) return [];
  return parameters.map((_, index) => {
    const text = first[index] ?? '';
    return calls.every((one) => one[index] === text) ? constantOf(text) : null;
  });
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

/** The constant that a text is: a number, `true`, `NULL`, `DMA_TO_DEVICE`; null for any other. */
function constantOf(text: string): Expression | null {
  if (literalNumber(text) !== undefined) return { kind: 'literal', text, at: 0 };
  if (!/^[a-z_]\w*$/i.test(text)) return null;
  const word: Expression = { kind: 'name', name: text, at: 0 };
  return isConstantName(text) || constantSigns(word) !== undefined ? word : null;
}

/** Whether a directive of a file names a function: a macro may call it. The code of a file has no directives. */
function standsInMacro({ program }: Codebase, name: string, path: string): boolean {
  const { text = '', code = '' } = program.file(path) ?? {};
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    if (code.startsWith(name, at)) continue;
    if (isWordCharacter(text.charCodeAt(at - 1)) || isWordCharacter(text.charCodeAt(at + name.length))) continue;
    let start = text.lastIndexOf('\n', at) + 1;
    while (/\\\r?\n$/.test(text.slice(Math.max(0, start - 3), start))) start = text.lastIndexOf('\n', start - 2) + 1;
    if (/^\s*#/.test(text.slice(start, at))) return true;
  }
  return false;
}
