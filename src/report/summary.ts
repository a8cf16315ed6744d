import type { Result } from '../lint/index.js';
import { severities } from '../lint/index.js';
import { knownSummary } from './known.js';

/** One line that counts what there is, what is wrong, and what was not analysed. */
export function summaryLine(result: Result): string {
  const { contract, findings, suppressed, stats } = result;
  const bySeverity = severities
    .map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity] as const)
    .map(([number, severity]) => count(number, severity));
  const inventory = [
    count(contract.importers.length, 'importer'),
    count(contract.staticImporters.length, 'static importer'),
    count(contract.exporters.length, 'exporter'),
  ];
  const left = suppressed.length > 0 ? `; ${count(suppressed.length, 'finding')} suppressed` : '';
  return (
    `${inventory.join(', ')}; ${bySeverity.join(', ')}${knownSummary(result)}${left}; ${contract.notAnalysed.length} not analysed ` +
    `(${stats.filesSeen} files seen, ${stats.filesParsed} parsed, ${(stats.milliseconds / 1000).toFixed(1)} s)`
  );
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
