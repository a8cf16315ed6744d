import { newFindings, newGaps, oldFindings, type SeriesOutcome, severities } from '../../lint/index.js';
import { countOf } from '../text/count.js';
import { partText } from '../text/part.js';

/** The summary of a series, one line: what it adds and fixes, and how long the run took. */
export function seriesSummary(outcome: SeriesOutcome): string {
  return `${seriesCounts(outcome)} (${(outcome.milliseconds / 1000).toFixed(1)} s)`;
}

/** The summary without the time, so that two runs on one series give the same text. */
export function seriesCounts(outcome: SeriesOutcome): string {
  const { patches, end } = outcome.judged;
  const found = newFindings(outcome);
  const bySeverity = severities.map((severity) =>
    countOf(found.filter((finding) => finding.severity === severity).length, severity),
  );
  const what = `${countOf(patches.length, 'patch', 'patches')}: `;
  if (end === null)
    return found.length > 0
      ? `${what}${bySeverity.join(', ')} new; no other change touches the dma-buf contract`
      : `${what}nothing touches the dma-buf contract`;
  const fixed = patches.reduce((sum, { comparison }) => sum + comparison.fixed.length, 0);
  const old = oldFindings(outcome).length;
  const gaps = patches.reduce((sum, judgedPatch) => sum + newGaps(judgedPatch).length, 0);
  return [
    `${what}${bySeverity.join(', ')} new; ${fixed} fixed`,
    `${countOf(old, 'old finding')} left out${old > 0 ? ' (--all shows them)' : ''}`,
    `${gaps} more not analysed`,
    ...partText(outcome.part),
  ].join('; ');
}
