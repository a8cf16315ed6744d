import { rules } from '../../../rules/index.js';
import type { Severity } from '../../lint/finding.js';
import { readRulePage } from '../../lint/rule-page.js';
import { formatJunit } from '../../report/formats/junit.js';
import { formatKcidb } from '../../report/formats/kcidb.js';
import { formatSarif } from '../../report/formats/sarif.js';
import { sarifRule } from '../../report/formats/sarif-rules.js';
import type { RunReport } from '../../report/run-report.js';
import { toolVersion } from '../cli/version.js';

// Formats that list the rules, whatever was found.

/** SARIF, with the pages of the rules. */
export function sarif(report: RunReport): string {
  return formatSarif(report, {
    version: toolVersion(),
    rules:
      report.checks?.map(({ id, summary }) => ({ id, shortDescription: { text: summary } })) ??
      rules.map((rule) => sarifRule(rule, readRulePage(rule.id))),
  });
}

/** KCIDB: a rule is a test. */
export function kcidb(report: RunReport, failOn: Severity): string {
  const checks = report.checks ?? rules;
  return formatKcidb(report, { version: report.version ?? toolVersion(), rules: checks.map(({ id }) => id), failOn });
}

/** JUnit: a rule is a test. */
export function junit(report: RunReport, failOn: Severity): string {
  const checks = report.checks?.map(({ id }) => ({ id, group: 'series' as const }));
  return formatJunit(report, { rules: checks ?? rules, failOn });
}
