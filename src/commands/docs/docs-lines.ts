import type { Conflict } from '../../docs/changes.js';
import { fill, hang } from '../../docs/compile/fill.js';
import { jsonFinding } from '../../report/formats/json.js';
import { formatJsonText } from '../../report/formats/json-text.js';
import { formatGcc } from '../../report/formats/lines.js';
import type { RunReport } from '../../report/run-report.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { conflictId, conflictMessage } from './check-report.js';

/** What is stale, one line each, as compilers print it. Conflicts are shown by `formatConflict()`. */
export function staleLines({ groups, ...report }: RunReport): string {
  const withoutConflicts = groups.map((group) => ({
    ...group,
    findings: group.findings.filter(({ rule }) => rule !== conflictId),
  }));
  return formatGcc({ ...report, groups: withoutConflicts });
}

/** What is stale, and the conflicts, as JSON text, version 1. */
export function staleJson({ groups }: RunReport): string {
  return formatJsonText({ version: 1, findings: groups.flatMap(({ findings }) => findings.map(jsonFinding)) });
}

/** A conflict: a line for machines, and both texts for people. */
export function formatConflict({ path, line, subject, theirs, ours }: Conflict): string {
  const place = `${path}:${line}:1: error: ${conflictMessage(subject)} [${conflictId}]`;
  const block = (text: string): string => hang('    ', fill(escapeForTerminal(text), 76));
  return [escapeForTerminal(place), '  the text says:', block(theirs), '  the contract says:', block(ours), ''].join(
    '\n',
  );
}
