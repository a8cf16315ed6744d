// What differs between the negotiation tables of two trees?

import type { Negotiation, NegotiationCell } from './negotiation.js';
import { negotiationVerdicts } from './negotiation-verdict.js';
import { fileOfKey } from './ops-keys.js';

/** A cell without its evidence. */
export type BriefCell = Pick<NegotiationCell, 'importer' | 'exporter' | 'verdict' | 'cause' | 'reason'>;

/** A table without its evidence: what a comparison needs, and what can be stored. */
export interface BriefNegotiation {
  readonly importers: readonly Named[];
  readonly exporters: readonly Named[];
  readonly cells: readonly BriefCell[];
}

/** Returns a table without its evidence. */
export function briefNegotiation({ importers, exporters, cells }: Negotiation): BriefNegotiation {
  const named = ({ key, name }: Named): Named => ({ key, name });
  return {
    importers: importers.map(named),
    exporters: exporters.map(named),
    cells: cells.map(({ importer, exporter, verdict, cause, reason }) => ({
      importer,
      exporter,
      verdict,
      cause,
      reason,
    })),
  };
}

/** A cell whose verdict differs between two tables. */
export interface CellChange {
  readonly kind: 'better' | 'worse';
  readonly before: BriefCell;
  readonly after: BriefCell;
}

/** An importer or exporter that only one of two tables has, with its cells there. */
export interface SideChange {
  readonly kind: 'new' | 'gone';
  readonly side: 'importer' | 'exporter';
  readonly key: string;
  readonly name: string;
  readonly cells: readonly BriefCell[];
}

/** The differences between two tables. */
export interface NegotiationChanges {
  readonly cells: readonly CellChange[];
  readonly sides: readonly SideChange[];
}

/**
 * Compares the tables of two trees. An importer or exporter that moved to another file under the same name counts as the
 * same, and so does one that has another name in the same file.
 */
export function compareNegotiations(before: BriefNegotiation, after: BriefNegotiation): NegotiationChanges {
  const names = {
    importer: matching(before.importers, after.importers),
    exporter: matching(before.exporters, after.exporters),
  };
  const formerKey = (cell: BriefCell): string | null => {
    const [importer, exporter] = [names.importer.get(cell.importer), names.exporter.get(cell.exporter)];
    return importer && exporter ? `${importer}\0${exporter}` : null;
  };
  const old = new Map(before.cells.map((cell) => [`${cell.importer}\0${cell.exporter}`, cell]));
  const cells = after.cells.flatMap((cell): CellChange[] => {
    const former = old.get(formerKey(cell) ?? '');
    if (!former || former.verdict === cell.verdict) return [];
    const isBetter = rank(cell) > rank(former);
    return [{ kind: isBetter ? 'better' : 'worse', before: former, after: cell }];
  });
  const sides = (['importer', 'exporter'] as const).flatMap((side) => [
    ...newSides(side, after, new Set(names[side].keys()), 'new'),
    ...newSides(side, before, new Set(names[side].values()), 'gone'),
  ]);
  // The sides with the worst cells come first; those without cells come last.
  return { cells, sides: [...sides].sort((one, other) => worstOf(one) - worstOf(other)) };
}

function worstOf({ cells }: SideChange): number {
  return Math.min(...cells.map(rank), negotiationVerdicts.length);
}

/** A higher rank is a better verdict. */
function rank({ verdict }: BriefCell): number {
  return negotiationVerdicts.indexOf(verdict);
}

interface Named {
  readonly key: string;
  readonly name: string;
}

/**
 * The old key by the new key, of every side that both tables have: the same key, or else a name that is unique in both, or
 * else a table that has another name in the same file.
 */
function matching(before: readonly Named[], after: readonly Named[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  const old = new Set(before.map(({ key }) => key));
  for (const { key } of after) if (old.has(key)) pairs.set(key, key);
  const left = (sides: readonly Named[], taken: ReadonlySet<string>): readonly Named[] =>
    sides.filter(({ key }) => !taken.has(key));
  const gone = left(before, new Set(pairs.values()));
  const fresh = left(after, new Set(pairs.keys()));
  for (const { key, name } of fresh) {
    const same = gone.filter((one) => one.name === name);
    if (same.length === 1 && fresh.filter((one) => one.name === name).length === 1) pairs.set(key, same[0]?.key ?? key);
  }
  const renamed = left(before, new Set(pairs.values()));
  const named = left(after, new Set(pairs.keys()));
  for (const { key } of named) {
    const same = renamed.filter((one) => fileOfKey(one.key) === fileOfKey(key));
    const others = named.filter((one) => fileOfKey(one.key) === fileOfKey(key));
    if (fileOfKey(key) !== null && same.length === 1 && others.length === 1) pairs.set(key, same[0]?.key ?? key);
  }
  return pairs;
}

function newSides(
  side: 'importer' | 'exporter',
  table: BriefNegotiation,
  known: ReadonlySet<string>,
  kind: SideChange['kind'],
): readonly SideChange[] {
  return table[`${side}s`]
    .filter(({ key }) => !known.has(key))
    .map(({ key, name }) => ({ kind, side, key, name, cells: table.cells.filter((cell) => cell[side] === key) }));
}
