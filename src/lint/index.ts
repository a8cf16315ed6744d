export { type Config, ConfigError, checkConfig, configName, defaultConfig, readConfig, suggestion } from './config.js';
export * from './finding.js';
export { lintTree } from './lint.js';
export { nearestName } from './nearest.js';
export type { Result, RunStats } from './result.js';
export {
  type ContractRule,
  defineRule,
  defineSuppressionRule,
  type Report,
  type Rule,
  type RuleGroup,
  type SuppressionRule,
} from './rule.js';
// Reading a page loads a Markdown parser, which a scan has no use for: import that from rule-page.js.
export type { RuleExample, RulePage } from './rule-page.js';
export { type RunOutcome, runRules } from './run.js';
export type { SuppressedFinding, SuppressionReview, UnusedSuppression } from './suppression.js';
export type { InvalidSuppression, Suppression, SuppressionProblem } from './suppression-comments.js';
