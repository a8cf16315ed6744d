import { type Finding, type JudgedPatch, ofPatch, ofWhole, type SeriesOutcome, severities } from '../../lint/index.js';
import { byVerdict } from '../matrix/matrix-changes.js';
import type { CoverReport } from '../run-report.js';
import { countOf } from '../text/count.js';
import { type Affected, affectedParts } from './affected.js';
import { type JudgedChanges, judgedChanges } from './judged-changes.js';
import { patchNumber } from './patch-number.js';
import { sinceLine, sinceLines } from './since-lines.js';
import { fullName, shortName, type TableNames } from './table-names.js';

/** What a reply to the cover letter says: a verdict of one line, what changes of the contract, and what is fixed. */
export function coverReport(outcome: SeriesOutcome, affected: Affected | null): CoverReport | null {
  const { series, patches } = outcome.judged;
  if (!series.cover) return null;
  const bad = patches.filter((judged) => ofPatch(outcome, judged).length > 0);
  const parts = wholeParts(outcome, affected);
  if (parts.length + bad.length + ofWhole(outcome).length === 0) return null;
  return { mail: series.cover, parts: [[verdict(outcome, bad)], ...parts] };
}

/** What a series does as a whole, besides its findings: paragraphs, each a list of lines. */
export function wholeParts(outcome: SeriesOutcome, affected: Affected | null): readonly (readonly string[])[] {
  const since = sinceLines(outcome.since);
  const changes = judgedChanges(outcome.judged);
  const fixed = outcome.judged.patches.flatMap((judged) =>
    judged.comparison.fixed.map(
      ({ file, line, rule, message }) => `- ${patchNumber(outcome, judged)}: ${file}:${line}: ${message} [${rule}]`,
    ),
  );
  return [
    section('Changes to the dma-buf contract:', contractLines(changes, affected?.names)),
    section('Who may attach to whom, before and after:', matrixLines(changes, affected?.names)),
    section('Fixed by the series:', fixed),
    section(`${since?.head}:`, since?.items.map((one) => `- ${sinceLine(one)}`) ?? []),
    ...(affected ? affectedParts(affected) : []),
  ].filter((part) => part.length > 0);
}

/** Which later patch takes a finding of a patch away again, as `5/8`, by the fingerprint of the finding. */
export function resolvedLater(outcome: SeriesOutcome, judged: JudgedPatch): ReadonlyMap<string, string> {
  const { patches } = outcome.judged;
  const found = new Map<string, string>();
  for (const later of patches.slice(patches.indexOf(judged) + 1))
    for (const { fingerprint } of later.comparison.fixed)
      if (!found.has(fingerprint)) found.set(fingerprint, patchNumber(outcome, later));
  return found;
}

function verdict(outcome: SeriesOutcome, bad: readonly JudgedPatch[]): string {
  const left = bad.flatMap((judged) => {
    const resolved = resolvedLater(outcome, judged);
    return ofPatch(outcome, judged).filter(({ fingerprint }) => !resolved.has(fingerprint));
  });
  if (bad.length === 0) return 'The series breaks nothing of the dma-buf contract.';
  const where = bad.map((judged) => patchNumber(outcome, judged)).join(', ');
  const what = left.length === 0 ? 'only what a later patch resolves' : bySeverity(left);
  const replies = bad.length === 1 ? 'reply' : 'replies';
  return `The series adds ${what} about the dma-buf contract: see the ${replies} to ${where}.`;
}

/** How many findings there are, the worst first: `1 error, 2 notes`. */
function bySeverity(findings: readonly Pick<Finding, 'severity'>[]): string {
  const counts = severities.map(
    (severity) => [severity, findings.filter((one) => one.severity === severity).length] as const,
  );
  return counts
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => countOf(count, severity))
    .join(', ');
}

function section(head: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [head, ...lines];
}

function contractLines({ contract, notJudged }: JudgedChanges, names?: TableNames): readonly string[] {
  return [
    ...contract.map(({ kind, name, file, before, after }) => {
      const what = kind === 'dialect' ? name : `${kind} ${fullName(names, `${file}:${name}`)}`;
      if (before === null) return `- new: ${what}: ${after}`;
      return after === null ? `- gone: ${what}: ${before}` : `- ${what}: was ${before}; is ${after}`;
    }),
    ...notJudged.map(({ what, why }) => `- ${what}: not judged: ${why}`),
  ];
}

function matrixLines({ negotiation: { cells, sides } }: JudgedChanges, names?: TableNames): readonly string[] {
  return [
    ...cells.map(
      ({ kind, before, after }) =>
        `- ${kind}: ${fullName(names, after.importer)} x ${fullName(names, after.exporter)}: ${before.verdict} -> ${after.verdict}`,
    ),
    ...sides.map(({ kind, side, key, name, cells: own }) => {
      const said = byVerdict(own, side, (other) => shortName(names, other)).map(
        ([word, others]) => `${inWords(word, side)} ${listed(word, others)}`,
      );
      const what = name.startsWith('static importers') ? name : `${side} ${fullName(names, key)}`;
      const was = kind === 'gone' ? 'before: ' : '';
      return `- ${kind}: ${what}: ${was}${said.length > 0 ? said.join('; ') : `works with all ${own.length}`}`;
    }),
  ];
}

/** With how many more it works is told by their number. */
const mostThatWork = 5;

function listed(verdict: string, names: readonly string[]): string {
  return verdict === 'works' && names.length > mostThatWork ? `${names.length} others` : names.join(', ');
}

/** An outcome as a clause that the names of the other side follow: `unsafe with`, `refused at pin by`. */
function inWords(verdict: string, side: 'importer' | 'exporter'): string {
  if (verdict.startsWith('refused')) return side === 'importer' ? `${verdict} by` : `${verdict}:`;
  return verdict === 'unknown' ? 'not known with' : `${verdict} with`;
}
