import type { Result } from '../lint/index.js';
import { severities } from '../lint/index.js';
import { knownSummary } from './known.js';

/** One line that counts what there is, what is wrong, what was not analysed, and what that took. */
export function summaryLine(result: Result): string {
  const { filesSeen, filesParsed, milliseconds } = result.stats;
  return `${counts(result)} (${filesSeen} files seen, ${filesParsed} parsed, ${(milliseconds / 1000).toFixed(1)} s)`;
}

/** The same without what it took: it is what another run says too. */
export function counts(result: Result): string {
  const { contract, findings, suppressed } = result;
  const bySeverity = severities
    .map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity] as const)
    .map(([number, severity]) => count(number, severity));
  const inventory = [
    count(contract.importers.length, 'importer'),
    count(contract.staticImporters.length, 'static importer'),
    count(contract.exporters.length, 'exporter'),
  ];
  const left = suppressed.length > 0 ? `; ${count(suppressed.length, 'finding')} suppressed` : '';
  return `${inventory.join(', ')}; ${bySeverity.join(', ')}${knownSummary(result)}${left}; ${contract.notAnalysed.length} not analysed`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
