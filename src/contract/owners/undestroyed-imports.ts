// Which drivers make GEM objects of imported buffers, and never end the import that the core made for them?

import { gemFreeSlots, isErrorPointer, isNullPointer, mayEndImport, primeImport } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFile, plain } from '../../program/index.js';
import { returnedValues } from '../calls/returned-values.js';
import type { UndestroyedImport } from '../model/lifetimes.js';
import { tableImporters } from '../tables/table-importers.js';

const freesInTables = gemFreeSlots.map(
  ({ table, slot }) =>
    new RegExp(`\\b${table.replace(' ', '\\s+')}\\s+\\w+\\s*=\\s*\\{[^}]*\\.\\s*${slot}\\s*=\\s*&?(\\w+)`, 'g'),
);

const tableTags = gemFreeSlots.map(({ table }) => table.replace('struct ', ''));

/**
 * Finds the functions that free the GEM objects of a driver, where the driver has the core import buffers, and no file of its
 * module ends what the core began.
 */
export function findUndestroyedImports(codebase: Codebase): readonly UndestroyedImport[] {
  const { definitions } = codebase;
  return tableImporters(codebase).flatMap((importer): readonly UndestroyedImport[] => {
    if (importer.path === primeImport.source) return [];
    const files = definitions.module(importer.path);
    if (files.some((path) => endsImport(codebase, path)) || refusesAll(codebase, importer)) return [];
    const [first, ...others] = files.flatMap((path) => freesIn(codebase, path));
    return first ? [{ importer, frees: [first, ...others] }] : [];
  });
}

function endsImport(codebase: Codebase, path: string): boolean {
  return memoByFile(codebase, path, 'ends-import', () => mayEndImport(codebase.program.peek(path) ?? ''), plain());
}

/** The functions of its own that a file names in tables as those that free an object. */
export function freesIn(codebase: Codebase, path: string): readonly FunctionRef[] {
  const { program, definitions } = codebase;
  const find = (): readonly FunctionRef[] => {
    if (!tableTags.some((tag) => program.mayHoldWhole(path, tag))) return [];
    const code = program.peek(path) ?? '';
    return freesInTables.flatMap((pattern) =>
      [...code.matchAll(pattern)].flatMap(([, name = '']) => definitions.find(name, path) ?? []),
    );
  };
  return memoByFile(codebase, path, 'gem-frees', find, plain());
}

/** A stub that only returns errors makes no object. */
function refusesAll({ program }: Codebase, importer: FunctionRef): boolean {
  return returnedValues(program.lower(importer)).every((value) => isNullPointer(value) || isErrorPointer(value));
}
