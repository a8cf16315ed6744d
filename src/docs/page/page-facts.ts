import type { Contract } from '../../contract/index.js';
import { exporterSides, factTables, tableNames, tableNode } from '../drivers/tables.js';
import { dialectFacts, dialectSubstitutes } from '../facts.js';
import { noSubstitutes, type Substitutes } from '../source.js';

/** The conditions that the page of drivers asks, beyond those of the dialect. */
export const pageFlags = ['importers', 'unknown-importers', 'static', 'active-exporters', 'passive-exporters'] as const;

/** The names and conditions of a tree's dialect, for texts about the contract. */
export function dialectWords(contract: Contract): Substitutes {
  return { ...noSubstitutes, ...dialectSubstitutes(dialectFacts(contract)) };
}

/** The same with the tables of the tree's drivers. */
export function driverWords(contract: Contract): Substitutes {
  const { names, flags } = dialectWords(contract);
  const tables = factTables(contract);
  const { active, passive } = exporterSides(contract);
  const ofPage: Readonly<Record<(typeof pageFlags)[number], boolean>> = {
    importers: tables.importers.rows.length > 0,
    'unknown-importers': contract.importers.some(({ verdict, isTest }) => verdict.kind === 'opaque' && !isTest),
    static: tables['static-importers'].rows.length > 0,
    'active-exporters': active.length > 0,
    'passive-exporters': passive.length > 0,
  };
  return {
    ...noSubstitutes,
    names,
    flags: new Map([...flags, ...Object.entries(ofPage)]),
    blocks: new Map(
      tableNames.map((name) => [name, tables[name].rows.length > 0 ? [tableNode(tables[name])] : []] as const),
    ),
  };
}
