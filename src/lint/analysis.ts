/** What callers of the lint floor use to analyse a tree. Importing this file loads the C parser. */

export { factsOf } from './facts/tree-facts.js';
export { freeProcessors, lintTree } from './lint.js';
export { outcomeOf } from './outcome.js';
export { runRules } from './run.js';
