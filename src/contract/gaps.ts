// What could not be analysed, besides what the rooms report themselves?

import type { UnknownApi } from '../kernel/index.js';
import type { Codebase } from '../program/index.js';
import type { Exporter } from './model/exporter.js';
import type { Importer, StaticImporter } from './model/importer.js';
import { type NotAnalysed, placeOf } from './places.js';
import type { TableProblem } from './tables/find-tables.js';
import type { OpsTable } from './tables/ops-table.js';

/** Identifies an entry of `notAnalysed`. */
export function gapKey({ file, line, function: name, reason }: NotAnalysed): string {
  return `${file}:${line}:${name}:${reason}`;
}

/** Returns the entry for a table that exists but could not be found as one. */
export function tableGap(codebase: Codebase, problem: TableProblem): NotAnalysed {
  const place = placeOf(codebase, problem.path, problem.at, null);
  return { file: place.file, line: place.line, function: problem.function, reason: problem.reason };
}

/** Returns the entry for something of the API that is not known: whatever depends on it is not analysed. */
export function apiGap({ file, line, function: name, message }: UnknownApi): NotAnalysed {
  return { file, line, function: name, reason: `unknown-api: ${message}` };
}

/** Returns the lists of mapping types of which not all entries are known. */
export function typeGaps(
  importers: readonly Importer[],
  statics: readonly StaticImporter[],
  exporters: readonly Exporter[],
): readonly NotAnalysed[] {
  const lists = [
    ...importers.flatMap(({ place, table, mappingTypes }) =>
      (mappingTypes ?? []).map((types) => ({ place, types, name: `importer '${table.name}'` })),
    ),
    ...statics.flatMap(({ place, mappingTypes: types }) =>
      types ? [{ place, types, name: `the importer in ${place.function ?? place.file}()` }] : [],
    ),
    ...exporters.flatMap(({ place, table, mappingTypes: types }) =>
      types ? [{ place, types, name: `exporter '${table.name}'` }] : [],
    ),
  ];
  return lists.flatMap(({ place, types, name }) => {
    const isUnread = types.entries.some(({ type }) => type === null);
    const why = types.unknown ?? (isUnread ? 'the type of an entry is not known' : null);
    return why === null
      ? []
      : [{ file: place.file, line: place.line, function: place.function, reason: `mapping types of ${name}: ${why}` }];
  });
}

/** Returns the tables whose members are not known. */
export function unreadableTables(tables: readonly OpsTable[]): readonly NotAnalysed[] {
  return tables.flatMap((table) =>
    table.unreadable
      ? [
          {
            file: table.path,
            line: table.line,
            function: table.local?.outline.name ?? null,
            reason: `ops table '${table.name}': ${table.unreadable}`,
          },
        ]
      : [],
  );
}

/** Returns the functions read so far of which a part cannot be parsed. */
export function unparsedFunctions(codebase: Codebase): readonly NotAnalysed[] {
  const units = [...codebase.memory.marks()].sort((left, right) =>
    left.path === right.path ? left.start - right.start : left.path < right.path ? -1 : 1,
  );
  return units.flatMap((unit) => {
    const [first] = unit.unparsed;
    if (!first) return [];
    const place = placeOf(codebase, unit.path, first.at, null);
    return [
      { file: unit.path, line: place.line, function: unit.name, reason: 'part of the function cannot be parsed' },
    ];
  });
}
