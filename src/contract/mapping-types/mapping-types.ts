// Which mapping types do the importers and exporters of a tree agree on?

import { mapOp } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import type { AttachPath } from '../model/attachment.js';
import type { MappingTypes } from '../model/mapping-types.js';
import type { FoundTables } from '../tables/find-tables.js';
import { isSet, type OpsTable } from '../tables/ops-table.js';
import { exporterTypes } from './exporter-types.js';
import { attachTypes } from './importer-types.js';
import { readMappingDialect } from './mapping-dialect.js';

/** The mapping types of a tree whose core has them. */
export interface MappingTypesOfTree {
  /** What an exporter offers. */
  ofExporter(table: OpsTable): MappingTypes;
  /** What an attach accepts. */
  ofAttach(path: AttachPath): MappingTypes;
}

/** The ops of an exporter and what they say about mapping types. */
export interface TypedOps {
  /** What the exporter offers; null where the tree's core has no mapping types. */
  readonly types: MappingTypes | null;
  /** The ops with the functions that map and unmap, one for each type. */
  readonly byType: readonly OpsTable[];
}

/** Completes the ops of exporters with what maps and unmaps, where that is in the ops of a mapping type. */
export function completeOps(
  { tables, ...rest }: FoundTables,
  types: MappingTypesOfTree | null,
): FoundTables & { readonly ofTypes: ReadonlyMap<OpsTable, TypedOps> } {
  const ofTypes = new Map<OpsTable, TypedOps>();
  for (const table of types ? tables : []) {
    const offered = types?.ofExporter(table) ?? null;
    const byType = opsByType(table, offered);
    ofTypes.set(byType[0] ?? table, { types: offered, byType });
  }
  return { ...rest, tables: types ? [...ofTypes.keys()] : tables, ofTypes };
}

/** Reads the lists of mapping types; null where the tree's core has none. */
export function readMappingTypes(codebase: Codebase): MappingTypesOfTree | null {
  const dialect = readMappingDialect(codebase);
  if (!dialect) return null;
  const reader = { codebase, dialect };
  return {
    ofExporter: (table) => exporterTypes(reader, table),
    ofAttach: (path) => attachTypes(reader, path),
  };
}

/**
 * The ops of an exporter with the functions that map and unmap, where these are in the ops of its mapping types: one for
 * each type, that for tables of pages first. The same table alone where it has them itself.
 */
function opsByType(table: OpsTable, types: MappingTypes | null): readonly OpsTable[] {
  const tables = types?.entries.flatMap(({ ops }) => ops ?? []) ?? [];
  if (isSet(table, mapOp) || tables.length === 0) return [table];
  const ordered = [...tables.filter(({ isTable }) => isTable), ...tables.filter(({ isTable }) => !isTable)];
  return ordered.map(({ members }) => ({ ...table, members: [...table.members, ...members] }));
}
