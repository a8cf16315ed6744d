// `static const int ex_dir = EX_TO_DEVICE;`: what is known of a variable of the file that never changes.

import { constantVariables } from '../../../c/index.js';
import type { Codebase } from '../../../program/index.js';
import { isConstantName } from '../../evaluate/named-constants.js';
import { numberOfText } from './constant-numbers.js';

/** What a variable always holds: a number, or the constant of a name. */
export type ConstantContent = { readonly number: number } | { readonly constant: string };

/** Numbers that every type of a variable can hold. */
const greatest = 2 ** 31;

/**
 * What a `const` variable of a file, or of a header of the module, always holds.
 * @returns undefined for any other name, and where it is not known
 */
export function constantContent(codebase: Codebase, name: string, path: string): ConstantContent | undefined {
  // Each path asks the same again.
  return codebase.memory.recall(`constant-variable\0${path}\0${name}`, () => find(codebase, name, path)) ?? undefined;
}

function find(codebase: Codebase, name: string, path: string): ConstantContent | null {
  const headers = codebase.definitions.headers(path).filter((header) => !header.startsWith('include/'));
  const definition = new RegExp(`\\bconst\\b[^;={}()]*\\b${name}\\s*=`);
  for (const place of new Set([path, ...headers])) {
    // To read a header as such takes longer.
    if (!codebase.program.includes(place, name) || !definition.test(codebase.program.text(place) ?? '')) continue;
    const file = codebase.program.file(place);
    const variable = file && constantVariables(file).find((one) => one.name === name);
    if (!variable) continue;
    const bare = variable.value.replace(/^\(+\s*(\w+)\s*\)+$/, '$1');
    const number = bare === 'true' ? 1 : bare === 'false' ? 0 : numberOfText(codebase, variable.value, place);
    if (number !== undefined && Math.abs(number) < greatest) return { number };
    return isConstantName(bare) ? { constant: bare } : null;
  }
  return null;
}
