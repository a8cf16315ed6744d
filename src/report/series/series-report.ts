import { type JudgedPatch, newGaps, ofPatch, ofWhole, oldFindings, type SeriesOutcome } from '../../lint/index.js';
import type { FindingGroup, ReportedPatch, RunReport } from '../run-report.js';
import { subjectOf } from '../scan-report.js';
import type { Affected } from './affected.js';
import { coverReport, resolvedLater, wholeParts } from './cover-report.js';
import { patchNumber } from './patch-number.js';
import { seriesCounts } from './series-summary.js';

interface SeriesReportOptions {
  readonly repository: string | null;
  readonly hasDiffs: boolean;
  readonly hasOld: boolean;
  readonly affected: Affected | null;
  /** The URL below which the pages of the rules are. */
  readonly rulePages?: string | undefined;
  readonly version?: string;
}

/**
 * Turns the verdict on a series into a report. Its findings are those that the series adds.
 * @param hasDiffs whether a format quotes the patches; reading their diffs takes time
 * @param affected whom it concerns besides those whose files it changes; null where no format asks
 * @param hasOld whether it tells also what was there before
 */
export async function seriesReport(
  outcome: SeriesOutcome,
  { repository, hasDiffs, hasOld, affected, rulePages, version }: SeriesReportOptions,
): Promise<RunReport> {
  const { judged } = outcome;
  const { patches, start, end } = judged;
  const last = patches.at(-1);
  const whole: FindingGroup = {
    patch: null,
    findings: ofWhole(outcome),
    notAnalysed: [],
    textOf: (path) => (last?.tree() ?? judged.series.baseTree).read(path),
    isChanged: () => false,
  };
  const groups = await Promise.all(patches.map((patch) => patchGroup(outcome, patch, hasDiffs)));
  const isAlone = patches.length === 1 && judged.series.cover === null;
  const parts = isAlone ? wholeParts(outcome, affected) : [];
  const shown = parts.length > 0 ? groups.map((group) => ({ ...group, parts })) : groups;
  return {
    command: 'series',
    subject: subjectOf((end ?? start)?.kernelVersion ?? null),
    revision: last?.patch.commit ?? null,
    repository,
    ...(hasOld ? { old: { ...whole, findings: oldFindings(outcome), isOld: true } } : {}),
    groups: whole.findings.length > 0 ? [whole, ...shown] : shown,
    ...(rulePages === undefined ? {} : { rulePages }),
    ...(version === undefined ? {} : { version }),
    base: judged.series.base,
    inventory: end?.inventory ?? null,
    suppressed: [],
    known: {
      unchanged: oldFindings(outcome).map((finding) => ({ finding, reason: '' })),
      fixed: patches.flatMap(({ comparison }) =>
        comparison.fixed.map(({ rule, file, mark, message, fingerprint }) => ({
          rule,
          file,
          subject: mark.subject,
          message,
          fingerprint,
        })),
      ),
    },
    cover: coverReport(outcome, affected),
    summary: seriesCounts(outcome),
  };
}

async function patchGroup(outcome: SeriesOutcome, judged: JudgedPatch, hasDiffs: boolean): Promise<FindingGroup> {
  const { patch, tree } = judged;
  const findings = ofPatch(outcome, judged);
  const changed = findings.length > 0 ? await patch.changedLines() : new Map<string, ReadonlySet<number>>();
  const reported: ReportedPatch = {
    subject: patch.subject,
    author: patch.author,
    body: patch.body,
    messageId: patch.messageId,
    envelope: patch.envelope,
    label: patchNumber(outcome, judged),
    diff: hasDiffs && findings.length > 0 ? await patch.diff() : null,
  };
  return {
    patch: reported,
    findings,
    notAnalysed: newGaps(judged),
    since: new Map(outcome.since?.still.map(({ finding }) => [finding.fingerprint, outcome.since?.previous ?? ''])),
    resolved: resolvedLater(outcome, judged),
    textOf: (path) => tree().read(path),
    isChanged: (file, line) => changed.get(file)?.has(line) ?? false,
  };
}
