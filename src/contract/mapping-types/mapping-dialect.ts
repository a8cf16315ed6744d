// How does this tree write lists of mapping types?

import type { StructOutline } from '../../c/index.js';
import {
  attachmentTag,
  exporterOpsTag,
  hasType,
  isCoreFile,
  mappingEntryTag,
  type TypeOps,
  typeOpsIn,
} from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import { findTables } from '../tables/find-tables.js';
import type { OpsTable } from '../tables/ops-table.js';

/** How a tree writes lists of mapping types, read from its core. */
export interface MappingDialect {
  /** The members of an entry, in order. */
  readonly fields: readonly string[];
  /** The member of an entry that says the type. */
  readonly typeField: string;
  /** The functions of the core that are given a list, with the index of that argument, 0-based. */
  readonly takers: ReadonlyMap<string, number>;
  /** The members of the exporter's ops that are a list. */
  readonly listMembers: readonly string[];
  /** The structs of functions of a type, with the tables that the tree has. */
  readonly typeOps: readonly (TypeOps & { readonly tables: readonly OpsTable[] })[];
  /** The files of the core. */
  readonly core: readonly string[];
}

/** What reads entries and lists. */
export interface MappingReader {
  readonly codebase: Codebase;
  readonly dialect: MappingDialect;
}

/** Reads how a tree writes lists of mapping types; null where its core has none. */
export function readMappingDialect(codebase: Codebase): MappingDialect | null {
  const core = codebase.program.candidates.filter(isCoreFile);
  const structs = core.flatMap((path) => codebase.program.file(path)?.unit.structs ?? []);
  const entry = structs.find(({ tag }) => tag === mappingEntryTag);
  if (!entry) return null;
  const typeOps = typeOpsIn(structs);
  return {
    fields: entry.fields.map(({ name }) => name),
    typeField: typeFieldOf(codebase, core, entry, typeOps),
    takers: takersIn(codebase, core),
    listMembers: (structs.find(({ tag }) => tag === exporterOpsTag)?.fields ?? [])
      .filter(({ pointer, isFunction, type }) => pointer && !isFunction && type.endsWith(`struct ${mappingEntryTag}`))
      .map(({ name }) => name),
    typeOps: typeOps.map((ops) => ({ ...ops, tables: findTables(codebase, ops.tag, ops.fields).tables })),
    core,
  };
}

/** The member by which the core compares two entries; where that is not seen, the one called `type`, or the first pointer. */
function typeFieldOf(
  codebase: Codebase,
  core: readonly string[],
  { fields }: StructOutline,
  typeOps: readonly TypeOps[],
): string {
  const others = new Set(['struct device', `struct ${attachmentTag}`, ...typeOps.map(({ tag }) => `struct ${tag}`)]);
  const possible = fields.filter(({ isFunction, type }) => !isFunction && !others.has(type) && type !== 'void');
  const code = core.map((path) => codebase.program.file(path)?.code ?? '').join('\n');
  const compared = possible.filter(({ name }) =>
    new RegExp(`(?:->|\\.)\\s*${name}\\s*[!=]=[^;&|]*(?:->|\\.)\\s*${name}\\b`).test(code),
  );
  const named = possible.filter(({ name }) => name === 'type');
  return [...compared, ...named, ...possible.filter(({ pointer }) => pointer)][0]?.name ?? 'type';
}

function takersIn(codebase: Codebase, core: readonly string[]): ReadonlyMap<string, number> {
  const functions = core.flatMap((path) => codebase.program.file(path)?.unit.functions ?? []);
  return new Map(
    functions.flatMap(({ name, parameters }) => {
      const index = parameters.findIndex(({ type }) => hasType(type.replace(/\s+/g, ' ').trim(), 'matches'));
      return index < 0 ? [] : [[name, index] as const];
    }),
  );
}
