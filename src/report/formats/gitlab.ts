import { createHash } from 'node:crypto';
import { gapMessage, gapsOf, labelledFindings, type RunReport } from '../run-report.js';
import { formatJsonText } from './json-text.js';

/** The words of GitLab for how bad something is. */
const severities = { error: 'critical', warning: 'major', note: 'info' } as const;

/**
 * The Code Quality report of a GitLab job, as one line of JSON text: what its merge request widget shows. Source:
 * GitLab's documentation, "Code Quality report format". What was not analysed is told as `info`.
 */
export function formatGitlab(report: RunReport): string {
  const findings = labelledFindings(report).map(({ finding: { rule, severity, file, line, message, fingerprint } }) =>
    issue({ description: message, check: rule, fingerprint, severity: severities[severity], path: file, line }),
  );
  const gaps = gapsOf(report).map((gap) =>
    issue({
      description: gapMessage(gap),
      check: 'not-analysed',
      fingerprint: hash(`${gap.file}\0${gap.function ?? gap.line}\0${gap.reason}`),
      severity: 'info',
      path: gap.file,
      line: gap.line ?? 1,
    }),
  );
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
