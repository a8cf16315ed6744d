// Whose buffers are notified: those of which exporter, where a file has several?

import { callsIn, type Expression, stripCasts } from '../../c/index.js';
import { assignmentsOf, type Codebase, type FunctionRef } from '../../program/index.js';
import { type OwnerSearch, searchOwners, tagOf } from '../owners/members.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';

/**
 * Returns the tables of the exporters whose private data is the structure from which a call takes the buffer; all tables where
 * the code does not show that.
 * @param at the offset of the call
 */
export function tablesForBuffer(
  codebase: Codebase,
  ref: FunctionRef,
  at: number,
  tables: readonly OpsTable[],
): readonly OpsTable[] {
  if (tables.length < 2) return tables;
  const search = searchOwners(codebase);
  const holders = holdersOf(search, ref, at);
  const known = tables.map((table) => ({ table, tags: privateTags(search, table) }));
  const meant = known.filter(({ tags }) => tags.some((tag) => holders.includes(tag)));
  return meant.length === 0
    ? tables
    : known.flatMap((one) => (meant.includes(one) || one.tags.length === 0 ? [one.table] : []));
}

/** The tags of the structures in which the buffer of a call stands, or that are its private data. */
function holdersOf(search: OwnerSearch, ref: FunctionRef, at: number): readonly string[] {
  const unit = search.codebase.program.lower(ref);
  const buffer = callsIn(unit.body).find(({ call }) => call.at === at)?.call.arguments[0];
  if (!buffer) return [];
  const { values } = assignmentsOf(unit);
  const from = buffer.kind === 'name' ? (values.get(buffer.name) ?? []) : [buffer];
  const holders = from.flatMap((value) => (value.kind === 'member' ? (tagOf(search, ref, value.object) ?? []) : []));
  if (buffer.kind !== 'name') return holders;
  const isItsData = (value: Expression): boolean =>
    isPrivate(search, ref, value) && value.object.kind === 'name' && value.object.name === buffer.name;
  return [...holders, ...variablesWith(search, ref, isItsData)];
}

/** The tags of the structures that the functions of a table find in a buffer. */
function privateTags(search: OwnerSearch, table: OpsTable): readonly string[] {
  const fields = new Set(table.members.map(({ field }) => field));
  return [...fields].flatMap((field) => {
    const ref = opFunction(search.codebase, table, field);
    return ref ? variablesWith(search, ref, (value) => isPrivate(search, ref, value)) : [];
  });
}

/** The tags of the variables to which a function assigns such a value. */
function variablesWith(
  search: OwnerSearch,
  ref: FunctionRef,
  isMeant: (value: Expression) => boolean,
): readonly string[] {
  return [...assignmentsOf(search.codebase.program.lower(ref)).values].flatMap(([target, values]) =>
    values.some((value) => isMeant(stripCasts(value)))
      ? (tagOf(search, ref, { kind: 'name', name: target, at: ref.outline.end }) ?? [])
      : [],
  );
}

/** Whether a value is what the exporter has stored in a buffer. */
function isPrivate(
  search: OwnerSearch,
  ref: FunctionRef,
  value: Expression,
): value is Extract<Expression, { readonly kind: 'member' }> {
  return value.kind === 'member' && value.member === 'priv' && tagOf(search, ref, value.object) === 'dma_buf';
}
