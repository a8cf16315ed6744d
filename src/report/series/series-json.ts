import { byPlace } from '../../contract/by-place.js';
import type { JudgedPatch, SeriesFinding, SeriesOutcome, TreeFacts } from '../../lint/index.js';
import { jsonFinding } from '../formats/json.js';
import { formatJsonText } from '../formats/json-text.js';

/** Formats the verdict on a series as the machine-readable result, version 1, as JSON text. */
export function formatSeriesJson(outcome: SeriesOutcome): string {
  return formatJsonText(seriesResult(outcome));
}

/** The machine-readable result of a series as plain data. */
export function seriesResult({ judged, findings }: SeriesOutcome) {
  return {
    version: 1,
    base: judged.series.base,
    patches: judged.patches.map(jsonPatch),
    series: findings.map(jsonSeriesFinding),
    contract: { before: inventory(judged.start), after: inventory(judged.end) },
  };
}

function jsonPatch({ patch, comparison, after }: JudgedPatch) {
  return {
    index: patch.number,
    subject: patch.subject,
    commit: patch.commit,
    introduced: comparison.introduced.map(jsonFinding),
    fixed: comparison.fixed.map(jsonFinding),
    unchanged: comparison.unchanged.length,
    notAnalysed: [...(after?.notAnalysed ?? [])].sort(byPlace),
  };
}

function jsonSeriesFinding(finding: SeriesFinding) {
  return { ...jsonFinding(finding), patch: finding.patch };
}

function inventory(facts: TreeFacts | null) {
  return facts?.inventory ?? null;
}
