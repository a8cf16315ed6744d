import type { PhrasingContent } from 'mdast';
import { type Contract, type NegotiationCell, type NegotiationVerdict, negotiationOf } from '../../contract/index.js';
import type { FactRow } from './tables.js';

/** The columns beside the exporter: what comes of the importers named there. */
const columns: readonly (readonly [head: string, verdicts: readonly NegotiationVerdict[]])[] = [
  ['Works with', ['works']],
  ['Refuses', ['refused at attach', 'refused at pin', 'refused at map']],
  ['Unsafe, or may wait for ever', ['unsafe', 'may wait for ever']],
  ['Not known', ['unknown']],
];

export const negotiationHead: readonly string[] = ['Exporter', ...columns.map(([head]) => head)];

/** A row for each exporter that takes memory back or asks something of importers. */
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

/** The importers of some verdicts; for a refusal with where it comes. */
function importersIn(
  cells: readonly NegotiationCell[],
  verdicts: readonly NegotiationVerdict[],
  names: ReadonlyMap<string, string | null>,
): readonly PhrasingContent[] {
  const found = cells.filter(({ verdict }) => verdicts.includes(verdict));
  if (found.length === 0) return [text('none')];
  return found.flatMap(({ importer, verdict }, index) => {
    const name = names.get(importer) ?? null;
    const stage = /^refused (at \w+)$/.exec(verdict)?.[1];
    return [
      ...(index > 0 ? [text(', ')] : []),
      name === null ? text('static importers') : code(name),
      ...(stage ? [text(` (${stage})`)] : []),
    ];
  });
}

function text(value: string): PhrasingContent {
  return { type: 'text', value };
}

function code(value: string): PhrasingContent {
  return { type: 'inlineCode', value };
}
