import type { Codebase } from '../../../program/index.js';

/** The enumerations in the files that mention some constants and that a file sees: what stands between the commas. */
export function enumerationsWith(
  codebase: Codebase,
  constants: readonly string[],
  from: string,
): readonly (readonly string[])[] {
  // Each path asks the same again.
  return codebase.memory.recall(`enumerations\0${from}\0${constants.join()}`, () =>
    findEnumerations(codebase, constants, from),
  );
}

function findEnumerations(
  { program, definitions }: Codebase,
  constants: readonly string[],
  from: string,
): readonly (readonly string[])[] {
  return [...program.translationUnit(from), ...definitions.headers(from)]
    .filter((path) => constants.every((one) => program.includes(path, one)))
    .flatMap((path) => enumerationsIn(program.peek(path) ?? ''));
}

const enumerationsIn = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/\benum\b[^{};]*\{([^{}]*)\}/g)].map(([, body = '']) =>
    body
      .replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, ' ')
      .split(',')
      .map((one) => one.trim()),
  );

/** The names of all constants in the enumerations of a file. */
export function enumerators({ memory, program }: Codebase, path: string): ReadonlySet<string> {
  return memory.recall(
    `enumerators\0${path}`,
    () => new Set(enumerationsIn(program.peek(path) ?? '').flatMap((entries) => entries.map(nameOf))),
  );
}

const nameOf = (entry: string): string => /^\w*/.exec(entry)?.[0] ?? '';

/** What an enumeration says that a constant is: `BIT(3)` of `NAME = BIT(3)`; undefined where it counts, or has no such constant. */
export function enumeratorText(codebase: Codebase, name: string, from: string): string | undefined {
  for (const entries of enumerationsWith(codebase, [name], from))
    for (const entry of entries) {
      const [, constant, body] = /^(\w+)\s*=\s*(.+)$/s.exec(entry) ?? [];
      if (constant === name) return body;
    }
  return undefined;
}
