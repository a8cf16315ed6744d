import type { NotAnalysed } from '../../contract/index.js';
import { severities } from '../../lint/finding.js';
import type { Finding, ScanOutcome, Severity } from '../../lint/index.js';
import type { TextOf } from '../run-report.js';
import { type Colours, coloursFor } from './colour.js';
import { escapeForTerminal } from './escape.js';
import { findingsSummary } from './findings-summary.js';
import { inventory } from './inventory.js';
import { fixedLines } from './known.js';
import { linesAround, type SourceLine } from './source-lines.js';
import { summaryLine } from './summary.js';
import { wrap } from './wrap.js';

/** A longer line of source is cut off, if the terminal does not say how wide it is. */
const longest = 160;

/** How a scan is shown. */
export interface TextStyle {
  /** Whether to show findings only. */
  readonly quiet?: boolean;
  /** How wide lines may be; null for a pipe or a file, whose reader breaks them. */
  readonly columns?: number | null;
}

/**
 * Formats a scan for a person: the inventory, each finding with source lines and trace, the gaps, a summary. The worst
 * findings come first.
 */
export function formatText(
  outcome: ScanOutcome,
  colour: boolean,
  { quiet = false, columns = null }: TextStyle = {},
): string {
  const colours = coloursFor(colour);
  const { facts, findings, known, textOf } = outcome;
  const shown = worstFirst(findings).map((finding) => formatFinding(textOf, finding, colours, columns));
  if (quiet) return shown.join('\n');
  const parts = [
    inventory(facts, colours, columns),
    ...shown,
    ...gaps(facts.notAnalysed, colours, columns),
    ...(known?.fixed.length ? [fixedLines(outcome).join('')] : []),
    ...findingsSummary(outcome, colours, columns),
    `${wrapped(summaryLine(outcome), columns, '').map(colours.bold).join('\n')}\n`,
  ];
  return parts.join('\n');
}

function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}

/** Lines no wider than a terminal, if there is one. */
function wrapped(text: string, columns: number | null, indent: string): readonly string[] {
  return columns === null ? [text] : wrap(text, columns, indent);
}

/**
 * One finding with its source line, the neighbours of that line, and its trace.
 * @param columns how wide lines may be; null for any width
 */
export function formatFinding(
  textOf: TextOf,
  finding: Finding,
  colours: Colours,
  columns: number | null = null,
): string {
  return [
    ...headLines(finding, colours, columns),
    ...codeFrame(textOf, finding, colours, columns),
    ...finding.trace.flatMap((step) => {
      const place = escapeForTerminal(`${step.file}:${step.line}`);
      const lines = wrapped(`    ${place}: ${escapeForTerminal(step.message)}`, columns, '      ');
      return lines.map((line, index) => (index === 0 ? line.replace(place, () => colours.cyan(place)) : line));
    }),
    '',
  ].join('\n');
}

function headLines(finding: Finding, colours: Colours, columns: number | null): readonly string[] {
  const { severity, rule, confidence } = finding;
  const place = escapeForTerminal(`${finding.file}:${finding.line}:${finding.column}`);
  const start = `${place}: ${severity}: `;
  const end = `[${rule}, confidence ${confidence}]`;
  const lines = wrapped(`${start}${escapeForTerminal(finding.message)} ${end}`, columns, '    ');
  return lines.map((line, index) => {
    const isFirst = index === 0 && line.startsWith(start.trimEnd());
    const head = isFirst ? `${colours.bold(place)}: ${severityText(severity, colours)}:` : '';
    const rest = isFirst ? line.slice(start.length - 1) : line;
    return head + (rest.endsWith(end) ? `${rest.slice(0, -end.length)}${colours.dim(end)}` : rest);
  });
}

/** A severity in its colour. */
export function severityText(severity: Severity, colours: Colours): string {
  const paint = severity === 'error' ? colours.red : severity === 'warning' ? colours.yellow : colours.cyan;
  return paint(severity);
}

/** The line of a finding between its neighbours, with a caret below the column. */
function codeFrame(
  textOf: TextOf,
  { file, line, column }: Finding,
  colours: Colours,
  columns: number | null,
): readonly string[] {
  const lines = linesAround(textOf, file, line);
  if (!lines) return [];
  const width = String(line + 1).length;
  const room = columns === null ? longest : columns - width - '   | '.length;
  const row = ({ number, text }: SourceLine): string =>
    `  ${colours.dim(`${String(number).padStart(width)} |`)} ${cut(escapeForTerminal(text), room)}`;
  const source = lines.find(({ number }) => number === line)?.text ?? '';
  const indent = source.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [
    ...lines.filter(({ number }) => number <= line).map(row),
    `  ${' '.repeat(width)} ${colours.dim('|')} ${indent}${colours.red('^')}`,
    ...lines.filter(({ number }) => number > line).map(row),
  ];
}

/** The part of a line of source that fits, with tabs to every eighth column. */
function cut(text: string, room: number): string {
  let taken = 0;
  for (const [index, sign] of [...text].entries()) {
    taken += sign === '\t' ? 8 - (taken % 8) : 1;
    if (taken > room) return `${[...text].slice(0, index - 1).join('')}…`;
  }
  return text;
}

function gaps(notAnalysed: readonly NotAnalysed[], colours: Colours, columns: number | null): readonly string[] {
  if (notAnalysed.length === 0) return [];
  const lines = notAnalysed.flatMap((gap) => {
    const place = `${gap.file}${gap.line === null ? '' : `:${gap.line}`}${gap.function ? ` ${gap.function}()` : ''}`;
    return wrapped(`  ${escapeForTerminal(`${place}: ${gap.reason}`)}`, columns, '    ');
  });
  return [`${colours.bold('not analysed')}\n${lines.join('\n')}\n`];
}
