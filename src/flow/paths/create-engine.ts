import { callsIn } from '../../c/index.js';
import { type Codebase, type FunctionRef, functionAt, functionKey } from '../../program/index.js';
import { definitionsFor } from '../configurations/called-definitions.js';
import { modularOptions } from '../configurations/modular.js';
import { withAssumptions } from '../configurations/variants.js';
import { evaluate } from '../evaluate/evaluate.js';
import { expandedFunction } from '../expansion/expand-statements.js';
import type { Expansions } from '../expansion/expansions.js';
import { usedAt } from '../expansion/macros.js';
import { graphOf } from '../graph/build-graph.js';
import type { CallerPlace, CallFrame, Engine, Evaluated, LockWatch, Relevance, SecondLook } from '../model/engine.js';
import type { ErrorOrigin, FlowEvent } from '../model/results.js';
import { reachable } from '../state/heap.js';
import { PersistentMap } from '../state/persistent-map.js';
import type { Resource, ResourceEnd } from '../state/resource.js';
import { type State, stateWith } from '../state/state.js';
import type { Value } from '../state/value.js';
import { blockGraph, explore } from './explore.js';

/** An expression with more results than these is cut. */
const mostResults = 64;
/** How deep callees are followed; the function itself counts. */
const deepestCall = 3;
/** The same for locks: the way from a callback to the call in question may be longer. */
const deepestLockedCall = 6;

/** What an engine is made from. */
export interface EngineParts {
  readonly codebase: Codebase;
  readonly relevance: Relevance;
  readonly locks: LockWatch | null;
  readonly expansions: Expansions;
  readonly again: SecondLook | null;
  readonly tellsNull: boolean;
}

/** Creates the engine that follows one function. It must not be used for a second one. */
export function createEngine({ codebase, relevance, locks, expansions, again, tellsNull }: EngineParts): Engine {
  const deepest = locks ? deepestLockedCall : deepestCall;
  let next: Value = 1;
  const frameId = createFrameIds();
  const engine: Engine = {
    codebase,
    relevance,
    locks,
    expansions,
    again,
    tellsNull,
    budget: { steps: 0, incomplete: null },
    events: [],
    lockEvents: [],
    ...emptyRecords(),
    newValue: () => next++,
    find: locks ? locks.find : (name, path) => codebase.definitions.findCandidate(name, path),
    report(event, frame, state) {
      const { decisions } = state;
      const { at, frame: told } = isSecondEnd(event)
        ? beside(codebase, event.resource?.end, { frame, at: event.at })
        : { at: event.at, frame };
      const within = makerAround(event.origin, frame);
      const seen = { ...event, at, path: told.ref.path, function: told.ref.outline.name, within, decisions };
      engine.events.push(seen);
      if (state.guesses.length > 0) engine.guessedAt.set(seen, state);
    },
    bounded(results) {
      if (results.length <= mostResults) return results;
      engine.budget.incomplete ??= `an expression with more than ${mostResults} outcomes`;
      return results.slice(0, mostResults);
    },
    evaluate: (expression, state, frame) => evaluate(engine, expression, state, frame),
    block(body, state, frame) {
      const exits = explore(engine, blockGraph(body), stateWith(state, { depth: 0, cleanups: [] }), frame);
      return exits.map((exit) => ({
        value: exit.value ?? engine.newValue(),
        state: stateWith(exit.state, { depth: state.depth, cleanups: state.cleanups }),
      }));
    },
    call(ref, values, state, from) {
      const key = functionKey(ref);
      const { frame } = from;
      const { spare } = frame;
      if (frame.stack.includes(key)) return undefined;
      const most = deepest + spare;
      const below = frame.stack.length - most;
      if (below >= 0 && !isLastStep(engine, ref, below, values, state)) return undefined;
      const results = definitionsFor(codebase, ref, state, from).map((one) => {
        if (one.macro) return engine.expand(usedAt(one.macro, from.at), values, one.state, frame);
        const unit = expandedFunction(codebase, one.ref);
        const start = withAssumptions(unit, one.state, modularOptions(codebase, one.ref.path));
        if (!start) return undefined;
        const own = functionKey(one.ref);
        const id = frameId(frame, own, engine.budget.steps);
        return enter(engine, { ref: one.ref, unit, id, stack: [...frame.stack, own], spare, from }, values, start);
      });
      return results.includes(undefined) ? undefined : engine.bounded(results.flatMap((found) => found ?? []));
    },
    expand(unit, values, state, frame) {
      const id = frameId(frame, unit.name, engine.budget.steps);
      return enter(
        engine,
        { ref: frame.ref, unit, id, stack: [...frame.stack, unit.name], spare: frame.spare, from: frame.from },
        values,
        state,
      );
    },
  };
  return engine;
}

/**
 * Makes the ids of call frames: the same for the same callee, called from the same frame at the same step. They are short,
 * since the keys of all variables begin with them.
 */
function createFrameIds(): (caller: CallFrame, callee: string, step: number) => string {
  const ids = new Map<string, string>();
  return (caller, callee, step) => {
    const call = `${caller.id}/${callee}@${step}`;
    let id = ids.get(call);
    if (id === undefined) {
      id = `f${ids.size}`;
      ids.set(call, id);
    }
    return id;
  };
}

