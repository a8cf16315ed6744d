import { compareNegotiations, type Negotiation } from '../../contract/index.js';
import { compileMarkdown } from '../../docs/compile/markdown.js';
import { compileRest } from '../../docs/compile/rest.js';
import { matrixChangesTree, matrixTree } from '../../docs/page/matrix-page.js';
import { outcomeOf } from '../../lint/analysis.js';
import type { Result } from '../../lint/index.js';
import { formatMatrixHtml } from '../../report/html/matrix-page.js';
import { formatMatrixChanges } from '../../report/matrix/matrix-changes.js';
import { formatMatrixJson } from '../../report/matrix/matrix-json.js';
import { formatMatrixText } from '../../report/matrix/matrix-text.js';
import { scanReport } from '../../report/scan-report.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { toolVersion } from '../cli/version.js';

/** A matrix, and how it is to be shown. */
export interface ShownMatrix {
  readonly result: Result;
  readonly negotiation: Negotiation;
  /** Of the tree that it is compared with; null where it is compared with none. */
  readonly before: Negotiation | null;
  readonly colour: boolean;
  /** How wide lines may be; null for a pipe or a file. */
  readonly columns?: number | null;
  readonly traces: boolean;
  /** Where the repository is had from; null where nobody knows. */
  repository(): Promise<string | null>;
}

export function matrixText({ negotiation, before, colour, columns = null, traces }: ShownMatrix): string {
  return before
    ? formatMatrixChanges(before, negotiation, compareNegotiations(before, negotiation), { colour, columns })
    : formatMatrixText(negotiation, { colour, columns, traces });
}

export function matrixJson({ negotiation, before }: ShownMatrix): string {
  return formatMatrixJson(negotiation, before && compareNegotiations(before, negotiation));
}

export function matrixMarkdown(shown: ShownMatrix): string {
  return escapeLines(compileMarkdown(pageOf(shown)));
}

export function matrixRest(shown: ShownMatrix): string {
  return escapeLines(compileRest(pageOf(shown)));
}

function pageOf({ negotiation, before }: ShownMatrix) {
  return before
    ? matrixChangesTree(before, negotiation, compareNegotiations(before, negotiation))
    : matrixTree(negotiation);
}

function escapeLines(page: string): string {
  return page.split('\n').map(escapeForTerminal).join('\n');
}

export async function matrixHtml({ result, negotiation, before, repository }: ShownMatrix): Promise<string> {
  const report = scanReport(outcomeOf(result), { repository: await repository(), changedLines: new Map() });
  const changes = before && { before, changes: compareNegotiations(before, negotiation) };
  return formatMatrixHtml({ negotiation, report, changes, version: toolVersion() });
}
