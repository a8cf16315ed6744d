import type { TraceStep } from '../../contract/index.js';
import type { Finding } from '../../lint/index.js';
import { escapeForTerminal } from '../text/escape.js';

/** The steps of a trace as `file:line: message`, not escaped. */
export function traceSteps(trace: readonly TraceStep[]): readonly string[] {
  return trace.map((step) => `${step.file}:${step.line}: ${step.message}`);
}

/** A finding as a compiler prints it, its trace as `note:` lines; each line ends in a line feed. */
export function gccLines(finding: Finding): readonly string[] {
  const place = `${finding.file}:${finding.line}:${finding.column}`;
  return [
    `${place}: ${finding.severity}: ${finding.message} [${finding.rule}]`,
    ...finding.trace.map((step) => `${step.file}:${step.line}:1: note: ${step.message}`),
  ].map((line) => `${escapeForTerminal(line)}\n`);
}

const checkpatchLevels = { error: 'ERROR', warning: 'WARNING', note: 'CHECK' } as const;

/** A finding as `checkpatch.pl --terse` prints it: one line that holds the trace too. */
export function checkpatchLine(finding: Finding): string {
  const type = finding.rule.toUpperCase().replace(/-/g, '_');
  const trace = traceSteps(finding.trace).join('; ');
  const message = trace === '' ? finding.message : `${finding.message} (${trace})`;
  const place = `${finding.file}:${finding.line}`;
  return `${escapeForTerminal(`${place}: ${checkpatchLevels[finding.severity]}:${type}: ${message}`)}\n`;
}
