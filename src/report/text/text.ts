import type { NotAnalysed } from '../../contract/index.js';
import type { Finding, ScanOutcome, Severity } from '../../lint/index.js';
import type { TextOf } from '../run-report.js';
import { type Colours, coloursFor } from './colour.js';
import { escapeForTerminal } from './escape.js';
import { inventory } from './inventory.js';
import { fixedLines } from './known.js';
import { summaryLine } from './summary.js';

/** The result for a person at a terminal: what there is, what is wrong with its source lines and trace, and a summary. */
export function formatText(outcome: ScanOutcome, colour: boolean): string {
  const colours = coloursFor(colour);
  const { facts, findings, known, textOf } = outcome;
  const parts = [
    inventory(facts, colours),
    ...findings.map((finding) => formatFinding(textOf, finding, colours)),
    ...gaps(facts.notAnalysed, colours),
    ...(known?.fixed.length ? [fixedLines(outcome).join('')] : []),
    `${colours.bold(summaryLine(outcome))}\n`,
  ];
  return parts.join('\n');
}

/** A finding with its source line and trace. */
export function formatFinding(textOf: TextOf, finding: Finding, colours: Colours): string {
  const place = `${finding.file}:${finding.line}:${finding.column}`;
  const head = `${colours.bold(escapeForTerminal(place))}: ${severityText(finding.severity, colours)}: ${escapeForTerminal(finding.message)} ${colours.dim(`[${finding.rule}, confidence ${finding.confidence}]`)}`;
  const frame = codeFrame(textOf, finding.file, finding.line, finding.column, colours);
  const trace = finding.trace.map(
    (step) => `    ${colours.cyan(escapeForTerminal(`${step.file}:${step.line}`))}: ${escapeForTerminal(step.message)}`,
  );
  return [head, ...frame, ...trace, ''].join('\n');
}

/** A severity in its colour. */
export function severityText(severity: Severity, colours: Colours): string {
  const paint = severity === 'error' ? colours.red : severity === 'warning' ? colours.yellow : colours.cyan;
  return paint(severity);
}

/** The line itself between its neighbours, with a caret under the column. */
function codeFrame(textOf: TextOf, path: string, line: number, column: number, colours: Colours): readonly string[] {
  const text = textOf(path);
  if (text === undefined) return [];
  const lines = text.split('\n');
  const width = String(line + 1).length;
  const row = (number: number): string[] => {
    const source = lines[number - 1];
    if (source === undefined) return [];
    return [
      `  ${colours.dim(`${String(number).padStart(width)} |`)} ${escapeForTerminal(source.replace(/\r$/, '')).slice(0, 160)}`,
    ];
  };
  const indent = (lines[line - 1] ?? '').slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [
    ...row(line - 1),
    ...row(line),
    `  ${' '.repeat(width)} ${colours.dim('|')} ${indent}${colours.red('^')}`,
    ...row(line + 1),
  ];
}

function gaps(notAnalysed: readonly NotAnalysed[], colours: Colours): readonly string[] {
  if (notAnalysed.length === 0) return [];
  const lines = notAnalysed.map((gap) => {
    const place = `${gap.file}${gap.line === null ? '' : `:${gap.line}`}${gap.function ? ` ${gap.function}()` : ''}`;
    return `  ${escapeForTerminal(`${place}: ${gap.reason}`)}`;
  });
  return [`${colours.bold('not analysed')}\n${lines.join('\n')}\n`];
}
