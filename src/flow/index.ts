/** Follows resources and the reservation lock along every path of a function. This is all that upper floors may import. */

export { commentSaysItLeavesLock, saysCallersHoldLock, saysItLeavesLock } from './callers/documented-locking.js';
export { saysItTakesReference } from './callers/documented-references.js';
export { functionsInTables } from './callers/table-functions.js';
export { hasIndex } from './calls/acquire-release.js';
export { dependsOnChangedAnswer } from './calls/look-ups.js';
export { isAssumed, isKnownElsewhere } from './descriptors/assumed-reference.js';
export { freeActionsFor } from './expansion/cleanup.js';
export { expansionsOf } from './expansion/expansions.js';
export { expandMacros } from './expansion/macro-text.js';
export { wrappedFunction } from './expansion/wrappers.js';
export { explainPaths } from './explain/explain-function.js';
export { describeEnd, describeLockOrigin, describeVia } from './explain/wording.js';
export { graphOf } from './graph/build-graph.js';
export { isDropped } from './graph/dropped-calls.js';
export { transparentArgument } from './graph/macro-forms.js';
export type { ControlFlowGraph, ControlFlowNode } from './graph/model.js';
export { expressionsIn, isReachable, leadsTo, nodeOfCall, type PathQuery, successors } from './graph/search.js';
export { readConvention } from './locks/convention.js';
export { asksFlag } from './locks/flags.js';
export { countsSteps } from './locks/nested-locks.js';
export type { FlowEvent, FlowExit, FunctionFlow } from './model/results.js';
export { leaksAt, wasOverPut } from './paths/leaks.js';
export { memberOfOwnData, objectOfKey, reachable } from './state/heap.js';
export type { Resource } from './state/resource.js';
export {
  type Decision,
  isError,
  isZeroed,
  mayBeGood,
  mayBeZero,
  mayHideLock,
  truthOf,
  wasWrittenAfter,
  writesAlike,
} from './state/state.js';
export { callsLeaveLocks } from './tree/locks/lock-bystanders.js';
export { followLocks, type LockFinding, type LockFlows } from './tree/locks/lock-flows.js';
export { errorReturns, nullReturns } from './tree/null-returns.js';
export { followTree, followTreeWithPauses, readDirectUsers } from './tree/tree-flows.js';
