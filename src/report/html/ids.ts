import type { BriefCell, Negotiation } from '../../contract/index.js';

/** The id of a cell's evidence; made of numbers, since a name from a tree may hold any character. */
export function evidenceId({ importers, exporters }: Negotiation, cell: BriefCell): string {
  const row = importers.findIndex(({ key }) => key === cell.importer);
  const column = exporters.findIndex(({ key }) => key === cell.exporter);
  return `evidence-${row}-${column}`;
}

/** The driver that a file belongs to, as people call it: the last two folders of its path. */
export function driverOf(file: string): string {
  return file.split('/').slice(0, -1).slice(-2).join('/') || file;
}
