import {
  defineSeriesRule,
  type Finding,
  isAtLeast,
  isSameFinding,
  type JudgedPatch,
  leftoversOf,
} from '../../src/lint/index.js';

export default defineSeriesRule({
  id: 'bisect-hazard',
  group: 'series',
  severity: 'warning',
  *check(judgedSeries) {
    const { patches, series } = judgedSeries;
    const leftovers = new Set([...leftoversOf(judgedSeries)].map(({ use, index }) => `${index} ${placeOf(use)}`));
    // As the finding is told: what a rename leaves behind is told once.
    const nameOf = (finding: Finding, index: number): string =>
      finding.rule === 'renamed-api' && leftovers.has(`${index} ${placeOf(finding)}`)
        ? 'rename-leftover'
        : finding.rule;
    const of = ({ patch }: JudgedPatch): string => `${patch.number}/${series.total ?? patches.length}`;
    for (const [index, judged] of patches.entries())
      for (const { repair, findings } of hazards(judged, patches.slice(index + 1), (one) => nameOf(one, index))) {
        const [first] = findings;
        if (!first) continue;
        const more = findings.length > 1 ? ` (${findings.length} of them)` : '';
        yield {
          patch: index,
          path: first.file,
          line: first.line,
          column: first.column,
          subject: `${first.rule}:${first.mark.subject}`,
          confidence: first.confidence,
          message: `patch ${of(judged)} introduces ${nameOf(first, index)}${more}, which patch ${of(repair)} fixes: a bisection may stop between them`,
          trace: findings.map(({ file, line, message }) => ({ file, line, message })),
        };
      }
  },
});

const placeOf = ({ file, line, column }: Pick<Finding, 'file' | 'line' | 'column'>): string =>
  `${file}:${line}:${column}`;

interface Hazard {
  readonly repair: JudgedPatch;
  /** Findings of one name. Never empty. */
  readonly findings: readonly Finding[];
}

/** What one patch introduces and a later one fixes, grouped by what it is called and by the patch that fixes it. */
function hazards(
  { comparison }: JudgedPatch,
  later: readonly JudgedPatch[],
  nameOf: (finding: Finding) => string,
): readonly Hazard[] {
  const found = new Map<string, Hazard>();
  for (const finding of comparison.introduced) {
    if (!isAtLeast(finding.severity, 'warning')) continue;
    const repair = later.find((judged) => judged.comparison.fixed.some((gone) => isSameFinding(gone, finding)));
    if (!repair) continue;
    const key = `${nameOf(finding)} ${later.indexOf(repair)}`;
    found.set(key, { repair, findings: [...(found.get(key)?.findings ?? []), finding] });
  }
  return [...found.values()];
}
