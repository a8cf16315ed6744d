import type { PhrasingContent } from 'mdast';
import { type Contract, type NegotiationCell, type NegotiationVerdict, negotiationOf } from '../../contract/index.js';
import { code, text } from '../nodes.js';
import type { FactRow } from './fact-row.js';

/** The columns beside the exporter: each lists the importers with some verdicts. */
const columns: readonly (readonly [head: string, verdicts: readonly NegotiationVerdict[]])[] = [
  ['Works with', ['works']],
  ['Refuses', ['refused at attach', 'refused at pin', 'refused at map']],
  ['Unsafe, or may wait for ever', ['unsafe', 'may wait for ever']],
  ['Not known', ['unknown']],
];

/** The head of the table of who can attach to whom. */
export const negotiationHead: readonly string[] = ['Exporter', ...columns.map(([head]) => head)];

/** A row for each exporter shown: which importers it works with, refuses, or endangers. */
export function negotiationRows(
  contract: Contract,
  isShown: (name: string, file: string) => boolean,
): readonly FactRow[] {
  const { importers, exporters, cells } = negotiationOf(contract);
  const names = new Map(importers.map(({ key, kind, name }) => [key, kind === 'static' ? null : name]));
  return exporters
    .filter(({ name, place }) => isShown(name, place.file))
    .map(({ key, name, place }) => {
      const own = cells.filter(({ exporter }) => exporter === key);
      return {
        key: `negotiation ${name} ${place.file}`,
        cells: [[code(name)], ...columns.map(([, verdicts]) => importersIn(own, verdicts, names))],
      };
    });
}

/** Where an exporter refuses an importer. */
const refusals: Readonly<Partial<Record<NegotiationVerdict, string>>> = {
  'refused at attach': ' (at attach)',
  'refused at pin': ' (at pin)',
  'refused at map': ' (at map)',
};

/** The importers with some verdicts; for a refusal also where it happens. */
function importersIn(
  cells: readonly NegotiationCell[],
  verdicts: readonly NegotiationVerdict[],
  names: ReadonlyMap<string, string | null>,
): readonly PhrasingContent[] {
  const found = cells.filter(({ verdict }) => verdicts.includes(verdict));
  if (found.length === 0) return [text('none')];
  return found.flatMap(({ importer, verdict }, index) => {
    const name = names.get(importer) ?? null;
    const refusal = refusals[verdict];
    return [
      ...(index > 0 ? [text(', ')] : []),
      name === null ? text('static importers') : code(name),
      ...(refusal ? [text(refusal)] : []),
    ];
  });
}
