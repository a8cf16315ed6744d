import {
  type BriefCell,
  type Negotiation,
  type NegotiationChanges,
  negotiationVerdicts,
  opsOfKey,
} from '../../contract/index.js';
import { coloursFor } from '../text/colour.js';
import { escapeForTerminal } from '../text/escape.js';
import { fitted, wrap } from '../text/wrap.js';

/** Longer lines are hard to read. */
const widest = 100;

/**
 * Formats what differs between two negotiation tables, for a terminal.
 * @param columns how wide it is; null if nobody knows
 */
export function formatMatrixChanges(
  before: Negotiation,
  after: Negotiation,
  { cells, sides }: NegotiationChanges,
  { colour, columns }: { readonly colour: boolean; readonly columns: number | null },
): string {
  const width = Math.min(columns ?? widest, widest);
  const colours = coloursFor(colour);
  const head = colours.bold(escapeForTerminal(`linux ${before.kernelVersion ?? '?'} -> ${after.kernelVersion ?? '?'}`));
  const changed = cells.flatMap(({ kind, before: old, after: now }) => {
    const pair = escapeForTerminal(`${opsOfKey(now.importer)} x ${opsOfKey(now.exporter)}`);
    const paint = kind === 'worse' ? colours.red : colours.cyan;
    return [
      `  ${paint(kind)}: ${pair}: ${old.verdict} -> ${now.verdict}`,
      ...wrap(escapeForTerminal(now.reason), width - 6).map((line) => `      ${line}`),
    ];
  });
  const others = sides.flatMap(({ kind, side, name, cells: own }) => [
    `  ${kind} ${side} ${escapeForTerminal(name)}${own.every(({ verdict }) => verdict === 'works') ? `: works with all ${own.length}` : ''}`,
    ...byVerdict(own, side).flatMap(([verdict, names]) =>
      wrap(`${verdict}: ${names.map(escapeForTerminal).join(', ')}`, width - 8, '    ').map((line) => `      ${line}`),
    ),
  ]);
  const lines = [...changed, ...others];
  const text = lines.length === 0 ? '  nothing changes' : lines.join('\n');
  return fitted(`${head}\n${text}\n`, columns);
}

/**
 * The other sides of some cells, by verdict, the worst verdict first.
 * @param side the side that all the cells share
 * @param nameOf says what the other side is called, by its key
 * @returns an empty list if every cell works
 */
export function byVerdict(
  cells: readonly BriefCell[],
  side: 'importer' | 'exporter',
  nameOf: (key: string) => string = opsOfKey,
): readonly (readonly [string, readonly string[]])[] {
  const other = side === 'exporter' ? 'importer' : 'exporter';
  if (cells.every(({ verdict }) => verdict === 'works')) return [];
  return negotiationVerdicts.flatMap((verdict) => {
    const names = cells.filter((cell) => cell.verdict === verdict).map((cell) => nameOf(cell[other]));
    return names.length === 0 ? [] : [[verdict, names] as const];
  });
}
