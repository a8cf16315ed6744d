import {
  type Finding,
  type JudgedPatch,
  newGaps,
  ofPatch,
  ofWhole,
  oldFindings,
  type SeriesOutcome,
} from '../../lint/index.js';
import type { TextOf } from '../run-report.js';
import { type Colours, coloursFor } from '../text/colour.js';
import { escapeForTerminal } from '../text/escape.js';
import { formatFinding, severityText } from '../text/text.js';
import { fitted } from '../text/wrap.js';
import { judgedChanges } from './judged-changes.js';
import { patchNumber } from './patch-number.js';
import { seriesSummary } from './series-summary.js';
import { sinceLine, sinceLines } from './since-lines.js';

/** How to show a series. */
interface SeriesTextOptions {
  readonly colour: boolean;
  /** Show findings that were there before the series too. */
  readonly all: boolean;
  /** How wide lines may be; null for a pipe or a file. */
  readonly columns?: number | null;
}

/** Formats the verdict on a series for a person, patch by patch. A patch that does not touch the contract is left out. */
export function formatSeriesText(outcome: SeriesOutcome, { colour, all, columns = null }: SeriesTextOptions): string {
  const colours = coloursFor(colour);
  const { judged } = outcome;
  const { series, patches } = judged;
  const textOf = (path: string): string | undefined => (patches.at(-1)?.tree() ?? series.baseTree).read(path);
  const fit = (text: string): string => fitted(text, columns);
  const parts = [
    ...series.remarks.map((remark) => fit(`${colours.dim('note')}: ${escapeForTerminal(remark)}\n`)),
    ...ofWhole(outcome).map((finding) => formatFinding(textOf, finding, colours, columns)),
    ...patches.flatMap((patch) => patchText(outcome, patch, colours, columns)),
    ...changesText(outcome, colours).map(fit),
    ...sinceText(outcome, colours).map(fit),
    ...(all ? oldText(oldFindings(outcome), textOf, colours, columns) : []),
    fit(`${colours.bold(seriesSummary(outcome))}\n`),
  ];
  return parts.join('\n');
}

function patchText(
  outcome: SeriesOutcome,
  judged: JudgedPatch,
  colours: Colours,
  columns: number | null,
): readonly string[] {
  const { patch, comparison, tree } = judged;
  const own = ofPatch(outcome, judged);
  const gaps = newGaps(judged);
  if (own.length + comparison.fixed.length + gaps.length === 0) return [];
  const commit = patch.commit ? colours.dim(` (${patch.commit.slice(0, 12)})`) : '';
  const head = `${colours.bold(`patch ${patchNumber(outcome, judged)}: ${escapeForTerminal(patch.subject)}`)}${commit}\n`;
  const textOf: TextOf = (path) => tree().read(path);
  const fit = (text: string): string => fitted(text, columns);
  return [
    fit(head),
    ...own.map((finding) => formatFinding(textOf, finding, colours, columns)),
    ...fixedText(comparison.fixed, colours).map(fit),
    ...gaps.map(({ file, line, function: name, reason }) =>
      fit(
        `${colours.cyan('not analysed')}: ${escapeForTerminal(`${file}${line === null ? '' : `:${line}`}${name ? ` ${name}()` : ''}: ${reason}`)}\n`,
      ),
    ),
  ];
}

function fixedText(fixed: readonly Finding[], colours: Colours): readonly string[] {
  if (fixed.length === 0) return [];
  return [fixed.map((finding) => `fixed: ${oneLine(finding, colours)}\n`).join('')];
}

function oneLine({ file, line, severity, message, rule }: Finding, colours: Colours): string {
  return `${escapeForTerminal(`${file}:${line}`)}: ${severityText(severity, colours)}: ${escapeForTerminal(message)} ${colours.dim(`[${rule}]`)}`;
}

function changesText({ judged }: SeriesOutcome, colours: Colours): readonly string[] {
  const { contract, notJudged } = judgedChanges(judged);
  if (contract.length + notJudged.length === 0) return [];
  const lines = [
    ...contract.map(({ kind, name, before, after }) => {
      const what = `${kind === 'dialect' ? '' : `${kind} `}${name}`;
      if (before === null) return `  + ${what}: ${after}`;
      if (after === null) return `  - ${what}: ${before}`;
      return `  ~ ${what}: ${before} -> ${after}`;
    }),
    ...notJudged.map(({ what, why }) => `  ? ${what}: not judged: ${why}`),
  ];
  return [`${colours.bold('changes to the contract')}\n${lines.map(escapeForTerminal).join('\n')}\n`];
}

/** What became of the findings of the revision before. */
function sinceText({ since }: SeriesOutcome, colours: Colours): readonly string[] {
  const lines = sinceLines(since);
  if (!lines) return [];
  const items = lines.items.map((one) => `  ${escapeForTerminal(sinceLine(one))}\n`);
  return [`${colours.bold(lines.head)}\n${items.join('')}`];
}

function oldText(old: readonly Finding[], textOf: TextOf, colours: Colours, columns: number | null): readonly string[] {
  if (old.length === 0) return [];
  return [
    `${colours.bold('old findings')}\n`,
    ...old.map((finding) => formatFinding(textOf, finding, colours, columns)),
  ];
}
