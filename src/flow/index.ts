/** What is held, taken and released on each path of a function. */
export type { FlowEvent, FlowExit, FunctionFlow } from './engine.js';
export { followAll } from './flows.js';
export { type Leak, leaksAt } from './held.js';
export { type Decision, type Resource, type ResourceKind, type State, signsOf } from './state.js';
