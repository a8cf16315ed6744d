import { matchingParen, splitTopLevel } from '../../c/index.js';
import { loopCursors } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';

/** How deep loop macros that are made of other loop macros are read. */
const deepest = 3;

/**
 * The positions of the arguments that a loop macro assigns in each round, from 0: of the kernel's macros by the table, of
 * a driver's own by what its definition assigns.
 * @param from the path of the file that uses the macro
 * @returns undefined where the definition is not found, or assigns nothing that can be seen
 */
export function cursorsOf(codebase: Codebase, macro: string, from: string, depth = 0): readonly number[] | undefined {
  const known = loopCursors(macro);
  if (known || depth >= deepest) return known;
  const definition = codebase.definitions.functionMacro(macro, from);
  if (!definition) return undefined;
  const body = definition.body.replace(/\\\r?\n/g, ' ');
  const inner = loopsIn(body).flatMap(({ name, list }) =>
    (cursorsOf(codebase, name, from, depth + 1) ?? []).map((index) => list[index] ?? ''),
  );
  const found = (definition.parameters ?? []).flatMap((parameter, index) =>
    inner.some((argument) => isJust(argument, parameter)) || isAssigned(body, parameter) ? [index] : [],
  );
  return found.length > 0 ? found : undefined;
}

/** The loop macros that a text uses, with their arguments. */
function loopsIn(body: string): readonly { readonly name: string; readonly list: readonly string[] }[] {
  return [...body.matchAll(/\b(\w*for_each\w*)\s*\(/g)].map((match) => {
    const open = match.index + match[0].length - 1;
    return { name: match[1] ?? '', list: splitTopLevel(body.slice(open + 1, matchingParen(body, open)), ',') };
  });
}

function isJust(argument: string, parameter: string): boolean {
  return argument.replace(/[()\s]/g, '') === parameter;
}

function isAssigned(body: string, parameter: string): boolean {
  return new RegExp(`(?<![\\w.>])\\(?\\s*\\b${parameter}\\b\\s*\\)?\\s*=(?!=)`).test(body);
}
