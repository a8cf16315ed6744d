import { severities } from '../../lint/index.js';
import { type GroupedFinding, gapMessage, gapsOf, labelledFindings, type RunReport } from '../run-report.js';
import { escapeForTerminal } from '../text/escape.js';
import { traceSteps } from './finding-lines.js';

const commands = { error: 'error', warning: 'warning', note: 'notice' } as const;

/**
 * Formats a report as annotations of a GitHub workflow, one command a line. GitHub shows ten of each kind per step, so
 * those on changed lines come first, and what was not analysed last. Source: GitHub's documentation, "Workflow commands".
 */
export function formatGithub(report: RunReport): string {
  const findings = [...labelledFindings(report)].sort(byImportance).map(({ finding }) => {
    const { rule, severity, file, line, column, message, trace } = finding;
    const title = `dmabuf-lint: ${rule}`;
    return command(
      commands[severity],
      { file, line, col: column, title },
      [message, ...traceSteps(trace)].map(escapeForTerminal).join('\n'),
    );
  });
  const gaps = gapsOf(report).map((gap) =>
    command(
      'notice',
      { file: gap.file, line: gap.line ?? 1, title: 'dmabuf-lint' },
      escapeForTerminal(gapMessage(gap)),
    ),
  );
  return [...findings, ...gaps].join('');
}

function byImportance(one: GroupedFinding, other: GroupedFinding): number {
  const isChanged = ({ finding, group }: GroupedFinding): boolean => group.isChanged(finding.file, finding.line);
  const severity = ({ finding }: GroupedFinding): number => severities.indexOf(finding.severity);
  const isOld = ({ group }: GroupedFinding): boolean => group.isOld ?? false;
  return (
    Number(isOld(one)) - Number(isOld(other)) ||
    Number(isChanged(other)) - Number(isChanged(one)) ||
    severity(one) - severity(other)
  );
}

function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(',')}::${escapeData(message)}\n`;
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeForTerminal(escapeData(text)).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
