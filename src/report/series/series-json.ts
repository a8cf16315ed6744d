import { byPlace } from '../../contract/by-place.js';
import {
  introducedBy,
  type JudgedPatch,
  oldFindings,
  type PlacedFinding,
  type SeriesFinding,
  type SeriesOutcome,
  type SincePrevious,
  type TreeFacts,
} from '../../lint/index.js';
import { jsonFinding } from '../formats/json.js';
import { formatJsonText } from '../formats/json-text.js';

/** Formats the verdict on a series as the machine-readable result, version 1, as JSON text. */
export function formatSeriesJson(outcome: SeriesOutcome, { all }: { readonly all: boolean }): string {
  return formatJsonText(seriesResult(outcome, { all }));
}

/** The machine-readable result of a series as plain data. @param all whether it holds what was there before, too */
export function seriesResult(outcome: SeriesOutcome, { all }: { readonly all: boolean }) {
  const { judged, findings, since } = outcome;
  return {
    version: 1,
    base: judged.series.base,
    patches: judged.patches.map((patch) => jsonPatch(outcome, patch)),
    series: findings.map(jsonSeriesFinding),
    // Only where the mails hold an older revision.
    ...(since ? { since: jsonSince(since) } : {}),
    ...(all ? { before: oldFindings(outcome).map(jsonFinding) } : {}),
    contract: { before: inventory(judged.start), after: inventory(judged.end) },
  };
}

function jsonPatch(outcome: SeriesOutcome, judged: JudgedPatch) {
  const { patch, comparison, after } = judged;
  return {
    index: patch.number,
    subject: patch.subject,
    commit: patch.commit,
    introduced: introducedBy(outcome, judged).map(jsonFinding),
    fixed: comparison.fixed.map(jsonFinding),
    unchanged: comparison.unchanged.length,
    notAnalysed: [...(after?.notAnalysed ?? [])].sort(byPlace),
  };
}

function jsonSeriesFinding(finding: SeriesFinding) {
  return { ...jsonFinding(finding), patch: finding.patch };
}

function jsonSince({ previous, next, still, resolved }: SincePrevious) {
  const placed = ({ patch, finding }: PlacedFinding) => ({ patch, ...jsonFinding(finding) });
  return { previous, next, still: still.map(placed), resolved: resolved.map(placed) };
}

function inventory(facts: TreeFacts | null) {
  return facts?.inventory ?? null;
}