/** The key of the function, below the outermost one, in whose frame an error was made, and from which another was reached. */
function makerAround(origin: ErrorOrigin | null, frame: CallFrame): string | null {
  for (let one = frame; origin && one.from; one = one.from.frame)
    if (one.id === origin.frame) return functionKey(one.ref);
  return null;
}

/** Whether an event is that something ends which a put has ended already. */
const isSecondEnd = ({ kind }: Pick<FlowEvent, 'kind'>): boolean => kind === 'double-free' || kind === 'put-again';

/**
 * The place that the author must change. If a helper ends what its caller has already ended, directly or through another
 * helper, this is the call of the helper: the helper itself is right for other callers.
 */
function beside(codebase: Codebase, first: ResourceEnd | null | undefined, place: CallerPlace): CallerPlace {
  if (!first) return place;
  const ender = functionAt(codebase.program, first.path, first.at);
  for (let { frame, at } = place; ; { frame, at } = frame.from) {
    const isEnder = ender !== undefined && functionKey(frame.ref) === functionKey(ender);
    const isSameCall = frame.ref.path === first.path && at === first.at;
    if ((isEnder && !isSameCall) || (!isEnder && calls(frame, ender))) return { frame, at };
    if (!frame.from) return place;
  }
}

function calls({ unit }: CallFrame, callee: FunctionRef | undefined): boolean {
  return callee !== undefined && callsIn(unit.body).some(({ name }) => name === callee.outline.name);
}

/** What the engine has noted of values before it follows anything. */
function emptyRecords() {
  return {
    origins: new Map(),
    frees: new Map(),
    globals: new Map(),
    globalFiles: new Map(),
    addresses: new Map(),
    addressed: new Map(),
    places: new Map(),
    unseen: new Set(),
    returnedBy: new Map(),
    makers: new Map(),
    unfilled: new Map(),
    soleErrors: new Map(),
    constants: new Set(),
    askedForNull: new Map(),
    askedForError: new Map(),
    born: new Map(),
    settled: new Set(),
    given: new Map(),
    questions: new Map(),
    interned: new Map(),
    steps: new Map(),
    shifts: new Map(),
    sums: new Map(),
    stages: new Set(),
    literals: new Map(),
    bits: new Map(),
    masks: new Map(),
    flags: new Set(),
    opaque: new Set(),
    guessesOver: new Set(),
    guessedAt: new Map(),
    bitNumbers: new Map(),
    namesOf: new Map(),
    complements: new Map(),
    unassigned: new Set(),
    cursors: new Set(),
    fromMembers: new Set(),
    elements: new Set(),
    links: new Set(),
  } satisfies Partial<Engine>;
}

/**
 * Whether a callee just below the deepest one gets an attachment that the path made, and calls the API, itself or in the next
 * step: the last ones of a release, as in `ib_umem_release()`, `ib_umem_dmabuf_release()`, `ib_umem_dmabuf_revoke()` and
 * `ib_umem_dmabuf_revoke_locked()`.
 * @param below how many callees lie between the deepest one and this one
 */
function isLastStep(engine: Engine, ref: FunctionRef, below: number, values: readonly Value[], state: State): boolean {
  if (engine.locks || state.resources.length === 0 || below > 1) return false;
  const { isDirect, matters } = engine.relevance;
  if (below === 1 ? !isDirect(ref) : !matters(ref)) return false;
  const passed = reachable(state, values);
  return state.resources.some(({ kind, handle, count }) => kind === 'attachment' && count > 0 && passed.has(handle));
}

/** Follows a callee: binds its parameters, explores its body, and returns to the caller's scopes. */
function enter(engine: Engine, frame: CallFrame, values: readonly Value[], state: State): readonly Evaluated[] {
  let { variables } = state;
  // Of two heads under `#if` the one with as many parameters is meant. The names of the others are bound, too.
  const { parameters, otherParameters = [] } = frame.unit;
  const heads = [...otherParameters, parameters].sort(
    (left, right) => Number(left.length === values.length) - Number(right.length === values.length),
  );
  for (const [index, parameter] of heads.flatMap((head) => [...head.entries()])) {
    variables = variables.with(`${frame.id}:${parameter.name}`, values[index] ?? engine.newValue());
  }
  const start: State = stateWith(state, { variables, depth: 0, cleanups: [] });
  return explore(engine, graphOf(frame.unit), start, frame).map((exit) => {
    const { resources } = exit.state;
    return {
      value: exit.value ?? engine.newValue(),
      state: stateWith(exit.state, {
        resources: exit.outcome === 'error' ? markLeftByFailure(state.resources, resources) : resources,
        variables: withoutFrame(exit.state.variables, frame.id),
        depth: state.depth,
        cleanups: state.cleanups,
      }),
    };
  });
}

/** Marks what a callee acquired, and still holds though it failed: its callers show whether that is a leak. */
function markLeftByFailure(before: readonly Resource[], after: readonly Resource[]): readonly Resource[] {
  return after.map((resource) =>
    resource.status === 'held' && !before.includes(resource) ? { ...resource, leftByFailure: true } : resource,
  );
}

/** The variables without those of one frame. */
function withoutFrame(variables: State['variables'], id: string): State['variables'] {
  const prefix = `${id}:`;
  const left = new Map<string, Value>();
  variables.forEach((value, key) => {
    if (!key.startsWith(prefix)) left.set(key, value);
  });
  return new PersistentMap(left);
}
