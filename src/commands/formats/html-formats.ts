import type { ReportedJob } from '../../report/batch/batch-jobs.js';
import { formatBatchHtml } from '../../report/html/batch-page.js';
import { formatScanHtml } from '../../report/html/scan-page.js';
import type { RunReport } from '../../report/run-report.js';
import { toolVersion } from '../cli/version.js';

// The pages say which version of the tool made them.

export function scanHtml(report: RunReport): string {
  return formatScanHtml(report, toolVersion());
}

export function batchHtml(jobs: readonly ReportedJob[]): string {
  return formatBatchHtml(jobs, toolVersion());
}
