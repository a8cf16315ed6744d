export { checkConfig, type Config, ConfigError, configName, defaultConfig, readConfig, suggestion } from './config.js';
export * from './finding.js';
export { lintTree } from './lint.js';
export { nearestName } from './nearest.js';
export type { Result, RunStats } from './result.js';
export { defineRule, type Report, type Rule, type RuleGroup } from './rule.js';
export { type RuleExample, type RulePage, readRulePage } from './rule-page.js';
export { runRules } from './run.js';
