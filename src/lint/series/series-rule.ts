import { compareText } from '../../base/compare-text.js';
import { runChangeRules } from '../change/change-rule.js';
import type { Config } from '../config/config.js';
import { type Finding, fingerprintOf } from '../finding.js';
import type { Rule, SeriesReport, SeriesRule } from '../rule.js';
import type { JudgedSeries } from './series.js';

/** A finding about a series. */
export interface SeriesFinding extends Finding {
  /** The number of the patch it is about, as its mail says it; null where it is about the series as a whole. */
  readonly patch: number | null;
}

/**
 * Runs the rules about series, and those about the change that each patch is, that the configuration does not switch off.
 * @returns the findings in the order of the patches, those about the whole series first
 */
export function runSeriesRules(judged: JudgedSeries, rules: readonly Rule[], config: Config): readonly SeriesFinding[] {
  const running = rules.filter(
    (rule): rule is SeriesRule => rule.checks === 'series' && config.rules[rule.id] !== 'off',
  );
  const ofChanges = judged.patches.flatMap(({ patch, added, tree }) =>
    runChangeRules(added, rules, config, (path) => tree().read(path)).map((finding) => ({
      ...finding,
      patch: patch.number,
    })),
  );
  return running
    .flatMap((rule) => [...rule.check(judged)].map((report) => toFinding(judged, rule, report, config)))
    .concat(ofChanges)
    .sort(
      (left, right) =>
        (left.patch ?? 0) - (right.patch ?? 0) ||
        compareText(left.file, right.file) ||
        left.line - right.line ||
        compareText(left.rule, right.rule),
    );
}

function toFinding({ series }: JudgedSeries, rule: SeriesRule, report: SeriesReport, config: Config): SeriesFinding {
  const setting = config.rules[rule.id];
  const { patch: index, path, line, column, subject, confidence, message, trace } = report;
  const patch = index === null ? undefined : series.patches[index];
  const mark = { subject, sourceLine: patch?.subject ?? '', occurrence: 0 };
  return {
    rule: rule.id,
    severity: setting && setting !== 'off' ? setting : (report.severity ?? rule.severity),
    confidence,
    file: path,
    line,
    column,
    message,
    trace,
    fingerprint: fingerprintOf(rule.id, path, mark),
    mark,
    patch: patch?.number ?? null,
  };
}
