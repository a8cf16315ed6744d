/** What is held, taken and released on each path of a function. */

export { type LockingConvention, readConvention } from './convention.js';
export { saysItLeavesLock } from './entries.js';
export { explainPaths } from './explain.js';
export { buildGraph, type FlowGraph, type FlowNode } from './graph.js';
export { type Leak as HeldAtExit, leaksAt } from './held.js';
export { followLocks, type LockFinding, type LockFlows } from './lock-flows.js';
export { hidden as hiddenLockMark } from './locks.js';
export type { FlowEvent, FlowExit, FunctionFlow } from './model.js';
export type { Decision, Resource, ResourceKind, State } from './state.js';
export { followTree } from './tree-flows.js';
export { nodeOf, reaches, type WaySearch, waysFrom } from './ways.js';
