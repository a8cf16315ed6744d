import type { Codebase, FunctionRef } from '../../program/index.js';

/**
 * The functions that the ops tables in a file name, in the order of the text: `.pin = foo_pin`. One that stands in two
 * tables is listed twice.
 * @param isMeant tells by its type, as written, whether a variable is such a table
 */
export function functionsInTables(
  codebase: Codebase,
  path: string,
  isMeant: (type: string) => boolean,
): readonly FunctionRef[] {
  const file = codebase.program.file(path);
  if (!file) return [];
  return file.unit.variables.flatMap(({ type, valueAt, end }) => {
    if (valueAt === null || !isMeant(type)) return [];
    return [...file.code.slice(valueAt, end).matchAll(named)].flatMap(
      ([, name = '']) => codebase.definitions.findCandidate(name, path) ?? [],
    );
  });
}

/** A function behind `=`, or in a macro that writes the member: `EX_CALLBACK(foo_moved),`. */
const named = /(?:=\s*&?\s*|[,{]\s*\w+\s*\(\s*&?\s*)(\w+)/g;
