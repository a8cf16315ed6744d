import type { Expression, FunctionUnit } from '../c/index.js';
import { cleanupCall } from './cleanup.js';
import type { Engine, FlowExit, Frame } from './engine.js';
import { evaluate } from './evaluate.js';
import type { FlowNode } from './graph.js';
import { assume, bad, good, type Signs, type State, signsOf, type Value, withEntry, zero } from './state.js';
import { errorComparison, opposite, signTest } from './tests.js';

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
    case 'choose':
      return choose(node, state, frame);
    case 'round':
      return [[startRound(engine, node, state, frame), node.next]];
    case 'enter':
      return [[{ ...state, depth: state.depth + 1 }, node.next]];
    case 'leave':
      return [[leaveScopes(engine, state, node.depth, frame, node.at), node.next]];
    case 'guard':
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
      variables: withEntry(after.variables, key, value),
      signs: withEntry(after.signs, value, good),
      shared: new Set(after.shared).add(value),
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
    const known = { ...after, variables: withEntry(after.variables, key, value) };
    if (node.cleanup === null) return [known, node.next] as const;
    const cleanup = { depth: after.depth, name: key, action: node.cleanup, values: [] };
    return [{ ...known, cleanups: [...after.cleanups, cleanup] }, node.next] as const;
  });
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
        decide({ ...state, answers: withEntry(state.answers, key, index) }, frame, node.at, node.labels[index] ?? ''),
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
  const { test } = node;
  const compared = errorComparison(test);
  const signs = signTest(test);
  if (!signs && !compared && test.kind !== 'call') {
    // Not followed: both ways, and the same way again where the same is asked of the same values.
    return evaluate(engine, test, state, frame).flatMap(({ state: after }) => askAgain(engine, node, after, frame));
  }
  const operand = signs?.operand ?? compared ?? test;
  const wanted = signs?.signs ?? (compared ? bad : good | bad);
  return evaluate(engine, operand, state, frame).flatMap(({ value, state: after }): Next[] => {
    const isTrue = assume(after, value, wanted);
    const isFalse = compared ? after : assume(after, value, opposite(wanted));
    const ways: Next[] = [];
    if (isTrue) ways.push([isFalse ? decide(isTrue, frame, node.at, 'true') : isTrue, node.whenTrue]);
    if (isFalse) ways.push([isTrue ? decide(isFalse, frame, node.at, 'false') : isFalse, node.whenFalse]);
    return ways;
  });
}

function askAgain(
  engine: Engine,
  node: Extract<FlowNode, { kind: 'test' }>,
  state: State,
  frame: Frame,
): readonly Next[] {
  const key = questionKey(engine, node.test, state, frame);
  const known = key === null ? undefined : state.answers.get(key);
  if (known !== undefined) return [[state, known ? node.whenTrue : node.whenFalse]];
  const remember = (answer: boolean): State =>
    key === null ? state : { ...state, answers: withEntry(state.answers, key, answer) };
  return [
    [decide(remember(true), frame, node.at, 'true'), node.whenTrue],
    [decide(remember(false), frame, node.at, 'false'), node.whenFalse],
  ];
}

/** A test as text with values for names, or null where a call in it may answer otherwise the next time. */
function questionKey(engine: Engine, test: Expression, state: State, frame: Frame): string | null {
  switch (test.kind) {
    case 'name': {
      const value = state.variables.get(`${frame.id}:${test.name}`);
      return value === undefined ? test.name : `v${value}`;
    }
    case 'literal':
      return test.text;
    case 'member': {
      const [base] = evaluate(engine, test.object, state, frame);
      return base ? `${base.value}.${test.member}=${base.state.heap.get(`${base.value}.${test.member}`) ?? '?'}` : null;
    }
    case 'unary':
    case 'cast': {
      const inner = questionKey(engine, test.operand, state, frame);
      return inner === null ? null : `${test.kind === 'unary' ? test.operator : ''}(${inner})`;
    }
    case 'binary': {
      const left = questionKey(engine, test.left, state, frame);
      const right = questionKey(engine, test.right, state, frame);
      return left === null || right === null ? null : `(${left}${test.operator}${right})`;
    }
    default:
      return null;
  }
}
