import type { Exporter } from '../../contract/index.js';
import { text } from '../nodes.js';
import type { FactRow } from './fact-row.js';
import { type Label, labelKey, labelNodes } from './labels.js';

/** The head of the table of exporters. */
export const exporterHead: readonly string[] = [
  'Exporter',
  'Pinning',
  'Invalidates',
  'Waits for',
  'Importers that are not revocable',
];

/** The row of an exporter that pins, moves or revokes: what it does to importers, and which of them it refuses. */
export function exporterRow(exporter: Exporter, label: Label): FactRow {
  const { invalidations, revokes } = exporter;
  return {
    key: labelKey(label),
    cells: [
      labelNodes(label),
      [text(pinWords[exporter.pinPolicy])],
      [text(revokes ? 'to revoke' : invalidations.length > 0 ? 'to move' : 'never')],
      [text(waitWords(exporter))],
      [text(exporter.rejectsNonRevocable ? 'refused' : 'accepted')],
    ],
  };
}

/** The item of an exporter that neither pins nor invalidates. */
export function passiveExporterRow(label: Label): FactRow {
  return { key: labelKey(label), cells: [labelNodes(label)] };
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
