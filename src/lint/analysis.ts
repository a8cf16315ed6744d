/** What analyses a tree: with it comes everything that reads C. */

export { factsOf } from './facts/tree-facts.js';
export { lintTree } from './lint.js';
export { outcomeOf } from './outcome.js';
export { type RunOutcome, runRules } from './run.js';
