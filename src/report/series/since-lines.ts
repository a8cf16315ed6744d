import type { PlacedFinding, SincePrevious } from '../../lint/index.js';

/** What became of the findings of the revision before: a heading, and an item for each; null where neither had any. */
export interface SinceLines {
  /** `v6 -> v7`. */
  readonly head: string;
  readonly items: readonly SinceItem[];
}

interface SinceItem extends PlacedFinding {
  readonly became: 'still' | 'resolved';
}

/** What to show of the comparison with the revision before; null where there is nothing. */
export function sinceLines(since: SincePrevious | null): SinceLines | null {
  if (!since) return null;
  const items: readonly SinceItem[] = [
    ...since.still.map((one) => ({ ...one, became: 'still' as const })),
    ...since.resolved.map((one) => ({ ...one, became: 'resolved' as const })),
  ];
  return items.length === 0 ? null : { head: `${since.previous} -> ${since.next}`, items };
}

/** An item in one line: `4/8 still: path:12: message [rule]`. What is resolved has no line in the newer revision. */
export function sinceLine({ patch, became, finding }: SinceItem): string {
  const { file, line, message, rule } = finding;
  const place = became === 'still' ? `${file}:${line}` : file;
  return `${patch} ${became}: ${place}: ${message} [${rule}]`;
}
