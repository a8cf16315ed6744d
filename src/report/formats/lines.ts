import { isAtLeast } from '../../lint/finding.js';
import { gapMessage, gapsOf, labelledFindings, ofAskedPatch, type RunReport } from '../run-report.js';
import { escapeForTerminal } from '../text/escape.js';
import { checkpatchLine, gccLines } from './finding-lines.js';

/**
 * Findings as a compiler prints them, which vim, emacs and CI systems parse:
 * `path:line:col: warning: message [rule-id]`, the trace and what was not analysed as `note:` lines.
 */
export function formatGcc(report: RunReport): string {
  const gaps = gapsOf(report).map((gap) => `${gap.file}:${gap.line ?? 1}:1: note: ${gapMessage(gap)}`);
  return [
    ...labelledFindings(report).flatMap(({ finding }) => gccLines(finding)),
    ...gaps.map((line) => `${escapeForTerminal(line)}\n`),
  ].join('');
}

/** Findings as checkpatch.pl prints them: one line each, and nothing else. */
export function formatCheckpatch(report: RunReport): string {
  return labelledFindings(report)
    .map(({ finding }) => checkpatchLine(finding))
    .join('');
}

/**
 * Findings for `b4 prep --check`: each line is a warning there, or a failure where it says `ERROR:`. b4 has nothing
 * below a warning: notes are left out.
 */
export function formatB4(report: RunReport): string {
  return ofAskedPatch(report)
    .filter(({ severity }) => isAtLeast(severity, 'warning'))
    .map(checkpatchLine)
    .join('');
}

/** What a test of NIPA prints: findings as compiler lines, what could not be analysed, and what it all comes to. */
export function formatNipa(report: RunReport): string {
  return `${formatGcc(report)}${report.summary}\n`;
}
