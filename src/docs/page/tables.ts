import type { ListItem, PhrasingContent, RootContent, Table, TableCell } from 'mdast';
import type { Contract, Exporter, Importer } from '../../contract/index.js';
import { negotiationHead, negotiationRows } from './negotiation-rows.js';

/** One fact of a table: its key is what stands in the first cell, and is known again when the table is compared. */
export interface FactRow {
  readonly key: string;
  readonly cells: readonly (readonly PhrasingContent[])[];
}

/** A generated table or list of the page. */
export interface FactTable {
  /** What a row is about, for messages: `importer`. */
  readonly subject: string;
  /** Null for a list. */
  readonly head: readonly string[] | null;
  readonly rows: readonly FactRow[];
}

export type TableName = 'importers' | 'static-importers' | 'exporters' | 'passive-exporters' | 'negotiation';

/** Every table of the page, from the model. */
export function factTables(contract: Contract): Readonly<Record<TableName, FactTable>> {
  const byKey = (left: FactRow, right: FactRow): number => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0);
  const { active, passive } = exporterSides(contract);
  return {
    importers: {
      subject: 'importer',
      head: ['Importer', 'Defined in', 'Pins', 'When called back', 'Can be invalidated'],
      rows: contract.importers.map(importerRow).sort(byKey),
    },
    'static-importers': {
      subject: 'static importer',
      head: null,
      rows: unique(
        contract.staticImporters.filter(({ place }) => !isWrapper(contract, place.file)).map(staticRow),
      ).sort(byKey),
    },
    exporters: {
      subject: 'exporter',
      head: ['Exporter', 'Defined in', 'Pinning', 'Invalidates', 'Waits for', 'Importers that cannot be revoked'],
      rows: active.map(exporterRow).sort(byKey),
    },
    'passive-exporters': { subject: 'exporter', head: null, rows: passive.map(passiveRow).sort(byKey) },
    negotiation: {
      subject: 'what comes of exporter',
      head: negotiationHead,
      rows: [
        ...negotiationRows(contract, (name, file) =>
          active.some(({ table }) => table.name === name && table.path === file),
        ),
      ].sort(byKey),
    },
  };
}

/** The exporters that pin, move or revoke, and those of which there is nothing to tell. */
export function exporterSides({ exporters }: Contract): {
  readonly active: readonly Exporter[];
  readonly passive: readonly Exporter[];
} {
  const isPassive = ({ pin, invalidations, revokes }: Exporter): boolean =>
    pin === null && invalidations.length === 0 && !revokes;
  return { active: exporters.filter((each) => !isPassive(each)), passive: exporters.filter(isPassive) };
}

/** The core attaches for its own wrapper: that is no importer. */
function isWrapper({ codebase }: Contract, file: string): boolean {
  return codebase.program.file(file)?.unit.functions.some(({ name }) => name === 'dma_buf_dynamic_attach') ?? false;
}

/** As Markdown. */
export function tableNode({ head, rows }: FactTable): RootContent {
  if (head === null)
    return { type: 'list', ordered: false, spread: false, children: rows.map(({ cells }) => listItem(cells[0] ?? [])) };
  const cell = (children: readonly PhrasingContent[]): TableCell => ({ type: 'tableCell', children: [...children] });
  const table: Table = {
    type: 'table',
    children: [head.map((word) => [text(word)]), ...rows.map(({ cells }) => cells)].map((cells) => ({
      type: 'tableRow',
      children: cells.map(cell),
    })),
  };
  return table;
}

function listItem(children: readonly PhrasingContent[]): ListItem {
  return { type: 'listItem', spread: false, children: [{ type: 'paragraph', children: [...children] }] };
}

function importerRow(importer: Importer): FactRow {
  const { table, pins, isTest } = importer;
  return {
    key: `${table.name} ${table.path}`,
    cells: [
      [code(table.name)],
      [text(`${table.path}${isTest ? ' (test code)' : ''}`), ...usersOf(importer)],
      [text(pins)],
      [text(callbackWords(importer))],
      [text(statusWords[importer.status])],
    ],
  };
}

const statusWords: Readonly<Record<Importer['status'], string>> = {
  revocable: 'yes',
  'declared-non-revocable': 'no, and says so',
  'undeclared-non-revocable': 'no, and does not say so',
  unsafe: 'no, and maps without a pin',
  unknown: 'not known',
};

/** What the importer does when it is called. */
export function callbackWords({ verdict }: Pick<Importer, 'verdict'>): string {
  switch (verdict.kind) {
    case 'absent':
      return 'has no callback';
    case 'stub':
      return verdict.only === 'warns' ? 'only warns' : 'does nothing';
    case 'unmaps':
      return 'unmaps';
    case 'blocks-access':
      return verdict.how;
    case 'never-unmaps':
      return 'does not unmap';
    case 'defers':
    case 'opaque':
      return 'not known';
  }
}

/** Drivers that use the ops of somebody else, by their folders. */
export function userNames({ usedBy, table }: Pick<Importer, 'usedBy' | 'table'>): readonly string[] {
  const own = folderOf(table.path);
  const others = usedBy.map(({ file }) => folderOf(file)).filter((folder) => folder !== own);
  return [...new Set(others.map((folder) => folder.slice(folder.lastIndexOf('/') + 1)))].sort();
}

function usersOf(importer: Importer): readonly PhrasingContent[] {
  const names = userNames(importer);
  return names.length > 0 ? [text(`, for ${listWords(names)}`)] : [];
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function staticRow({ place }: Contract['staticImporters'][number]): FactRow {
  const name = place.function ?? place.file;
  return {
    key: `${name} ${place.file}`,
    cells: [place.function ? [code(`${place.function}()`), text(` (${place.file})`)] : [text(place.file)]],
  };
}

function exporterRow(exporter: Exporter): FactRow {
  const { table, isTest, invalidations, revokes } = exporter;
  return {
    key: `${table.name} ${table.path}`,
    cells: [
      [code(table.name)],
      [text(`${table.path}${isTest ? ' (test code)' : ''}`)],
      [text(pinWords[exporter.pinPolicy])],
      [text(revokes ? 'to revoke' : invalidations.length > 0 ? 'to move' : 'never')],
      [text(waitWords(exporter))],
      [text(exporter.rejectsNonRevocable ? 'refused' : 'accepted')],
    ],
  };
}

const pinWords: Readonly<Record<Exporter['pinPolicy'], string>> = {
  none: 'always succeeds',
  accepts: 'accepted',
  'refuses-all': 'refused',
  'refuses-non-revocable': 'refused if the importer cannot be revoked',
};

function waitWords({ waitsForFences, waitsForUnmap, invalidations, revokes }: Exporter): string {
  if (invalidations.length === 0) return 'nothing';
  const known = [waitsForFences ? 'fences' : '', waitsForUnmap ? 'unmaps' : ''].filter(Boolean);
  const isUnknown = waitsForFences === null || (revokes && waitsForUnmap === null);
  if (isUnknown) return known.length > 0 ? `${known[0]}; the rest is not known` : 'not known';
  return known.join(', then ') || 'nothing';
}

function passiveRow({ table, isTest }: Exporter): FactRow {
  return {
    key: `${table.name} ${table.path}`,
    cells: [[code(table.name), text(` (${table.path}${isTest ? ', test code' : ''})`)]],
  };
}

function unique(rows: readonly FactRow[]): FactRow[] {
  return [...new Map(rows.map((row) => [row.key, row])).values()];
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function text(value: string): PhrasingContent {
  return { type: 'text', value };
}

function code(value: string): PhrasingContent {
  return { type: 'inlineCode', value };
}
