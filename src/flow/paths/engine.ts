import { type FunctionUnit, type Statement, visitExpressions } from '../../c/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { type Expansions, expansionsOf } from '../expansion/expansions.js';
import { buildGraph, type FlowGraph, joinsOf } from '../graph/graph.js';
import { enterLocked } from '../locks/locks.js';
import { PersistentMap } from '../state/persistent-map.js';
import type { Resource } from '../state/resource.js';
import { lockSignature, signature } from '../state/signature.js';
import { emptyState, good, type State, type Value, zero, zeroValue } from '../state/state.js';
import type { Engine, FlowEvent, FlowExit, Frame, FunctionFlow, LockWatch } from './model.js';
import type { Relevance } from './relevance.js';
import { leave, step } from './steps.js';

const mostSteps = 2000;
const mostExactSteps = 400;
const mostExits = 32;
const mostExactExits = 8;
const mostWays = 64;
const deepestCall = 3;
/** The way from a callback to a lock may be longer. */
const deepestLockedCall = 6;
const mostRounds = 2;

const graphs = new WeakMap<FunctionUnit, FlowGraph>();
const lastUses = new WeakMap<FunctionUnit, ReadonlyMap<string, number>>();

function graphOf(unit: FunctionUnit): FlowGraph {
  let graph = graphs.get(unit);
  if (!graph) {
    graph = buildGraph(unit.body, unit.end - 1);
    graphs.set(unit, graph);
  }
  return graph;
}

const blocks = new WeakMap<readonly Statement[], FlowGraph>();

/** The graph of `({ … x; })`, which returns what its last statement says. */
function blockGraph(body: readonly Statement[]): FlowGraph {
  let graph = blocks.get(body);
  if (!graph) {
    const last = body.at(-1);
    const whole: readonly Statement[] =
      last?.kind === 'expression'
        ? [...body.slice(0, -1), { kind: 'return', value: last.expression, at: last.at }]
        : body;
    graph = buildGraph(whole, last?.at ?? 0);
    blocks.set(body, graph);
  }
  return graph;
}

export interface FollowOptions {
  /** To watch the reservation lock instead of what is taken and released. */
  readonly locks?: LockWatch | null;
  readonly expansions?: Expansions;
}

/**
 * Follows every path of a function, through its callees where they matter, within a bound of steps.
 */
