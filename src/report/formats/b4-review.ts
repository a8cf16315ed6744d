import type { Finding, Severity } from '../../lint/index.js';
import { severities } from '../../lint/index.js';
import { gapMessage, gapsOf, ofAskedPatch, type RunReport } from '../run-report.js';
import { countOf } from '../text/count.js';
import { escapeForTerminal } from '../text/escape.js';
import { traceSteps } from './finding-lines.js';
import { formatJsonText } from './json-text.js';

const statuses = { error: 'fail', warning: 'warn', note: 'pass' } as const;

/**
 * Formats the answer to a check of `b4 review`: a JSON array with one result. Its details are a list that b4 shows line
 * by line; b4 stores them as text, so they are JSON within a string. Source: b4's review/checks.py and
 * review_tui/_modals.py.
 */
export function formatB4Review(report: RunReport): string {
  const { old, ...fresh } = report;
  const findings = ofAskedPatch(fresh);
  const gaps = gapsOf(report);
  const details = [
    ...findings.map(detail),
    // They do not count for the patch.
    ...(old?.findings ?? []).map((finding) => ({ ...detail(finding), status: 'pass', state: 'not new' })),
    ...gaps.map((gap) => ({
      status: 'warn',
      state: 'not analysed',
      context: escapeForTerminal(`${gap.file}:${gap.line ?? 1}`),
      description: escapeForTerminal(gapMessage(gap)),
    })),
  ];
  const worst = severities.find((severity) => findings.some((finding) => finding.severity === severity));
  const result = {
    tool: 'dmabuf-lint',
    status: worst ? statuses[worst] : 'pass',
    summary: summary(findings, gaps.length),
    url: '',
    details: details.length > 0 ? JSON.stringify(details) : '',
  };
  return formatJsonText([result]);
}

function detail({ rule, severity, file, line, message, trace }: Finding) {
  const steps = traceSteps(trace).join('; ');
  return {
    status: statuses[severity],
    state: severity,
    context: escapeForTerminal(`${file}:${line}`),
    description: escapeForTerminal(`${message} [${rule}]${steps ? ` (${steps})` : ''}`),
  };
}

function summary(findings: readonly Finding[], gaps: number): string {
  const counts = severities.flatMap((severity: Severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [countOf(number, severity)];
  });
  const found = counts.length > 0 ? counts.join(', ') : 'no new violation of the dma-buf contract';
  return gaps > 0 ? `${found}; ${gaps} not analysed` : found;
}
