import type { Result } from '../lint/index.js';
import { escapeForTerminal } from './escape.js';
import { gccLines } from './finding-lines.js';

/**
 * Findings as a compiler prints them, which vim, emacs and CI systems parse:
 * `path:line:col: warning: message [rule-id]`, the trace as `note:` lines.
 */
export function formatGcc({ findings, contract }: Result): string {
  const gaps = contract.notAnalysed.map(
    (gap) =>
      `${gap.file}:${gap.line ?? 1}:1: note: not analysed${gap.function ? ` (${gap.function}())` : ''}: ${gap.reason}`,
  );
  return [...findings.flatMap(gccLines), ...gaps.map((line) => `${escapeForTerminal(line)}\n`)].join('');
}
