import type { NotAnalysed } from '../../contract/index.js';
import { type Finding, failsRun, fingerprintOf, type Severity } from '../finding.js';
import type { JudgedPatch, JudgedSeries } from './series.js';
import type { SeriesFinding } from './series-rule.js';
import type { SincePrevious } from './since-previous.js';

/** What `series` reports: every output format is made from this. */
export interface SeriesOutcome {
  readonly judged: JudgedSeries;
  /** The findings of the rules about series. */
  readonly findings: readonly SeriesFinding[];
  /** What became of the findings of the revision before; null where there is none. */
  readonly since: SincePrevious | null;
  /**
   * The folders of the modules that were analysed, sorted; null where the whole tree was. What was found is the same, but
   * the lists of importers, exporters and old findings are those of the part.
   */
  readonly part: readonly string[] | null;
  readonly milliseconds: number;
}

/** Drops the other patches where the user asked about the first one only. */
export function askedFor(outcome: SeriesOutcome): SeriesOutcome {
  const { judged, findings } = outcome;
  if (!judged.series.isOfFirst) return outcome;
  const patches = judged.patches.slice(0, 1);
  return {
    ...outcome,
    judged: { ...judged, patches },
    findings: findings.filter(({ patch }) => patch === null || patches.some((judged) => judged.patch.number === patch)),
  };
}

/** All findings that the series introduces: first those about the whole series, then patch by patch. */
export function newFindings(outcome: SeriesOutcome): readonly Finding[] {
  return [...ofWhole(outcome), ...outcome.judged.patches.flatMap((judged) => ofPatch(outcome, judged))];
}

/** The findings about the series as a whole. */
export function ofWhole({ findings }: SeriesOutcome): readonly SeriesFinding[] {
  return findings.filter(({ patch }) => patch === null);
}

/** A rule about series, and the rule about trees that reports the same problem at the same place. */
const sameProblem: ReadonlyMap<string, string> = new Map([['rename-leftover', 'renamed-api']]);

/** The findings that one patch introduces. A problem that a rule about series reports is not reported a second time. */
export function ofPatch(outcome: Pick<SeriesOutcome, 'findings'>, judged: JudgedPatch): readonly Finding[] {
  const own = outcome.findings.filter((finding) => finding.patch === judged.patch.number);
  return [...own, ...introducedBy(outcome, judged)];
}

/** The findings of rules about trees that one patch introduces, without those that a rule about series reports, too. */
export function introducedBy(
  { findings }: Pick<SeriesOutcome, 'findings'>,
  { patch, comparison }: JudgedPatch,
): readonly Finding[] {
  const own = findings.filter((finding) => finding.patch === patch.number);
  const reported = new Set(
    own.flatMap((finding) => {
      const other = sameProblem.get(finding.rule);
      return other === undefined ? [] : [placeKey({ ...finding, rule: other })];
    }),
  );
  return comparison.introduced.filter((finding) => !reported.has(placeKey(finding)));
}

function placeKey({ rule, file, line, column }: Pick<Finding, 'rule' | 'file' | 'line' | 'column'>): string {
  return `${rule}:${file}:${line}:${column}`;
}

/** The findings of the tree with all patches that were there before the series. */
export function oldFindings({ judged: { patches, end } }: SeriesOutcome): readonly Finding[] {
  const own = new Set<string>();
  const followed: Finding[] = [];
  for (const { patch, comparison } of patches) {
    followed.push(...comparison.introduced);
    for (const { path, oldPath } of patch.changes)
      for (const finding of followed.filter(({ file }) => file === oldPath))
        followed.push({ ...finding, file: path, fingerprint: fingerprintOf(finding.rule, path, finding.mark) });
  }
  for (const { fingerprint } of followed) own.add(fingerprint);
  const last = patches.at(-1)?.comparison.unchanged ?? end?.findings ?? [];
  return last.filter(({ fingerprint }) => !own.has(fingerprint));
}

/** Whether the series introduces a finding that fails the run. @param failOn the least severity that does */
export function hasNew(outcome: SeriesOutcome, failOn: Severity): boolean {
  return newFindings(outcome).some((finding) => failsRun(finding, failOn));
}

/** What could be analysed in the tree before a patch, and could not in the tree with it. */
export function newGaps({
  before,
  after,
  comparison,
}: Pick<JudgedPatch, 'before' | 'after'> & {
  readonly comparison?: Pick<JudgedPatch['comparison'], 'unjudged'>;
}): readonly NotAnalysed[] {
  if (!after || after === before) return [];
  const key = ({ file, function: name, reason }: NotAnalysed): string => `${file}\0${name}\0${reason}`;
  const known = new Set(before?.notAnalysed.map(key));
  return [...after.notAnalysed.filter((gap) => !known.has(key(gap))), ...(comparison?.unjudged ?? []).map(unjudgedGap)];
}

/** A finding that was there before the patch, and that nobody can judge with it. */
function unjudgedGap({ rule, file, mark }: Finding): NotAnalysed {
  const reason = `${rule} of '${mark.subject}', found before this patch: it uses a name that can no longer be followed`;
  return { file, line: null, function: null, reason };
}
