import type { Contract, Importer } from '../../contract/index.js';
import { dialectFacts, dialectSubstitutes } from '../facts.js';
import type { Substitutes } from '../source.js';
import { declaredSentences, unmarkedSentences } from './importer-sentences.js';
import { exporterSides, factTables, tableNames, tableNode } from './tables.js';

/** The conditions that the page asks about the tree's drivers, beyond those of the dialect. */
export const pageFlags = [
  'importers',
  'unmarked',
  'declared',
  'unknown-importers',
  'static',
  'active-exporters',
  'passive-exporters',
] as const;

/** The places of the page that take sentences about single importers. */
export const pagePhrases = ['unmarked-importers', 'declared-importers'] as const;

/** Everything that our texts can ask of one tree: names and conditions of its dialect, tables, sentences. */
export function substitutesOf(contract: Contract): Substitutes {
  const { names, flags } = dialectSubstitutes(dialectFacts(contract));
  const tables = factTables(contract);
  const { active, passive } = exporterSides(contract);
  const withStatus = (status: Importer['status']): readonly Importer[] =>
    contract.importers.filter((importer) => importer.status === status && !importer.isTest);
  const unmarked = withStatus('undeclared-non-revocable');
  const declared = withStatus('declared-non-revocable');
  const ofPage: Readonly<Record<(typeof pageFlags)[number], boolean>> = {
    importers: contract.importers.length > 0,
    unmarked: unmarked.length > 0,
    declared: declared.length > 0,
    'unknown-importers': contract.importers.some(({ status }) => status === 'unknown'),
    static: tables['static-importers'].rows.length > 0,
    'active-exporters': active.length > 0,
    'passive-exporters': passive.length > 0,
  };
  const phrases: Readonly<Record<(typeof pagePhrases)[number], ReturnType<typeof unmarkedSentences>>> = {
    'unmarked-importers': unmarkedSentences(unmarked),
    'declared-importers': declaredSentences(declared),
  };
  return {
    names,
    flags: new Map([...flags, ...Object.entries(ofPage)]),
    phrases: new Map(Object.entries(phrases)),
    blocks: new Map(
      tableNames.map((name) => [name, tables[name].rows.length > 0 ? [tableNode(tables[name])] : []] as const),
    ),
  };
}
