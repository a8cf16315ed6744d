import type { TraceStep } from '../../contract/index.js';
import type { Config } from '../config/config.js';
import { type Confidence, type Finding, fingerprintOf } from '../finding.js';
import type { Rule, SeriesRule } from '../rule.js';
import type { JudgedSeries } from './series.js';

/** What a rule about a series reports. */
export interface SeriesReport {
  /** The patch that it is about, as index into the patches; null where it is about none. */
  readonly patch: number | null;
  /** A file of the tree, or what the user named as the series. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly subject: string;
  readonly confidence: Confidence;
  readonly message: string;
  readonly trace: readonly TraceStep[];
}

/** A finding about a series, with the number of the patch that it is about. */
export interface SeriesFinding extends Finding {
  readonly patch: number | null;
}

/** Runs the rules about series: findings in the order of the patches, those about the whole first. */
export function runSeriesRules(judged: JudgedSeries, rules: readonly Rule[], config: Config): readonly SeriesFinding[] {
  const running = rules.filter(
    (rule): rule is SeriesRule => rule.checks === 'series' && config.rules[rule.id] !== 'off',
  );
  return running
    .flatMap((rule) => [...rule.check(judged)].map((report) => toFinding(judged, rule, report, config)))
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
    severity: setting && setting !== 'off' ? setting : rule.severity,
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

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
