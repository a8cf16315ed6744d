import type { Result } from '../lint/index.js';
import { escapeForTerminal } from './escape.js';

/**
 * Findings as a compiler prints them, which vim, emacs and CI systems parse:
 * `path:line:col: warning: message [rule-id]`, the trace as `note:` lines.
 */
export function formatGcc({ findings, contract }: Result): string {
  const lines: string[] = [];
  for (const finding of findings) {
    const place = `${finding.file}:${finding.line}:${finding.column}`;
    lines.push(`${place}: ${finding.severity}: ${finding.message} [${finding.rule}]`);
    for (const step of finding.trace) lines.push(`${step.file}:${step.line}:1: note: ${step.message}`);
  }
  for (const gap of contract.notAnalysed)
    lines.push(
      `${gap.file}:${gap.line ?? 1}:1: note: not analysed${gap.function ? ` (${gap.function}())` : ''}: ${gap.reason}`,
    );
  return lines.map((line) => `${escapeForTerminal(line)}\n`).join('');
}
