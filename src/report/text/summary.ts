import { severities } from '../../lint/finding.js';
import type { ScanOutcome } from '../../lint/index.js';
import { knownSummary } from './known.js';

/** One line that counts what there is, what is wrong, what was not analysed, and what that took. */
export function summaryLine(outcome: ScanOutcome): string {
  const { filesSeen, filesParsed } = outcome.facts.stats;
  return `${counts(outcome)} (${filesSeen} files seen, ${filesParsed} parsed, ${(outcome.milliseconds / 1000).toFixed(1)} s)`;
}

/** The same without what it took: it is what another run says too. */
export function counts(outcome: ScanOutcome): string {
  const { facts, findings } = outcome;
  const { importers, staticImporters, exporters } = facts.inventory;
  const { suppressed, notAnalysed } = facts;
  const bySeverity = severities
    .map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity] as const)
    .map(([number, severity]) => count(number, severity));
  const inventory = [
    count(importers.length, 'importer'),
    count(staticImporters.length, 'static importer'),
    count(exporters.length, 'exporter'),
  ];
  const left = suppressed.length > 0 ? `; ${count(suppressed.length, 'finding')} suppressed` : '';
  return `${inventory.join(', ')}; ${bySeverity.join(', ')}${knownSummary(outcome)}${left}; ${notAnalysed.length} not analysed`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
