import type { Codebase } from '../../program/index.js';

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
    .flatMap((path) => [...(program.peek(path) ?? '').matchAll(/\benum\b[^{};]*\{([^{}]*)\}/g)])
    .map(([, body = '']) =>
      body
        .replace(/\/\*.*?\*\/|\/\/.*/gs, ' ')
        .split(',')
        .map((one) => one.trim()),
    );
}

/** What an enumeration says that a constant is: `BIT(3)` of `NAME = BIT(3)`; undefined where it counts, or has no such constant. */
export function enumeratorText(codebase: Codebase, name: string, from: string): string | undefined {
  for (const entries of enumerationsWith(codebase, [name], from))
    for (const entry of entries) {
      const [, constant, body] = /^(\w+)\s*=\s*(.+)$/s.exec(entry) ?? [];
      if (constant === name) return body;
    }
  return undefined;
}
