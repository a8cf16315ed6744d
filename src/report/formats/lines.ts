import { basename } from 'node:path/posix';
import { type Finding, isAtLeast } from '../../lint/finding.js';
import { gapMessage, gapsOf, labelledFindings, ofAskedPatch, type RunReport } from '../run-report.js';
import { escapeForTerminal } from '../text/escape.js';
import { checkpatchLine, gccLines } from './finding-lines.js';

/**
 * Formats a report as a compiler prints it, which vim, emacs and CI systems parse:
 * `path:line:col: warning: message [rule-id]`. The trace and what was not analysed become `note:` lines.
 */
export function formatGcc(report: RunReport): string {
  const gaps = gapsOf(report).map((gap) => `${gap.file}:${gap.line ?? 1}:1: note: ${gapMessage(gap)}`);
  return [
    ...labelledFindings(report).flatMap(({ finding }) => gccLines(finding)),
    ...gaps.map((line) => `${escapeForTerminal(line)}\n`),
  ].join('');
}

/** Formats findings as checkpatch.pl prints them: one line each, and nothing else. */
export function formatCheckpatch(report: RunReport): string {
  return labelledFindings(report)
    .map(({ finding }) => checkpatchLine(finding))
    .join('');
}

/**
 * Formats findings for `b4 prep --check`, which takes each line for a warning, or for a failure if it contains `ERROR:`.
 * b4 knows nothing below a warning, so notes are left out. It prints what it gets within its own lines, so each is short:
 * the trace is left to `b4-review`, which has details.
 *
 * The reason of a suppression is said all the same: whoever reviews the patch decides by it.
 */
export function formatB4(report: RunReport): string {
  return ofAskedPatch(report)
    .filter(({ severity }) => isAtLeast(severity, 'warning'))
    .map(b4Line)
    .join('');
}

function b4Line(finding: Finding): string {
  const { brief, file } = finding;
  if (brief === undefined) return shortened(checkpatchLine({ ...finding, trace: [] }));
  const short = { ...finding, message: brief, trace: [] };
  const line = checkpatchLine(short);
  // b4 prints it below the patch, which has the whole path.
  return line.length <= mostForB4 + 1 ? line : shortened(checkpatchLine({ ...short, file: `…/${basename(file)}` }));
}

/** Longer lines for b4 end where a word does. */
const mostForB4 = 100;

function shortened(line: string): string {
  if (line.length <= mostForB4 + 1) return line;
  const end = line.lastIndexOf(' ', mostForB4 - 1);
  return end > 0 ? `${line.slice(0, end)}…\n` : line;
}

/** Formats a report as a NIPA test prints it: compiler lines, then the summary. */
export function formatNipa(report: RunReport): string {
  return `${formatGcc(report)}${report.summary}\n`;
}
