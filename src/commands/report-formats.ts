import { rules } from '../../rules/index.js';
import { isAtLeast, type Severity } from '../lint/index.js';
import {
  formatB4,
  formatB4Review,
  formatCheckpatch,
  formatGcc,
  formatGithub,
  formatGitlab,
  formatJunit,
  formatMail,
  formatNipa,
  type RunReport,
} from '../report/index.js';
import type { ReportFormat } from './format-names.js';
import { toolVersion } from './version.js';

/** Formats whose readers take every line on standard error for a failure, or read nothing but findings. */
const silent: ReadonlySet<string> = new Set(['checkpatch', 'b4', 'b4-review', 'json', 'markdown', 'text', 'nipa']);

/** Whether a line that sums up belongs on standard error beside a format. */
export function leavesRoomForSummary(format: string): boolean {
  return !silent.has(format);
}

/** A report in one format. */
export async function formatReport(format: ReportFormat, report: RunReport, failOn: Severity): Promise<string> {
  switch (format) {
    case 'gcc':
      return formatGcc(report);
    case 'checkpatch':
      return formatCheckpatch(report);
    case 'sarif':
      return await sarif(report);
    case 'junit':
      return formatJunit(report, { rules, failOn });
    case 'gitlab':
      return formatGitlab(report);
    case 'github':
      return formatGithub(report);
    case 'b4':
      return formatB4(report);
    case 'b4-review':
      return formatB4Review(report);
    case 'nipa':
      return formatNipa(report);
    case 'mail':
      return formatMail(report);
  }
}

/** The pages of the rules are read for this format only. */
async function sarif(report: RunReport): Promise<string> {
  const [{ formatSarif }, { sarifRule }, { readRulePage }] = await Promise.all([
    import('../report/sarif.js'),
    import('../report/sarif-rules.js'),
    import('../lint/rule-page.js'),
  ]);
  return formatSarif(report, {
    version: toolVersion(),
    rules: rules.map((rule) => sarifRule(rule, readRulePage(rule.id))),
  });
}

/** Whether a report has a finding at least this bad. */
export function hasFinding({ groups }: RunReport, severity: Severity): boolean {
  return groups.some(({ findings }) => findings.some((finding) => isAtLeast(finding.severity, severity)));
}
