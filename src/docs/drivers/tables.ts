import type { ListItem, PhrasingContent, RootContent } from 'mdast';
import { type Contract, type Exporter, isTestCode } from '../../contract/index.js';
import { roleOf } from '../../kernel/index.js';
import { list, paragraph, table } from '../nodes.js';
import { driverOf } from './driver-name.js';
import { exporterHead, exporterRow, passiveExporterRow } from './exporter-rows.js';
import { type FactRow, sortedRows } from './fact-row.js';
import { importerHead, importerRow, staticImporterRow } from './importer-rows.js';
import { exporterLabels, importerLabels, keyOf, type Label } from './labels.js';
import { negotiationRows } from './negotiation-rows.js';

/** What the page generates: a table, a list of names, or a list in which each name has a list of its own. */
interface FactTable {
  readonly form: { readonly kind: 'table'; readonly head: readonly string[] } | { readonly kind: 'list' | 'groups' };
  readonly rows: readonly FactRow[];
}

/** What the page calls its tables: `::importers`. */
export const tableNames = ['importers', 'static-importers', 'exporters', 'passive-exporters', 'negotiation'] as const;
export type TableName = (typeof tableNames)[number];

/** The tables of the page, with what the tree's importers and exporters do; test code is left out. */
export function factTables(contract: Contract): Readonly<Record<TableName, FactTable>> {
  const { active, passive } = exporterSides(contract);
  const activeKeys = new Set(active.map(keyOf));
  const importers = importerLabels(contract);
  const exporters = exporterLabels(contract);
  const labelOf = (labels: ReadonlyMap<string, Label>, side: Parameters<typeof keyOf>[0]): Label =>
    labels.get(keyOf(side)) ?? { drivers: [], ops: side.table.name };
  const rows: Readonly<Record<TableName, readonly FactRow[]>> = {
    importers: contract.importers
      .filter(({ isTest }) => !isTest)
      .map((importer) => importerRow(contract, importer, labelOf(importers, importer))),
    'static-importers': staticDrivers(contract).map(staticImporterRow),
    exporters: active.map((exporter) => exporterRow(exporter, labelOf(exporters, exporter))),
    'passive-exporters': passive.map((exporter) => passiveExporterRow(labelOf(exporters, exporter))),
    negotiation: negotiationRows(contract, (key) => activeKeys.has(key)),
  };
  const forms: Readonly<Record<TableName, FactTable['form']>> = {
    importers: { kind: 'table', head: importerHead },
    'static-importers': { kind: 'list' },
    exporters: { kind: 'table', head: exporterHead },
    'passive-exporters': { kind: 'list' },
    negotiation: { kind: 'groups' },
  };
  const tableOf = (name: TableName): FactTable => ({ form: forms[name], rows: sortedRows(rows[name]) });
  return {
    importers: tableOf('importers'),
    'static-importers': tableOf('static-importers'),
    exporters: tableOf('exporters'),
    'passive-exporters': tableOf('passive-exporters'),
    negotiation: tableOf('negotiation'),
  };
}

/** The exporters that pin, move or revoke, and the others; test code is left out. */
export function exporterSides({ exporters }: Contract): {
  readonly active: readonly Exporter[];
  readonly passive: readonly Exporter[];
} {
  const isPassive = ({ pin, invalidations, revokes }: Exporter): boolean =>
    pin === null && invalidations.length === 0 && !revokes;
  const real = exporters.filter(({ isTest }) => !isTest);
  return { active: real.filter((each) => !isPassive(each)), passive: real.filter(isPassive) };
}

/** A fact table as Markdown. */
export function tableNode({ form, rows }: FactTable): RootContent {
  switch (form.kind) {
    case 'table':
      return table([form.head, ...rows.map(({ cells }) => cells)]);
    case 'list':
      return list(rows.map(({ cells }) => cells[0] ?? []));
    case 'groups':
      return { ...list([]), spread: true, children: rows.map(({ cells }) => group(cells)) };
  }
}

function group([label, ...lines]: readonly (readonly PhrasingContent[])[]): ListItem {
  return { type: 'listItem', spread: true, children: [paragraph(label ?? []), list(lines)] };
}

function staticDrivers(contract: Contract): readonly string[] {
  const { tree } = contract.codebase.program;
  const files = contract.staticImporters.map(({ place }) => place.file);
  const real = files.filter((file) => !isTestCode(contract.codebase, file) && !isWrapper(contract, file));
  return [...new Set(real.map((file) => driverOf(tree, file)))];
}

/** The core itself calls dma_buf_attach() in a wrapper; that is no importer. */
function isWrapper({ codebase }: Contract, file: string): boolean {
  return codebase.program.file(file)?.unit.functions.some(({ name }) => roleOf(name) === 'dynamic-attach') ?? false;
}
