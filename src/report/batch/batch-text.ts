import { severities } from '../../lint/finding.js';
import { escapeForTerminal } from '../text/escape.js';
import { historyOf } from './batch-history.js';
import { findingsOf, type ReportedJob } from './batch-jobs.js';

/** Formats a line for each job: how it ended, how many findings it has, and what differs from the scan before it. */
export function formatBatchText(jobs: readonly ReportedJob[]): string {
  const history = historyOf(jobs);
  const lines = jobs.map((reported) => {
    const change = history.get(reported.job.id);
    const changed = change ? `; ${change.came.length} new and ${change.went.length} gone since ${change.since}` : '';
    return `${reported.job.id}: ${escapeForTerminal(sayJob(reported))}${changed}\n`;
  });
  return lines.join('');
}

/** How a job ended, in words. */
export function sayJob(reported: ReportedJob): string {
  switch (reported.kind) {
    case 'failed':
      return `failed: ${reported.error}`;
    case 'matrix': {
      const unsafe = reported.result.cells.filter(({ verdict }) => verdict === 'unsafe').length;
      return `${reported.result.cells.length} pairs, ${unsafe} of them unsafe`;
    }
    case 'scan':
    case 'series': {
      const found = findingsOf(reported).map(({ finding }) => finding.severity);
      return severities
        .map((severity) => {
          const count = found.filter((each) => each === severity).length;
          return `${count} ${severity}${count === 1 ? '' : 's'}`;
        })
        .join(', ');
    }
  }
}
