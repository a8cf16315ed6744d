import { newFindings, newGaps, type SeriesOutcome, severities } from '../../lint/index.js';

/** One line that counts what a series does, and tells how long that took to find out. */
export function seriesSummary(outcome: SeriesOutcome): string {
  return `${seriesCounts(outcome)} (${(outcome.milliseconds / 1000).toFixed(1)} s)`;
}

/** The same without the time: it is what another run says too. */
export function seriesCounts(outcome: SeriesOutcome): string {
  const { patches, end } = outcome.judged;
  const found = newFindings(outcome);
  const bySeverity = severities.map((severity) =>
    count(found.filter((finding) => finding.severity === severity).length, severity, 's'),
  );
  const what = `${count(patches.length, 'patch', 'es')}: `;
  if (end === null)
    return found.length > 0
      ? `${what}${bySeverity.join(', ')} new; nothing else touches the dma-buf contract`
      : `${what}nothing touches the dma-buf contract`;
  const fixed = patches.reduce((sum, { comparison }) => sum + comparison.fixed.length, 0);
  const old = patches.at(-1)?.comparison.unchanged.length ?? end.findings.length;
  const gaps = patches.reduce((sum, judgedPatch) => sum + newGaps(judgedPatch).length, 0);
  return [
    `${what}${bySeverity.join(', ')} new; ${fixed} fixed`,
    `${count(old, 'old finding', 's')} left out${old > 0 ? ' (--all shows them)' : ''}`,
    `${gaps} more not analysed`,
  ].join('; ');
}

function count(number: number, what: string, plural: string): string {
  return `${number} ${what}${number === 1 ? '' : plural}`;
}
