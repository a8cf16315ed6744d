import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Diagnostic, DiagnosticSeverity, type Range } from 'vscode-languageserver/node';
import type { Finding } from '../../lint/index.js';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  note: DiagnosticSeverity.Information,
} as const;

/** The name that the editor shows beside a diagnostic. */
export const diagnosticSource = 'dmabuf-lint';

/** Turns a finding into a diagnostic; its trace becomes related information. */
export function toDiagnostic(finding: Finding, root: string, lines: readonly string[]): Diagnostic {
  const { rule, severity, confidence, message, trace, fingerprint } = finding;
  const doubt = confidence === 'high' ? '' : ` (confidence ${confidence})`;
  return {
    range: rangeOf(finding, lines),
    severity: severities[severity],
    source: diagnosticSource,
    code: rule,
    message: `${message}${doubt}`,
    relatedInformation: trace.map((step) => ({
      location: {
        uri: pathToFileURL(join(root, step.file)).href,
        range: lineRange(step.file === finding.file ? lines : [], step.line),
      },
      message: step.message,
    })),
    data: { fingerprint },
  };
}

/** From the place of a finding to the end of the word there. Places are 1-based, ranges 0-based; both in UTF-16 units. */
export function rangeOf({ line, column }: Pick<Finding, 'line' | 'column'>, lines: readonly string[]): Range {
  const text = lines[line - 1] ?? '';
  const start = Math.min(column - 1, text.length);
  const word = /^(?:\w+|.)/u.exec(text.slice(start))?.[0] ?? '';
  return { start: { line: line - 1, character: start }, end: { line: line - 1, character: start + word.length } };
}

/** A line without its indentation; the beginning of the line if its text is unknown. */
function lineRange(lines: readonly string[], line: number): Range {
  const text = lines[line - 1] ?? '';
  const start = text.length - text.trimStart().length;
  return { start: { line: line - 1, character: start }, end: { line: line - 1, character: text.trimEnd().length } };
}
