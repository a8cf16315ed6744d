// Which exporters behave alike?

import type { Negotiation, NegotiationCell } from './negotiation.js';
import type { ExporterSide } from './negotiation-exporter.js';
import type { ImporterSide } from './negotiation-importer.js';

/** Exporters that behave alike towards every importer: one column of the matrix. */
export interface ExporterGroup {
  readonly exporters: readonly ExporterSide[];
  /** What they do, in words. */
  readonly title: string;
}

/** The matrix as people see it: exporters that behave alike share a column. */
export interface FoldedMatrix {
  readonly negotiation: Negotiation;
  readonly groups: readonly ExporterGroup[];
  cell(importer: ImporterSide, group: ExporterGroup): NegotiationCell;
}

/** Folds the exporters of a table into columns: first those that take memory back, last the many that never do. */
export function foldMatrix(negotiation: Negotiation): FoldedMatrix {
  const cells = new Map(negotiation.cells.map((cell) => [`${cell.importer}\0${cell.exporter}`, cell]));
  const cellOf = (importer: ImporterSide, exporter: ExporterSide): NegotiationCell => {
    const cell = cells.get(`${importer.key}\0${exporter.key}`);
    if (!cell) throw new Error(`no cell for ${importer.key} and ${exporter.key}`);
    return cell;
  };
  const byBehaviour = new Map<string, ExporterSide[]>();
  for (const exporter of negotiation.exporters) {
    const row = negotiation.importers.map((importer) => cellOf(importer, exporter));
    const key = [
      exporter.takesBack,
      exporter.pinPolicy,
      ...row.map(({ verdict, cause, mappingTypes }) => `${verdict} ${cause} ${mappingTypes?.join() ?? ''}`),
    ].join('\0');
    byBehaviour.set(key, [...(byBehaviour.get(key) ?? []), exporter]);
  }
  const groups = [...byBehaviour.values()]
    .map((exporters) => ({ exporters, title: titleOf(exporters) }))
    .sort(byWeight);
  return {
    negotiation,
    groups,
    cell(importer, { exporters: [first] }) {
      if (!first) throw new Error('a column without exporters');
      return cellOf(importer, first);
    },
  };
}

const weights = { revokes: 0, moves: 1, never: 2 } as const;

function byWeight({ exporters: [one] }: ExporterGroup, { exporters: [other] }: ExporterGroup): number {
  return weights[one?.takesBack ?? 'never'] - weights[other?.takesBack ?? 'never'];
}

function titleOf(exporters: readonly ExporterSide[]): string {
  const [first] = exporters;
  const does = { revokes: 'revokes', moves: 'moves', never: 'never takes memory back' }[first?.takesBack ?? 'never'];
  const pins = {
    none: '',
    accepts: ', can be pinned',
    'refuses-all': ', refuses pins',
    'refuses-non-revocable': ', refuses pins of non-revocable importers',
  }[first?.pinPolicy ?? 'none'];
  const attach = first?.peerToPeerCheck ? ', requires peer-to-peer' : '';
  return `${does}${pins}${attach}`;
}
