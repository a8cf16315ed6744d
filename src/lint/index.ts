/** What is said of trees and series. What analyses them is in analysis.ts: who only shows what is known need not load it. */
export * from './baseline.js';
export { type Comparison, compareTrees, type Difference, isSameFinding } from './compare.js';
export { type Config, ConfigError, checkConfig, configName, defaultConfig, readConfig, suggestion } from './config.js';
export { type ContractChange, contractChanges } from './contract-change.js';
export * from './finding.js';
export * from './fix.js';
export {
  type AnalyseAgain,
  changedFiles,
  type FixChoice,
  type FixOutcome,
  fixFindings,
  type MadeFix,
  type UnfixedFinding,
} from './fixing.js';
export * from './known-findings.js';
export { nearestName } from './nearest.js';
export type { ScanOutcome } from './outcome.js';
export { guessRenames } from './renames.js';
export type { Result, RunStats } from './result.js';
export {
  type ContractRule,
  defineRule,
  defineSeriesRule,
  defineSuppressionRule,
  type Report,
  type Rule,
  type RuleGroup,
  type SeriesRule,
  type SuppressionRule,
} from './rule.js';
// Reading a page loads a Markdown parser, which a scan has no use for: import that from rule-page.js.
export type { RuleExample, RulePage } from './rule-page.js';
export * from './series.js';
export * from './series-outcome.js';
export { runSeriesRules, type SeriesFinding, type SeriesReport } from './series-rule.js';
export type { SuppressedFinding, SuppressionReview, UnusedSuppression } from './suppression.js';
export type { InvalidSuppression, Suppression, SuppressionProblem } from './suppression-comments.js';
export type { TreeFacts } from './tree-facts.js';
