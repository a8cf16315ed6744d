import type { Contract, TraceStep } from '../contract/index.js';
import type { Confidence, Severity } from './finding.js';

export type RuleGroup = 'importer' | 'locking' | 'exporter' | 'api' | 'series';

/** What a rule reports; the engine adds place, severity and fingerprint. */
export interface Report {
  /** File, relative to the tree, and 0-based offset into its text. */
  readonly path: string;
  readonly at: number;
  /** What the finding is about, for its fingerprint: an ops table or a function. */
  readonly subject: string;
  readonly confidence: Confidence;
  readonly message: string;
  readonly trace: readonly TraceStep[];
}

export interface Rule {
  readonly id: string;
  readonly group: RuleGroup;
  readonly severity: Severity;
  check(contract: Contract): Iterable<Report>;
}

/** A rule is data and one generator; this only gives it its type. */
export function defineRule(rule: Rule): Rule {
  return rule;
}
