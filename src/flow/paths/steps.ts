import type { FunctionUnit } from '../../c/index.js';
import { decideTest, isConstant } from '../evaluate/decide.js';
import { evaluate } from '../evaluate/evaluate.js';
import { cleanupCall } from '../expansion/cleanup.js';
import type { FlowNode } from '../graph/graph.js';
import { noteHiddenGuard } from '../locks/locks.js';
import { bad, good, type Signs, type State, signsOf, type Value, zero } from '../state/state.js';
import type { Engine, FlowExit, Frame } from './model.js';

/** A state, and the node at which it goes on. */
export type Next = readonly [State, number];

/** What one node makes of a state: a way for each that it can go. */
export function step(
  engine: Engine,
  node: Exclude<FlowNode, { kind: 'return' }>,
  state: State,
  frame: Frame,
): readonly Next[] {
  switch (node.kind) {
    case 'evaluate':
      return evaluate(engine, node.expression, state, frame).map((result) => [result.state, node.next] as const);
    case 'declare':
      return declare(engine, node, state, frame);
    case 'test':
      return followTest(engine, node, state, frame);
    case 'switch':
      return followSwitch(engine, node, state, frame);
    case 'choose':
      return choose(node, state, frame);
    case 'round':
      return [[startRound(engine, node, state, frame), node.next]];
    case 'enter':
      return [[{ ...state, depth: state.depth + 1 }, node.next]];
    case 'leave':
      return [[leaveScopes(engine, state, node.depth, frame, node.at), node.next]];
    case 'guard':
      return engine.locks ? guard(engine, node, state, frame) : [[state, node.next]];
    case 'unparsed':
      return [[state, node.next]];
  }
}

/** A loop macro gives its cursor a new value each round; which argument that is, macros differ in. */
function startRound(engine: Engine, node: Extract<FlowNode, { kind: 'round' }>, state: State, frame: Frame): State {
  let after = state;
  for (const argument of node.arguments) {
    const key = argument.kind === 'name' ? `${frame.id}:${argument.name}` : '';
    const old = after.variables.get(key);
    // What is held, and what was handed in, is what the loop goes over.
    if (old === undefined || after.shared.has(old) || after.resources.some((resource) => resource.handle === old))
      continue;
    const value = engine.fresh();
    after = {
      ...after,
      variables: after.variables.with(key, value),
      signs: after.signs.with(value, good),
      shared: after.shared.with(value, true),
    };
  }
  return after;
}

function declare(
  engine: Engine,
  node: Extract<FlowNode, { kind: 'declare' }>,
  state: State,
  frame: Frame,
): readonly Next[] {
  const key = `${frame.id}:${node.name}`;
  const results = node.value ? evaluate(engine, node.value, state, frame) : [{ value: engine.fresh(), state }];
  return results.map(({ value, state: after }) => {
    const known = { ...after, variables: after.variables.with(key, value) };
    if (node.cleanup === null) return [known, node.next] as const;
    const cleanup = { depth: after.depth, name: key, action: node.cleanup, values: [] };
    return [{ ...known, cleanups: [...after.cleanups, cleanup] }, node.next] as const;
  });
}

/** `guard(x)(lock)` takes the lock, and its scope drops it. */
function guard(
  engine: Engine,
  node: Extract<FlowNode, { kind: 'guard' }>,
  state: State,
  frame: Frame,
): readonly Next[] {
  const { at, name } = node;
  const known = engine.guards.get(name);
  const [argument] = node.arguments;
  if (!known || !argument) return [[noteHiddenGuard(name, state), node.next]];
  const variable = `guard@${at}`;
  const key = `${frame.id}:${variable}`;
  return evaluate(engine, argument, state, frame).flatMap(({ value, state: after }) =>
    evaluate(
      engine,
      cleanupCall(known.take, variable, at),
      { ...after, variables: after.variables.with(key, value) },
      frame,
    ).map(({ state: taken }): Next => {
      const cleanup = { depth: taken.depth, name: key, action: known.drop, values: [] };
      return [{ ...taken, cleanups: [...taken.cleanups, cleanup] }, node.next];
    }),
  );
}

