import { lastLine } from './functions.js';
import { type Import, importsOf } from './imports.js';
import { isTest, type SourceText } from './source-tree.js';

/** A name that a file exports. */
export interface Export {
  readonly path: string;
  readonly name: string;
}

/** Exports that no other file imports, and those that only tests and `src/dev` import. */
export interface Unused {
  readonly nowhere: readonly Export[];
  readonly inProgram: readonly Export[];
}

const declaration =
  /^export (?:declare )?(?:default )?(?:async )?(?:abstract )?(?:const|let|function\*?|class|interface|type|enum) ([\w$]+)/gm;
const list = /^export (?:type )?\{([^}]*)\}/gm;

/** The names that a file exports, by declaration or in a list. */
function exportsOf({ path, code }: Pick<SourceText, 'path' | 'code'>): readonly Export[] {
  const declared = [...code.matchAll(declaration)].map((match) => match[1] ?? '');
  const listed = [...code.matchAll(list)].flatMap(([, names = '']) =>
    names.split(',').map((entry) =>
      entry
        .trim()
        .replace(/^type\s+/, '')
        .replace(/^.*\s+as\s+/s, ''),
    ),
  );
  return [...declared, ...listed].filter((name) => name !== '').map((name) => ({ path, name }));
}

/** The library's entry: its exports are for other packages. */
const library = 'src/index.ts';

/**
 * Finds needless exports. A type that another exported declaration of its file mentions is not needless. Where a whole
 * file is imported (`import * as x`, `import()`), each of its names that occurs in the importing file counts as used.
 */
export function unusedExports(sources: readonly SourceText[]): Unused {
  const code = new Map(sources.map((source) => [source.path, source.code]));
  const importers = new Map<string, Import[]>();
  for (const one of sources.flatMap(importsOf)) importers.set(one.to, [...(importers.get(one.to) ?? []), one]);
  const usersOf = ({ path, name }: Export): readonly string[] =>
    (importers.get(path) ?? []).flatMap(({ from, names, passesOn }) => {
      if (passesOn) return usersOf({ path: from, name });
      return (names?.includes(name) ?? new RegExp(`\\b${name}\\b`).test(code.get(from) ?? '')) ? [from] : [];
    });
  const exported = sources.filter(({ path }) => !isTest(path) && path !== library).flatMap(exportsOf);
  const isOutside = (path: string): boolean => isTest(path) || path.startsWith('src/dev/');
  return {
    nowhere: exported.filter((one) => usersOf(one).length === 0 && !isSpokenOf(one, code.get(one.path) ?? '')),
    inProgram: exported.filter(
      (one) => !isOutside(one.path) && usersOf(one).length > 0 && usersOf(one).every(isOutside),
    ),
  };
}

/** Whether an exported type is part of another exported declaration of its file. */
function isSpokenOf({ name }: Export, code: string): boolean {
  const lines = code.split('\n');
  const isType = new RegExp(`^export (?:interface|type) ${name}\\b`);
  if (!lines.some((line) => isType.test(line))) return false;
  return lines.some((line, index) => {
    if (!line.startsWith('export ') || isType.test(line)) return false;
    return new RegExp(`\\b${name}\\b`).test(lines.slice(index, lastLine(lines, index) + 1).join('\n'));
  });
}
