import type { RootContent } from 'mdast';
import type { Contract, Exporter } from '../../contract/index.js';
import { roleOf } from '../../kernel/index.js';
import { list, table } from '../nodes.js';
import { exporterHead, exporterRow, passiveExporterRow } from './exporter-rows.js';
import { type FactRow, sortedRows } from './fact-row.js';
import { importerHead, importerRow, staticImporterRow } from './importer-rows.js';
import { negotiationHead, negotiationRows } from './negotiation-rows.js';

/** A generated table of the page, or a generated list, which has no head. */
interface FactTable {
  readonly head: readonly string[] | null;
  readonly rows: readonly FactRow[];
}

/** What the page calls its tables: `::importers`. */
export const tableNames = ['importers', 'static-importers', 'exporters', 'passive-exporters', 'negotiation'] as const;
export type TableName = (typeof tableNames)[number];

/** The tables of the page, with what the tree's importers and exporters do. */
export function factTables(contract: Contract): Readonly<Record<TableName, FactTable>> {
  const { active, passive } = exporterSides(contract);
  const isActive = (name: string, file: string): boolean =>
    active.some((exporter) => exporter.table.name === name && exporter.table.path === file);
  const statics = contract.staticImporters.filter(({ place }) => !isWrapper(contract, place.file));
  return {
    importers: { head: importerHead, rows: sortedRows(contract.importers.map(importerRow)) },
    'static-importers': { head: null, rows: sortedRows(statics.map(staticImporterRow)) },
    exporters: { head: exporterHead, rows: sortedRows(active.map(exporterRow)) },
    'passive-exporters': { head: null, rows: sortedRows(passive.map(passiveExporterRow)) },
    negotiation: { head: negotiationHead, rows: sortedRows(negotiationRows(contract, isActive)) },
  };
}

/** The exporters that pin, move or revoke, and the others. */
export function exporterSides({ exporters }: Contract): {
  readonly active: readonly Exporter[];
  readonly passive: readonly Exporter[];
} {
  const isPassive = ({ pin, invalidations, revokes }: Exporter): boolean =>
    pin === null && invalidations.length === 0 && !revokes;
  return { active: exporters.filter((each) => !isPassive(each)), passive: exporters.filter(isPassive) };
}

/** A fact table as Markdown. */
export function tableNode({ head, rows }: FactTable): RootContent {
  return head === null
    ? list(rows.map(({ cells }) => cells[0] ?? []))
    : table([head, ...rows.map(({ cells }) => cells)]);
}

/** The core itself calls dma_buf_attach() in a wrapper; that is no importer. */
function isWrapper({ codebase }: Contract, file: string): boolean {
  return codebase.program.file(file)?.unit.functions.some(({ name }) => roleOf(name) === 'dynamic-attach') ?? false;
}
