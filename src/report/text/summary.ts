import { severities } from '../../lint/finding.js';
import type { ScanOutcome } from '../../lint/index.js';
import { countOf } from './count.js';
import { knownSummary } from './known.js';
import { partText } from './part.js';

/** The summary of a scan, one line: what the tree has, what is wrong, what was not analysed, and how long it took. */
export function summaryLine(outcome: ScanOutcome): string {
  const { filesSeen, filesParsed } = outcome.facts.stats;
  return `${counts(outcome)} (${filesSeen} files seen, ${filesParsed} parsed, ${(outcome.milliseconds / 1000).toFixed(1)} s)`;
}

/** How much is not analysed; of a change, how much more. */
function gapsText(gaps: number, { oldGaps }: ScanOutcome): string {
  return oldGaps === undefined ? `${gaps} not analysed` : `${gaps} more not analysed (${oldGaps} as before)`;
}

/** The summary without files and time, so that two runs on one tree give the same text. */
export function counts(outcome: ScanOutcome): string {
  const { facts, findings } = outcome;
  const { importers, staticImporters, exporters } = facts.inventory;
  const { suppressed, notAnalysed } = facts;
  const bySeverity = severities.map((severity) =>
    countOf(findings.filter((finding) => finding.severity === severity).length, severity),
  );
  const inventory = [
    countOf(importers.length, 'importer'),
    countOf(staticImporters.length, 'static importer'),
    countOf(exporters.length, 'exporter'),
  ];
  const left = suppressed.length > 0 ? `; ${countOf(suppressed.length, 'finding')} suppressed` : '';
  const found = `${inventory.join(', ')}; ${bySeverity.join(', ')}${knownSummary(outcome)}${left}`;
  return [found, gapsText(notAnalysed.length, outcome), ...partText(outcome.part ?? null)].join('; ');
}
