import { type Finding, isAtLeast, type Severity } from '../finding.js';
import type { JudgedPatch, JudgedSeries } from './series.js';
import type { SeriesFinding } from './series-rule.js';

/** What there is to say of a series: every output format derives from this. */
export interface SeriesOutcome {
  readonly judged: JudgedSeries;
  /** What the rules about series report. */
  readonly findings: readonly SeriesFinding[];
  readonly milliseconds: number;
}

/** The outcome without what was not asked about. */
export function askedFor(outcome: SeriesOutcome): SeriesOutcome {
  const { judged, findings } = outcome;
  if (!judged.series.isOfFirst) return outcome;
  const patches = judged.patches.slice(0, 1);
  return {
    ...outcome,
    judged: { ...judged, patches },
    findings: findings.filter(({ patch }) => patch === null || patches.some((judged) => judged.patch.number === patch)),
  };
}

/** Every finding that the series is to blame for: about the whole, then patch by patch. */
export function newFindings(outcome: SeriesOutcome): readonly Finding[] {
  return [...ofWhole(outcome), ...outcome.judged.patches.flatMap((judged) => ofPatch(outcome, judged))];
}

/** The findings that are about no single patch. */
export function ofWhole({ findings }: SeriesOutcome): readonly SeriesFinding[] {
  return findings.filter(({ patch }) => patch === null);
}

/** What is to be said against one patch. What a rule about series tells of a place is not told again by another. */
export function ofPatch({ findings }: SeriesOutcome, { patch, comparison }: JudgedPatch): readonly Finding[] {
  const own = findings.filter((finding) => finding.patch === patch.number);
  const leftovers = new Set(own.filter(({ rule }) => rule === 'rename-leftover').map(placeKey));
  return [
    ...own,
    ...comparison.introduced.filter(({ rule, ...place }) => rule !== 'renamed-api' || !leftovers.has(placeKey(place))),
  ];
}

function placeKey({ file, line, column }: Pick<Finding, 'file' | 'line' | 'column'>): string {
  return `${file}:${line}:${column}`;
}

/** Whether the series is to blame for anything this bad. */
export function hasNew(outcome: SeriesOutcome, threshold: Severity): boolean {
  return newFindings(outcome).some(({ severity }) => isAtLeast(severity, threshold));
}

/** What was not analysed in the tree of a patch, and was in the tree before it. */
export function newGaps({
  before,
  after,
}: Pick<JudgedPatch, 'before' | 'after'>): NonNullable<JudgedPatch['after']>['notAnalysed'] {
  if (!after || after === before) return [];
  const key = (gap: { readonly file: string; readonly function: string | null; readonly reason: string }): string =>
    `${gap.file}\0${gap.function}\0${gap.reason}`;
  const known = new Set(before?.notAnalysed.map(key));
  return after.notAnalysed.filter((gap) => !known.has(key(gap)));
}
