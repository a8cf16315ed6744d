import type { Contract, TraceStep } from '../contract/index.js';
import type { AddedSuppression } from './change/added.js';
import type { Confidence, Severity } from './finding.js';
import type { FixProposal } from './fixing/fix.js';
import type { JudgedSeries } from './series/series.js';
import type { SuppressionReview } from './suppression/suppression.js';

/** One report of a rule about a series; lines and columns are 1-based. */
export interface SeriesReport {
  /** The patch it is about, as 0-based index into `JudgedSeries.patches`; null where it is about the series as a whole. */
  readonly patch: number | null;
  /** A file of the tree, or the mail or mailbox as the user named it. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** What the finding is about; it is part of the fingerprint. */
  readonly subject: string;
  /** If missing, that of the rule. */
  readonly severity?: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly trace: readonly TraceStep[];
}

/** The group that `dmabuf-lint rules` and the rule index list a rule in. */
export type RuleGroup = 'importer' | 'locking' | 'exporter' | 'api' | 'series' | 'suppression';

/** One report of a rule. `runRules()` adds line and column, severity and fingerprint, and makes it a finding. */
export interface Report {
  /** The file, relative to the tree. */
  readonly path: string;
  /** The 0-based offset into the file's text. */
  readonly at: number;
  /** What the finding is about: the name of an ops table or of a function. It is part of the fingerprint. */
  readonly subject: string;
  readonly confidence: Confidence;
  /** Set where this report weighs less than others of its rule. */
  readonly severity?: Severity;
  readonly message: string;
  readonly trace: readonly TraceStep[];
  /** Proposes a fix, on demand. A rule that has no fixes leaves it out. */
  readonly fix?: () => FixProposal;
}

/**
 * How much code decides a finding of a rule:
 * - `file`: one file, and the API header;
 * - `driver`: the files of one module, and the functions of other files that they call;
 * - `tree`: callers in other modules as well, other users of a name, documents, or several trees of a series.
 */
type RuleScope = 'file' | 'driver' | 'tree';

/** The metadata of every rule. */
interface RuleFacts {
  /** The name of the rule's folder below rules/, and what users write to name the rule. */
  readonly id: string;
  readonly group: RuleGroup;
  /** The severity where the configuration sets no other. */
  readonly severity: Severity;
  readonly scope: RuleScope;
  /** Set where the rule proposes fixes: it has them in `fix.ts`, beside `rule.ts`. */
  readonly hasFixes?: boolean;
}

/** A rule that checks the code of a tree against the contract. */
export interface ContractRule extends RuleFacts {
  readonly checks: 'contract';
  check(contract: Contract): Iterable<Report>;
}

/** A rule that checks the comments that suppress findings. It runs after all rules about the contract. */
export interface SuppressionRule extends RuleFacts {
  readonly checks: 'suppressions';
  check(review: SuppressionReview): Iterable<Report>;
}

/** One report of a rule about a change; lines and columns are 1-based. */
export interface ChangeReport {
  /** A file of the tree with the change. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** What the finding is about; it is part of the fingerprint. */
  readonly subject: string;
  readonly confidence: Confidence;
  readonly message: string;
  /** The message for a reader who has room for a few words only; the message itself if missing. */
  readonly brief?: string | undefined;
  readonly trace: readonly TraceStep[];
}

/** A rule that checks what a patch, or the difference to a revision, adds to hide findings. */
export interface ChangeRule extends RuleFacts {
  readonly checks: 'change';
  check(added: readonly AddedSuppression[]): Iterable<ChangeReport>;
}

/** A rule that checks a patch series. It runs after the tree of each patch has been analysed. */
export interface SeriesRule extends RuleFacts {
  readonly checks: 'series';
  check(series: JudgedSeries): Iterable<SeriesReport>;
}

/** Any rule; `checks` tells the kinds apart. */
export type Rule = ContractRule | SuppressionRule | ChangeRule | SeriesRule;

/** Defines a rule about the contract: adds what kind of rule it is, and lets the compiler check the rest. */
export function defineRule(rule: Omit<ContractRule, 'checks'>): ContractRule {
  return { ...rule, checks: 'contract' };
}

/** Defines a rule about suppression comments. No comment can suppress its findings. */
export function defineSuppressionRule(rule: Omit<SuppressionRule, 'checks'>): SuppressionRule {
  return { ...rule, checks: 'suppressions' };
}

/** Defines a rule about a change. No comment can suppress its findings. */
export function defineChangeRule(rule: Omit<ChangeRule, 'checks' | 'scope'>): ChangeRule {
  return { ...rule, checks: 'change', scope: 'tree' };
}

/** Defines a rule about a patch series. Its scope is always `tree`: it compares the trees before and after each patch. */
export function defineSeriesRule(rule: Omit<SeriesRule, 'checks' | 'scope'>): SeriesRule {
  return { ...rule, checks: 'series', scope: 'tree' };
}
