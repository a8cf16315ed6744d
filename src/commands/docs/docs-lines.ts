import type { Conflict } from '../../docs/changes.js';
import { fill, hang } from '../../docs/compile/fill.js';
import { jsonFinding } from '../../report/formats/json.js';
import { formatJsonText } from '../../report/formats/json-text.js';
import { formatGcc } from '../../report/formats/lines.js';
import type { RunReport } from '../../report/run-report.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { fitted } from '../../report/text/wrap.js';
import { conflictId, conflictMessage } from './check-report.js';

/**
 * What is stale, one line each, as compilers print it. Conflicts are shown by `formatConflict()`.
 * @param columns how wide lines may be; null for any width
 */
export function staleText({ groups, ...report }: RunReport, columns: number | null): string {
  const withoutConflicts = groups.map((group) => ({
    ...group,
    findings: group.findings.filter(({ rule }) => rule !== conflictId),
  }));
  return fitted(formatGcc({ ...report, groups: withoutConflicts }), columns);
}

/** What is stale, and the conflicts, as JSON text, version 1. */
export function staleJson({ groups }: RunReport): string {
  return formatJsonText({ version: 1, findings: groups.flatMap(({ findings }) => findings.map(jsonFinding)) });
}

/**
 * A conflict: a line for machines, and both texts for people.
 * @param columns how wide lines may be; null for any width
 */
export function formatConflict({ path, line, subject, theirs, ours }: Conflict, columns: number | null): string {
  const place = `${path}:${line}:1: error: ${conflictMessage(subject)} [${conflictId}]`;
  const block = (text: string): string => hang('    ', fill(escapeForTerminal(text), 76));
  const head = fitted(escapeForTerminal(place), columns);
  return [head, '  the text says:', block(theirs), '  the contract says:', block(ours), ''].join('\n');
}
