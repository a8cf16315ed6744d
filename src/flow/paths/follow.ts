import type { FunctionUnit } from '../../c/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { factsAround } from '../configurations/definitions.js';
import { modularOptions } from '../configurations/modular.js';
import { withAssumptions, withFacts } from '../configurations/variants.js';
import { isUnsigned } from '../evaluate/plain-variables.js';
import { expandedFunction } from '../expansion/expand-statements.js';
import { type Expansions, expansionsOf } from '../expansion/expansions.js';
import { graphOf } from '../graph/build-graph.js';
import { enterLocked } from '../locks/lock-state.js';
import { type CallFrame, type LockWatch, outermostFrameId, type Relevance, type SecondLook } from '../model/engine.js';
import type { FunctionFlow } from '../model/results.js';
import { isBalanced } from '../objects/own-balance.js';
import { emptyState, type State, stateWith } from '../state/state.js';
import { good, type Value, zero, zeroValue } from '../state/value.js';
import { noteGivenNumbers } from './constant-parameters.js';
import { createEngine, type EngineParts } from './create-engine.js';
import { explore } from './explore.js';
import { eventsTold, exitsTold } from './guesses.js';
import { reportErrorsPastNullTests, reportKeptErrors } from './kept-errors.js';
import { contradictions, operandsOf, testsAt } from './unreached.js';

/** What may be chosen when a function is followed. */
export interface FollowOptions {
  /** Where given, the reservation lock is followed instead of resources. */
  readonly locks?: LockWatch | null;
  /** Whether an exit that returns NULL is told apart from one that returns an error pointer. */
  readonly tellsNull?: boolean;
  /** What the tree's macros do; read from the tree where it is not given. */
  readonly expansions?: Expansions;
}

/**
 * Follows every path of a function, within bounds, and through those of its callees that matter.
 * @returns what each exit holds, and what went wrong on the way. It does not throw for code that is nested too deeply:
 *   that is said in `incomplete`.
 */
export function followFunction(
  codebase: Codebase,
  relevance: Relevance,
  ref: FunctionRef,
  { locks = null, tellsNull = false, expansions = expansionsOf(codebase) }: FollowOptions = {},
): FunctionFlow {
  try {
    return followAgain({ codebase, relevance, locks, tellsNull, expansions, again: null }, ref);
  } catch (error) {
    // The call stack of JavaScript ran out.
    if (!(error instanceof RangeError)) throw error;
    const incomplete = 'it is nested too deeply';
    return {
      ref,
      exits: [],
      events: [],
      lockEvents: [],
      incomplete,
      steps: 0,
      contradictions: [],
      parameters: [],
      errors: [],
    };
  }
}

/**
 * If the paths of a lock take more steps than this, an exact second run costs seconds, and so far it has found nothing more.
 * A contradiction that is left is reported.
 */
const mostForSecondLook = 2000;

/**
 * Follows the paths of a function, and again where they contradict themselves: of two states that differ in little only the
 * first was followed, and it knows too much; or a loop was not entered often enough.
 */
function followAgain(parts: EngineParts, ref: FunctionRef): FunctionFlow {
  const first = followPaths(parts, ref);
  if (first.contradictions.length === 0) return first;
  const graph = graphOf(expandedFunction(parts.codebase, ref));
  const missing = testsAt(graph, first.contradictions);
  const look: SecondLook = { tests: new Set(missing.map(({ at }) => at)), isExact: false, watched: [] };
  let best = first;
  const isLong = parts.locks !== null && first.steps > mostForSecondLook;
  const exactLook: SecondLook = { ...look, isExact: true };
  const watchingLook: SecondLook = { ...look, watched: operandsOf(missing) };
  // The first look takes no longer than the first run did; an exact one takes up to ten times as long.
  for (const again of [look, watchingLook, ...(isLong ? [] : [exactLook])]) {
    const flow = followPaths({ ...parts, again }, ref);
    if (flow.incomplete === null && flow.contradictions.length < best.contradictions.length) best = flow;
    if (best.contradictions.length === 0) break;
  }
  return best;
}

function followPaths(parts: EngineParts, ref: FunctionRef): FunctionFlow {
  const engine = createEngine(parts);
  const unit = expandedFunction(parts.codebase, ref);
  const frame: CallFrame = { ref, unit, id: outermostFrameId, stack: [functionKey(ref)], spare: 0, from: null };
  const parameters = unit.parameters.map(() => engine.newValue());
  const entry = initialState(frame, parameters);
  let state = compiledState(parts.codebase, ref, unit, entry);
  noteGivenNumbers(engine, frame);
  if (parts.locks) state = enterLocked(engine, parts.locks, parameters[0], state, frame);
  const graph = graphOf(unit);
  const reached = new Set<number>();
  const left = explore(engine, graph, state, frame, reached);
  for (const exit of left) reportKeptErrors(engine, exit, frame);
  for (const exit of left) reportErrorsPastNullTests(engine, exit, frame);
  const exits = exitsTold(engine, left);
  const { steps, incomplete } = engine.budget;
  return {
    ref,
    exits,
    events: eventsTold(engine).filter((event) => isBalanced(event, exits, parameters, engine.unseen)),
    lockEvents: engine.lockEvents,
    incomplete: incomplete ?? (unit.unparsed.length > 0 ? 'part of it cannot be parsed' : null),
    steps,
    contradictions: incomplete === null ? contradictions(graph, reached, engine.settled) : [],
    parameters,
    errors: [...engine.origins.keys()],
  };
}

/** The state in which a function is entered that stands under `#if`s: they hold. */
function compiledState(codebase: Codebase, ref: FunctionRef, unit: FunctionUnit, entry: State): State {
  const mayBeModule = modularOptions(codebase, ref.path);
  const compiled = withFacts(entry, factsAround(codebase, ref), mayBeModule) ?? entry;
  return withAssumptions(unit, compiled, mayBeModule) ?? compiled;
}

/** The state at the entry of a function: its parameters are known to its caller, too. */
function initialState({ unit, id }: CallFrame, parameters: readonly Value[]): State {
  let { variables, shared } = emptyState;
  let signs = emptyState.signs.with(zeroValue, zero);
  for (const [index, parameter] of unit.parameters.entries()) {
    const value = parameters[index] ?? zeroValue;
    variables = variables.with(`${id}:${parameter.name}`, value);
    shared = shared.with(value, true);
    // Callers do not pass error pointers; NULL is possible where the function tests for it.
    if (parameter.type.includes('*') || isUnsigned(parameter.type)) signs = signs.with(value, good | zero);
  }
  return stateWith(emptyState, { variables, shared, signs });
}
