// `static const bool locks = VERSION >= 6;`: a variable of the file that is the same as its initialiser wherever it is read.

import type { VariableOutline } from '../unit.js';
import type { SourceFile } from './outline.js';

/** A variable of a file that is a constant. */
export interface ConstantVariable {
  readonly name: string;
  /** What it is from the start, without comments. */
  readonly value: string;
}

const known = new WeakMap<SourceFile, readonly ConstantVariable[]>();

/**
 * The constants among the variables of a file: what is neither a pointer nor an array nor a struct, is `const`, and is defined
 * once, under no `#if` that is not decided. A name that the file declares in another place, too, is left out: a function may
 * have a variable of its own by that name.
 */
export function constantVariables(file: SourceFile): readonly ConstantVariable[] {
  let found = known.get(file);
  if (!found) {
    found = file.unit.variables.flatMap((variable) => {
      const value = initialiserOf(file, variable);
      return value === undefined ? [] : [{ name: variable.name, value }];
    });
    known.set(file, found);
  }
  return found;
}

/** Whether a variable of a file is an array or a struct in which nobody writes: `static const struct foo foos[]`. */
export function isConstantTable({ code }: SourceFile, variable: VariableOutline): boolean {
  const { nameAt, type, pointer, array, start, valueAt } = variable;
  const isTable = array || /^(?:struct|union)\b/.test(type);
  return isTable && !pointer && valueAt !== null && /\bconst\b/.test(code.slice(start, nameAt));
}

function initialiserOf({ code, unit }: SourceFile, variable: VariableOutline): string | undefined {
  const { name, nameAt, type, pointer, array, isExtern, start, end, valueAt } = variable;
  if (valueAt === null || pointer || array || isExtern || /^(?:struct|union)\b/.test(type)) return undefined;
  if (!/\bconst\b/.test(code.slice(start, nameAt)) || /\bvolatile\b/.test(code.slice(start, nameAt))) return undefined;
  if (unit.conditions.some((range) => range.start <= start && start < range.end)) return undefined;
  const value = code.slice(valueAt, end).replace(/;\s*$/, '').replace(/\s+/g, ' ').trim();
  const isPlain = value !== '' && !/[{}&"';]/.test(value.replaceAll('&&', ''));
  return isPlain && !isDeclaredAgain(code, name, nameAt) ? value : undefined;
}

/** Whether the name stands behind a type, or a pointer's star, in another place than its definition. */
function isDeclaredAgain(code: string, name: string, nameAt: number): boolean {
  const declared = new RegExp(`\\b(\\w+)[ \\t\\n*]+${name}\\b`, 'g');
  return [...code.matchAll(declared)].some(
    (match) =>
      match.index + match[0].length !== nameAt + name.length && !/^(?:return|case|else|do)$/.test(match[1] ?? ''),
  );
}
