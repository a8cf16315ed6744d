import { isAtLeast, type Severity } from '../../lint/finding.js';
import { formatB4, formatCheckpatch, formatGcc, formatNipa } from '../../report/formats/lines.js';
import type { RunReport } from '../../report/run-report.js';
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
      return (await import('../../report/formats/junit.js')).formatJunit(report, {
        rules: (await import('../../../rules/index.js')).rules,
        failOn,
      });
    case 'gitlab':
      return (await import('../../report/formats/gitlab.js')).formatGitlab(report);
    case 'github':
      return (await import('../../report/formats/github.js')).formatGithub(report);
    case 'b4':
      return formatB4(report);
    case 'b4-review':
      return (await import('../../report/formats/b4-review.js')).formatB4Review(report);
    case 'nipa':
      return formatNipa(report);
    case 'mail':
      return (await import('../../report/series/mail.js')).formatMail(report);
  }
}

/** The pages of the rules are read for this format only. */
async function sarif(report: RunReport): Promise<string> {
  const [{ rules }, { formatSarif }, { sarifRule }, { readRulePage }] = await Promise.all([
    import('../../../rules/index.js'),
    import('../../report/formats/sarif.js'),
    import('../../report/formats/sarif-rules.js'),
    import('../../lint/rule-page.js'),
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
