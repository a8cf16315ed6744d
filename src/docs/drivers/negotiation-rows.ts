import type { PhrasingContent } from 'mdast';
import { type Contract, type NegotiationCell, type NegotiationVerdict, negotiationOf } from '../../contract/index.js';
import { text } from '../nodes.js';
import type { FactRow } from './fact-row.js';
import { exporterLabels, importerLabels, labelKey, labelNodes, shortNodes } from './labels.js';

/** A line of an exporter's list: a verdict, or that the importer takes no buffer of this exporter. */
type NegotiationLine = NegotiationVerdict | 'refused by the importer';

/** The lines in the order in which an exporter's list has them. */
export const negotiationLines: readonly NegotiationLine[] = [
  'unsafe',
  'may wait for ever',
  'works',
  'refused at attach',
  'refused at pin',
  'refused at map',
  'refused by the importer',
  'unknown',
];

/** How a line begins where it does not begin with its verdict. */
const lineWords: Readonly<Partial<Record<NegotiationLine, string>>> = { works: 'works with', unknown: 'not known' };

/** How a line begins. */
export function lineOpening(line: NegotiationLine): string {
  return lineWords[line] ?? line;
}

/** An importer with a private hook asks the exporter for nothing where the buffer is of another. */
function lineOf({ verdict, cause }: NegotiationCell): NegotiationLine {
  return cause === 'no private hook' ? 'refused by the importer' : verdict;
}

/**
 * For each exporter shown, the importers by verdict; test code is left out.
 * @returns rows with the exporter's label in the first cell, then a line for each verdict that occurs
 */
export function negotiationRows(contract: Contract, isShown: (key: string) => boolean): readonly FactRow[] {
  const { importers, exporters, cells } = negotiationOf(contract);
  const own = exporterLabels(contract);
  const theirs = importerLabels(contract);
  const names = new Map(
    importers
      .filter(({ isTest }) => !isTest)
      .map(({ key, kind }) => {
        const label = theirs.get(key);
        return [key, kind === 'static' || !label ? [text('static importers')] : shortNodes(label)] as const;
      }),
  );
  return exporters.flatMap(({ key }) => {
    const label = own.get(key);
    if (!label || !isShown(key)) return [];
    const of = cells.filter(({ exporter, importer }) => exporter === key && names.has(importer));
    return [{ key: labelKey(label), cells: [labelNodes(label), ...lines(of, names)] }];
  });
}

function lines(
  cells: readonly NegotiationCell[],
  names: ReadonlyMap<string, readonly PhrasingContent[]>,
): readonly (readonly PhrasingContent[])[] {
  return negotiationLines.flatMap((line) => {
    const found = cells.filter((cell) => lineOf(cell) === line);
    if (found.length === 0) return [];
    const words = found.flatMap(({ importer }, index) => [
      ...(index > 0 ? [text(', ')] : []),
      ...(names.get(importer) ?? []),
    ]);
    return [[text(`${lineOpening(line)}: `), ...words]];
  });
}
