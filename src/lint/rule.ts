import type { Contract, TraceStep } from '../contract/index.js';
import type { Confidence, Severity } from './finding.js';
import type { FixProposal } from './fixing/fix.js';
import type { JudgedSeries } from './series/series.js';
import type { SeriesReport } from './series/series-rule.js';
import type { SuppressionReview } from './suppression/suppression.js';

export type RuleGroup = 'importer' | 'locking' | 'exporter' | 'api' | 'series' | 'suppression';

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
  /** How to mend it, made when it is asked for; a rule without fixes leaves it out. */
  readonly fix?: () => FixProposal;
}

/** What every rule says of itself. */
interface RuleFacts {
  readonly id: string;
  readonly group: RuleGroup;
  readonly severity: Severity;
}

/** A rule that holds the code against the contract. */
export interface ContractRule extends RuleFacts {
  readonly checks: 'contract';
  check(contract: Contract): Iterable<Report>;
}

/** A rule that looks at the comments which suppress findings, after all rules about the contract ran. */
export interface SuppressionRule extends RuleFacts {
  readonly checks: 'suppressions';
  check(review: SuppressionReview): Iterable<Report>;
}

/** A rule that looks at a patch series, after each of its trees has been analysed. */
export interface SeriesRule extends RuleFacts {
  readonly checks: 'series';
  check(series: JudgedSeries): Iterable<SeriesReport>;
}

export type Rule = ContractRule | SuppressionRule | SeriesRule;

/** A rule is data and one generator; this only gives it its type. */
export function defineRule(rule: Omit<ContractRule, 'checks'>): ContractRule {
  return { ...rule, checks: 'contract' };
}

/** The same for a rule about suppressions, which no comment can suppress. */
export function defineSuppressionRule(rule: Omit<SuppressionRule, 'checks'>): SuppressionRule {
  return { ...rule, checks: 'suppressions' };
}

/** The same for a rule about a patch series. */
export function defineSeriesRule(rule: Omit<SeriesRule, 'checks'>): SeriesRule {
  return { ...rule, checks: 'series' };
}
