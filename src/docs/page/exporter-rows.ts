import type { Exporter } from '../../contract/index.js';
import { code, text } from '../nodes.js';
import type { FactRow } from './fact-row.js';

/** The head of the table of exporters. */
export const exporterHead: readonly string[] = [
  'Exporter',
  'Defined in',
  'Pinning',
  'Invalidates',
  'Waits for',
  'Importers that cannot be revoked',
];

/** The row of an exporter that pins, moves or revokes: what it does to importers, and which of them it refuses. */
export function exporterRow(exporter: Exporter): FactRow {
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

/** The item of an exporter that neither pins nor invalidates. */
export function passiveExporterRow({ table, isTest }: Exporter): FactRow {
  return {
    key: `${table.name} ${table.path}`,
    cells: [[code(table.name), text(` (${table.path}${isTest ? ', test code' : ''})`)]],
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