/** Scopes that are left run their cleanups: `__free(kfree)` frees what the variable holds then. */
function leaveScopes(engine: Engine, state: State, depth: number, frame: Frame, at: number): State {
  let after = state;
  const left = state.cleanups.filter((cleanup) => cleanup.depth > depth);
  for (const cleanup of left.reverse()) {
    const value = after.variables.get(cleanup.name);
    // Every DEFINE_FREE() looks first whether there is something to release.
    if (value === undefined || (signsOf(after, value) & good) === 0) continue;
    const action = engine.freeActions.get(cleanup.action) ?? { name: cleanup.action, arguments: [{ member: null }] };
    const call = cleanupCall(action, cleanup.name.slice(frame.id.length + 1), at);
    after = evaluate(engine, call, after, frame)[0]?.state ?? after;
  }
  return { ...after, depth, cleanups: after.cleanups.filter((cleanup) => cleanup.depth <= depth) };
}

/** What a return makes of a state: its cleanups run, and its value tells success from failure. */
export function leave(
  engine: Engine,
  node: Extract<FlowNode, { kind: 'return' }>,
  state: State,
  frame: Frame,
): readonly FlowExit[] {
  const results = node.value ? evaluate(engine, node.value, state, frame) : [{ value: null, state }];
  return results.map(({ value, state: after }) => {
    const done = leaveScopes(engine, after, -1, frame, node.at);
    return { value, state: done, at: node.at, outcome: outcomeOf(frame.unit, value, done) };
  });
}

function outcomeOf(unit: FunctionUnit, value: Value | null, state: State): FlowExit['outcome'] {
  if (value === null) return 'unknown';
  const signs: Signs = state.signs.get(value) ?? 7;
  const isPointer = unit.returnType.includes('*');
  const failures = isPointer ? bad | zero : bad;
  // `if (r) goto error; … return r;`: a number that is known not to be 0, and may be negative, is an error.
  if ((signs & ~failures) === 0 || (!isPointer && signs === (good | bad))) return 'error';
  return (signs & failures) === 0 ? 'success' : 'unknown';
}

function choose(node: Extract<FlowNode, { kind: 'choose' }>, state: State, frame: Frame): readonly Next[] {
  if (node.key === null) return node.ways.map((way) => [state, way] as const);
  // The same `#if` is decided once for a whole path.
  const key = `#${node.key}`;
  const decided = state.answers.get(key);
  if (typeof decided === 'number') return [[state, node.ways[decided] ?? node.ways[0] ?? -1]];
  return node.ways.map(
    (way, index) =>
      [
        decide({ ...state, answers: state.answers.with(key, index) }, frame, node.at, node.labels[index] ?? ''),
        way,
      ] as const,
  );
}

function decide(state: State, frame: Frame, at: number, text: string): State {
  return { ...state, decisions: [...state.decisions, { path: frame.ref.path, at, text }] };
}

function followTest(
  engine: Engine,
  node: Extract<FlowNode, { kind: 'test' }>,
  state: State,
  frame: Frame,
): readonly Next[] {
  const ways = decideTest(engine, node.test, state, frame);
  const isOpen = ways.some(({ answer }) => answer) && ways.some(({ answer }) => !answer);
  return ways.map(
    (way) =>
      [
        isOpen ? decide(way.state, frame, node.at, String(way.answer)) : way.state,
        way.answer ? node.whenTrue : node.whenFalse,
      ] as const,
  );
}

/** A switch over a constant goes one way. */
function followSwitch(
  engine: Engine,
  node: Extract<FlowNode, { kind: 'switch' }>,
  state: State,
  frame: Frame,
): readonly Next[] {
  return evaluate(engine, node.subject, state, frame).flatMap(({ value, state: after }): readonly Next[] => {
    const everyWay = node.cases.map((way) => [after, way.next] as const);
    if (!isConstant(engine, value)) return everyWay;
    const same = node.cases.find(
      (way) => way.value !== null && evaluate(engine, way.value, after, frame)[0]?.value === value,
    );
    const taken = same ?? node.cases.find((way) => way.value === null);
    return taken ? [[after, taken.next]] : everyWay;
  });
}
