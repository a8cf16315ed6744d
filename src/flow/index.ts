/** What is held, taken and released on each path of a function. */

export { saysItLeavesLock } from './callers/entries.js';
export { describeEnd, describeLockOrigin, describeVia } from './explain/wording.js';
export { buildGraph, type FlowGraph, type FlowNode } from './graph/graph.js';
export { nodeOf, reaches, type WaySearch, waysFrom } from './graph/graph-search.js';
export { type LockingConvention, readConvention } from './locks/convention.js';
export { followLocks, type LockFinding, type LockFlows } from './locks/lock-flows.js';
export { hidden as hiddenLockMark } from './locks/locks.js';
export { explainPaths } from './paths/explain.js';
export type { FlowEvent, FlowExit, FunctionFlow } from './paths/model.js';
export { followTree } from './paths/tree-flows.js';
export { type Leak as HeldAtExit, leaksAt } from './state/held.js';
export type { Resource, ResourceEnd } from './state/resource.js';
export type { Decision, State } from './state/state.js';
