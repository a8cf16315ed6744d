import { createHash } from 'node:crypto';
import { gapMessage, gapsOf, labelledFindings, type RunReport } from '../run-report.js';
import { formatJsonText } from './json-text.js';

/** GitLab's names of our severities. */
const severities = { error: 'critical', warning: 'major', note: 'info' } as const;

/**
 * Formats a report as the Code Quality report of a GitLab job, which the widget of a merge request shows, as JSON. What
 * was not analysed has the severity `info`. Source: GitLab's documentation, "Code Quality report format".
 */
export function formatGitlab(report: RunReport): string {
  const findings = labelledFindings(report).map(({ finding: { rule, severity, file, line, message, fingerprint } }) =>
    issue({ description: message, check: rule, fingerprint, severity: severities[severity], path: file, line }),
  );
  // GitLab shows one of several issues with the same fingerprint.
  const times = new Map<string, number>();
  const gaps = gapsOf(report).map((gap) => {
    const text = `${gap.file}\0${gap.function ?? gap.line}\0${gap.reason}`;
    const before = times.get(text) ?? 0;
    times.set(text, before + 1);
    return issue({
      description: gapMessage(gap),
      check: 'not-analysed',
      fingerprint: hash(before === 0 ? text : `${text}\0${before}`),
      severity: 'info',
      path: gap.file,
      line: gap.line ?? 1,
    });
  });
  return formatJsonText([...findings, ...gaps]);
}

interface Issue {
  readonly description: string;
  readonly check: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly path: string;
  readonly line: number;
}

function issue({ description, check, fingerprint, severity, path, line }: Issue) {
  return { description, check_name: check, fingerprint, severity, location: { path, lines: { begin: line } } };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
