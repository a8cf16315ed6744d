/**
 * What callers of the lint floor may use to read and show results. Code that analyses a tree is in `analysis.ts`: a
 * command that only shows stored results imports this file and does not load the C parser.
 */
export * from './baseline/baseline.js';
export { compareTrees, isSameFinding } from './baseline/compare.js';
export * from './baseline/known-findings.js';
export { guessRenames } from './baseline/renames.js';
export type { AddedSuppression } from './change/added.js';
export { addedComments, honouring } from './change/added-comments.js';
export { runChangeRules } from './change/change-rule.js';
export { oldSuppressions } from './change/old-suppressions.js';
export { addedTreeSettings } from './change/tree-settings.js';
export {
  type Config,
  ConfigError,
  checkConfig,
  configName,
  defaultConfig,
  parseConfig,
} from './config/config.js';
export type { TreeFacts } from './facts/tree-facts.js';
export * from './finding.js';
export * from './fixing/fix.js';
export {
  type AnalyseAgain,
  changedFiles,
  type FixOutcome,
  fixFindings,
} from './fixing/fixing.js';
export type { ScanOutcome } from './outcome.js';
export type { Result } from './result.js';
export {
  defineChangeRule,
  defineRule,
  defineSeriesRule,
  defineSuppressionRule,
  type Report,
  type Rule,
  type RuleGroup,
  type SeriesReport,
} from './rule.js';
// Types only: the functions of rule-page.js load a Markdown parser, which a scan does not need.
export type { RuleExample, RulePage } from './rule-page.js';
export { type ContractChange, contractChanges } from './series/contract-change.js';
export { leftoversOf, type Removal } from './series/leftovers.js';
export * from './series/series.js';
export * from './series/series-outcome.js';
export { runSeriesRules, type SeriesFinding } from './series/series-rule.js';
export * from './series/since-previous.js';
export { unjudgedFiles } from './series/unjudged.js';
export type { SuppressedFinding, UnusedSuppression } from './suppression/suppression.js';
export type { SuppressionProblem } from './suppression/suppression-comments.js';