export function followFunction(
  codebase: Codebase,
  relevance: Relevance,
  ref: FunctionRef,
  options: FollowOptions = {},
): FunctionFlow {
  try {
    return followPaths(codebase, relevance, ref, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const incomplete = 'it is nested too deeply';
    return { ref, exits: [], events: [], lockEvents: [], incomplete, steps: 0, parameters: [] };
  }
}

function followPaths(
  codebase: Codebase,
  relevance: Relevance,
  ref: FunctionRef,
  { locks = null, expansions = expansionsOf(codebase) }: FollowOptions,
): FunctionFlow {
  // Where exact paths become too many, those that differ in little are taken for one.
  const sign: typeof signature = (...known) =>
    locks || steps > mostExactSteps ? lockSignature(...known) : signature(...known);
  const exitSign = (count: number): typeof signature => (count < mostExactExits ? sign : lockSignature);
  const deepest = locks ? deepestLockedCall : deepestCall;
  const events: FlowEvent[] = [];
  let next: Value = 1;
  let steps = 0;
  let incomplete: string | null = null;

  const run = (frame: Frame, start: State, inner?: FlowGraph): readonly FlowExit[] => {
    const graph = inner ?? graphOf(frame.unit);
    const exits: FlowExit[] = [];
    const seen = new Set<string>();
    const joins = joinsOf(graph);
    const stack: { readonly node: number; readonly state: State; readonly visits: PersistentMap<number, number> }[] = [
      { node: graph.entry, state: start, visits: new PersistentMap() },
    ];
    const returned = new Set<string>();
    for (let item = stack.pop(); item; item = stack.pop()) {
      if (++steps > mostSteps) {
        incomplete ??= `more than ${mostSteps} steps`;
        break;
      }
      const node = graph.nodes[item.node];
      if (!node) continue;
      let { visits } = item;
      if (joins.has(item.node)) {
        const count = (visits.get(item.node) ?? 0) + 1;
        if (count > mostRounds) continue;
        visits = visits.with(item.node, count);
        const key = `${item.node}|${sign(item.state, frame, lastUsesOf(frame.unit), node.at)}`;
        if (seen.has(key)) continue;
        seen.add(key);
      }
      if (node.kind === 'return') {
        for (const exit of leave(engine, node, item.state, frame)) {
          // A caller must know what became of its values; of the function itself only what is held matters.
          const isOutermost = frame.stack.length === 1 && !inner;
          const key = isOutermost
            ? `${heldText(exit)}${node.at}`
            : exitSign(exits.length)(exit.state, frame, new Map(), Number.POSITIVE_INFINITY) + signsText(exit);
          if (returned.has(key)) continue;
          if (exits.length >= mostExits) {
            incomplete ??= `more than ${mostExits} ways out of ${frame.unit.name}()`;
            continue;
          }
          returned.add(key);
          exits.push(exit);
        }
        continue;
      }
      for (const [state, to] of step(engine, node, item.state, frame))
        if (to >= 0) stack.push({ node: to, state, visits });
    }
    return exits;
  };

  const engine: Engine = {
    codebase,
    relevance,
    locks,
    lockEvents: [],
    find: locks ? locks.find : (name, path) => codebase.definitions.findCandidate(name, path),
    origins: new Map(),
    globals: new Map(),
    bounded(ways) {
      if (ways.length <= mostWays) return ways;
      incomplete ??= `an expression with more than ${mostWays} ways`;
      return ways.slice(0, mostWays);
    },
    addresses: new Map(),
    addressed: new Map(),
    places: new Map(),
    block(body, state, frame) {
      const exits = run(frame, { ...state, depth: 0, cleanups: [] }, blockGraph(body));
      return exits.map((exit) => ({
        value: exit.value ?? engine.fresh(),
        state: { ...exit.state, depth: state.depth, cleanups: state.cleanups },
      }));
    },
    freeActions: expansions.freeActions,
    guards: expansions.guards,
    macros: expansions.macros,
    fresh: () => next++,
    report: (event, frame, state) => {
      events.push({ ...event, path: frame.ref.path, function: frame.ref.outline.name, decisions: state.decisions });
    },
    call(callee, values, state, frame) {
      const key = functionKey(callee);
      if (frame.stack.length >= deepest || frame.stack.includes(key)) return undefined;
      const unit = codebase.program.lower(callee);
      return enter(
        { ref: callee, unit, id: `${frame.id}/${key}@${steps}`, stack: [...frame.stack, key] },
        values,
        state,
      );
    },
    expand: (unit, values, state, frame) =>
      enter(
        { ...frame, unit, id: `${frame.id}/${unit.name}@${steps}`, stack: [...frame.stack, unit.name] },
        values,
        state,
      ),
  };

  /** Follows a body with its parameters, and comes back to where the caller was. */
  const enter = (within: Frame, values: readonly Value[], state: State): ReturnType<Engine['expand']> => {
    let variables = state.variables;
    within.unit.parameters.forEach((parameter, index) => {
      variables = variables.with(`${within.id}:${parameter.name}`, values[index] ?? engine.fresh());
    });
    return run(within, { ...state, variables, depth: 0, cleanups: [] }).map((exit) => ({
      value: exit.value ?? engine.fresh(),
      state: {
        ...exit.state,
        resources:
          exit.outcome === 'error' ? leftByFailure(state.resources, exit.state.resources) : exit.state.resources,
        variables: withoutFrame(exit.state.variables, within.id),
        depth: state.depth,
        cleanups: state.cleanups,
      },
    }));
  };

  const unit = codebase.program.lower(ref);
  const frame: Frame = { ref, unit, id: 'f', stack: [functionKey(ref)] };
  let state: State = { ...emptyState, signs: emptyState.signs.with(zeroValue, zero) };
  const parameters = unit.parameters.map(() => engine.fresh());
  for (const [index, parameter] of unit.parameters.entries()) {
    const value = parameters[index] ?? zeroValue;
    state = {
      ...state,
      variables: state.variables.with(`f:${parameter.name}`, value),
      shared: state.shared.with(value, true),
    };
    // A pointer that is handed in is good, unless the function asks.
    if (parameter.type.includes('*')) state = { ...state, signs: state.signs.with(value, good | zero) };
  }
  if (locks) state = enterLocked(engine, locks, parameters[0], state, frame);
  const exits = run(frame, state);
  return {
    ref,
    exits,
    events,
    lockEvents: engine.lockEvents,
    incomplete: incomplete ?? (unit.unparsed.length > 0 ? 'part of it cannot be parsed' : null),
    steps,
    parameters,
  };
}

function heldText({ outcome, state }: FlowExit): string {
  return (
    outcome +
    state.resources.map((resource) => `${resource.at}${resource.status}${state.shared.has(resource.handle)}`).join()
  );
}

function signsText(exit: FlowExit): string {
  return exit.value === null ? 'void' : `${exit.outcome}${exit.state.signs.get(exit.value) ?? 7}`;
}

/** Marks what a callee that failed has taken and left: whether that is a leak, its callers tell. */
function leftByFailure(before: readonly Resource[], after: readonly Resource[]): readonly Resource[] {
  return after.map((resource) =>
    resource.status === 'held' && !before.includes(resource) ? { ...resource, leftByFailure: true } : resource,
  );
}

function withoutFrame(variables: State['variables'], id: string): State['variables'] {
  const prefix = `${id}:`;
  const left = new Map<string, Value>();
  for (const [key, value] of variables) if (!key.startsWith(prefix)) left.set(key, value);
  return new PersistentMap(left);
}

function lastUsesOf(unit: FunctionUnit): ReadonlyMap<string, number> {
  let uses = lastUses.get(unit);
  if (!uses) {
    const found = new Map<string, number>();
    visitExpressions(unit.body, (expression) => {
      if (expression.kind === 'name')
        found.set(expression.name, Math.max(found.get(expression.name) ?? 0, expression.at));
    });
    uses = found;
    lastUses.set(unit, uses);
  }
  return uses;
}
