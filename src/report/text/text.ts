import type { NotAnalysed } from '../../contract/index.js';
import type { Finding, ScanOutcome, Severity } from '../../lint/index.js';
import type { TextOf } from '../run-report.js';
import { type Colours, coloursFor } from './colour.js';
import { escapeForTerminal } from './escape.js';
import { inventory } from './inventory.js';
import { fixedLines } from './known.js';
import { linesAround, type SourceLine } from './source-lines.js';
import { summaryLine } from './summary.js';

/** A longer line of source is cut off. */
const longest = 160;

/** How a scan is shown. */
interface TextStyle {
  /** Whether to show findings only. */
  readonly quiet?: boolean;
}

/** Formats a scan for a person: the inventory, each finding with source lines and trace, the gaps, a summary. */
export function formatText(outcome: ScanOutcome, colour: boolean, { quiet = false }: TextStyle = {}): string {
  const colours = coloursFor(colour);
  const { facts, findings, known, textOf } = outcome;
  const shown = findings.map((finding) => formatFinding(textOf, finding, colours));
  if (quiet) return shown.join('\n');
  const parts = [
    inventory(facts, colours),
    ...shown,
    ...gaps(facts.notAnalysed, colours),
    ...(known?.fixed.length ? [fixedLines(outcome).join('')] : []),
    `${colours.bold(summaryLine(outcome))}\n`,
  ];
  return parts.join('\n');
}

/** One finding with its source line, the neighbours of that line, and its trace. */
export function formatFinding(textOf: TextOf, finding: Finding, colours: Colours): string {
  const place = `${finding.file}:${finding.line}:${finding.column}`;
  const head = `${colours.bold(escapeForTerminal(place))}: ${severityText(finding.severity, colours)}: ${escapeForTerminal(finding.message)} ${colours.dim(`[${finding.rule}, confidence ${finding.confidence}]`)}`;
  const trace = finding.trace.map(
    (step) => `    ${colours.cyan(escapeForTerminal(`${step.file}:${step.line}`))}: ${escapeForTerminal(step.message)}`,
  );
  return [head, ...codeFrame(textOf, finding, colours), ...trace, ''].join('\n');
}

/** A severity in its colour. */
export function severityText(severity: Severity, colours: Colours): string {
  const paint = severity === 'error' ? colours.red : severity === 'warning' ? colours.yellow : colours.cyan;
  return paint(severity);
}

/** The line of a finding between its neighbours, with a caret below the column. */
function codeFrame(textOf: TextOf, { file, line, column }: Finding, colours: Colours): readonly string[] {
  const lines = linesAround(textOf, file, line);
  if (!lines) return [];
  const width = String(line + 1).length;
  const row = ({ number, text }: SourceLine): string =>
    `  ${colours.dim(`${String(number).padStart(width)} |`)} ${escapeForTerminal(text).slice(0, longest)}`;
  const source = lines.find(({ number }) => number === line)?.text ?? '';
  const indent = source.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [
    ...lines.filter(({ number }) => number <= line).map(row),
    `  ${' '.repeat(width)} ${colours.dim('|')} ${indent}${colours.red('^')}`,
    ...lines.filter(({ number }) => number > line).map(row),
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
