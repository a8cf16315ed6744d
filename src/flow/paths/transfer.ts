import type { Expression, FunctionUnit } from '../../c/index.js';
import { modularOptions } from '../configurations/modular.js';
import { takeBranches } from '../configurations/variants.js';
import { evaluateCondition } from '../evaluate/condition.js';
import { evaluateDeclared } from '../evaluate/initialisers.js';
import { forgetLinksOfRound } from '../evaluate/list-links.js';
import { trackedPointers } from '../evaluate/plain-variables.js';
import { cleanupByAddress, cleanupCall, freeActionsFor } from '../expansion/cleanup.js';
import type { ControlFlowNode, NodeOf } from '../graph/model.js';
import { noteHiddenGuard } from '../locks/lock-state.js';
import { noteNesting } from '../locks/nested-locks.js';
import type { CallFrame, Engine } from '../model/engine.js';
import type { FlowExit } from '../model/results.js';
import type { CodePlace, Resource } from '../state/resource.js';
import { answerKeys, type Decision, noteLockTaken, type State, signsOf, stateWith } from '../state/state.js';
import { bad, good, type Signs, type Value, zero } from '../state/value.js';
import type { Next } from './next.js';
import { assignCursors } from './rounds.js';
import { followSwitch } from './switches.js';

/** The transfer function of a node: the states after it, one for each path on. */
export function transfer(
  engine: Engine,
  node: Exclude<ControlFlowNode, { kind: 'return' }>,
  state: State,
  frame: CallFrame,
): readonly Next[] {
  switch (node.kind) {
    case 'evaluate':
      return engine.evaluate(node.expression, state, frame).map((result): Next => [result.state, node.next]);
    case 'declare':
      return declare(engine, node, state, frame);
    case 'test':
      return followTest(engine, node, state, frame);
    case 'switch':
      return followSwitch(engine, node, state, frame);
    case 'choose':
      return choose(engine, node, state, frame);
    case 'round':
      return [[assignCursors(engine, node, state, frame), node.next]];
    case 'enter':
      return [[stateWith(state, { depth: state.depth + 1 }), node.next]];
    case 'leave':
      return [[leaveScopes(engine, state, node.depth, frame, node.at), node.next]];
    case 'guard':
      return engine.locks ? takeGuard(engine, node, state, frame) : [[noteLockTaken(state), node.next]];
    case 'unparsed':
      return [[state, node.next]];
  }
}

/** The exits that a return makes of a state: one for each path through its value. All scopes are left first. */
export function exitsAt(engine: Engine, node: NodeOf<'return'>, state: State, frame: CallFrame): readonly FlowExit[] {
  const results = node.value ? engine.evaluate(node.value, state, frame) : [{ value: null, state }];
  return results.map(({ value, state: after }) => {
    const done = leaveScopes(engine, after, -1, frame, node.at);
    return { value, state: done, at: node.at, outcome: outcomeOf(frame.unit, value, done) };
  });
}

function outcomeOf(unit: FunctionUnit, value: Value | null, state: State): FlowExit['outcome'] {
  if (value === null) return 'unknown';
  const signs = signsOf(state, value);
  const isPointer = unit.returnType.includes('*');
  const failures = isPointer ? bad | zero : bad;
  // `if (ret) goto error; … return ret;`: a number that is not 0, and may be negative, is an error.
  if ((signs & ~failures) === 0 || (!isPointer && signs === (good | bad))) return 'error';
  return (signs & failures) === 0 ? 'success' : 'unknown';
}

function declare(engine: Engine, node: NodeOf<'declare'>, state: State, frame: CallFrame): readonly Next[] {
  const variable = `${frame.id}:${node.name}`;
  const results = node.value
    ? evaluateDeclared(engine, node, state, frame)
    : [{ value: newVariable(engine, node.name, frame), state }];
  return results.map(({ value, state: before }): Next => {
    const after = stateWith(before, { variables: before.variables.with(variable, value) });
    return [node.cleanup === null ? after : withCleanup(after, variable, node.cleanup), node.next];
  });
}

/** The value of a variable that is declared without one. */
function newVariable(engine: Engine, name: string, { unit }: CallFrame): Value {
  const value = engine.newValue();
  if (trackedPointers(unit).has(name)) engine.unassigned.add(value);
  return value;
}

/** `guard(x)(lock)` takes a lock, which is dropped when the scope is left. */
function takeGuard(engine: Engine, node: NodeOf<'guard'>, state: State, frame: CallFrame): readonly Next[] {
  const { at, name } = node;
  const known = engine.expansions.guards.get(name);
  const [argument] = node.arguments;
  if (!known || !argument) return [[noteHiddenGuard(name, state), node.next]];
  const local = `guard@${at}`;
  const variable = `${frame.id}:${local}`;
  const take = cleanupCall(known.take, local, at);
  return engine
    .evaluate(argument, state, frame)
    .flatMap(({ value, state: after }) =>
      engine
        .evaluate(take, stateWith(after, { variables: after.variables.with(variable, value) }), frame)
        .map(({ state: taken }): Next => [withCleanup(taken, variable, known.drop), node.next]),
    );
}

function withCleanup(state: State, variable: string, action: string): State {
  return stateWith(state, { cleanups: [...state.cleanups, { depth: state.depth, variable, action }] });
}

/** A call that runs for a variable when its scope is left. */
interface ScopeEnd {
  readonly call: Expression;
  /**
   * The signs of the values for which the call is made: every DEFINE_FREE() first tests whether there is something to
   * release.
   */
  readonly signs: Signs;
}

function scopeEnds(
  { expansions }: Engine,
  action: string,
  variable: string,
  { path, at }: CodePlace,
): readonly ScopeEnd[] {
  if (action.startsWith('&')) return [{ call: cleanupByAddress(action.slice(1), variable, at), signs: good }];
  // If the definition of `__free(x)` is not in the tree, x is taken for a function.
  const definitions = expansions.freeActions.get(action);
  const known = definitions
    ? freeActionsFor(definitions, path)
    : [{ name: action, arguments: [{ member: null }], takesErrors: false }];
  return known.map((one) => ({ call: cleanupCall(one, variable, at), signs: one.takesErrors ? good | bad : good }));
}

/** Closes scopes until `depth` are open, and runs their cleanups, the last one first. */
function leaveScopes(engine: Engine, state: State, depth: number, frame: CallFrame, at: number): State {
  let after = state;
  const left = state.cleanups.filter((cleanup) => cleanup.depth > depth);
  const place = { path: frame.ref.path, at };
  for (const { variable, action } of left.reverse()) {
    const value = after.variables.get(variable);
    for (const { call, signs } of scopeEnds(engine, action, variable.slice(frame.id.length + 1), place)) {
      if (value === undefined || (signsOf(after, value) & signs) === 0) continue;
      after = engine.evaluate(call, after, frame)[0]?.state ?? after;
    }
  }
  return stateWith(after, { depth, cleanups: after.cleanups.filter((cleanup) => cleanup.depth <= depth) });
}

function choose(engine: Engine, node: NodeOf<'choose'>, state: State, frame: CallFrame): readonly Next[] {
  if (node.key === null) {
    const after = endAttachments(node, forgetLinksOfRound(engine, node, state, frame), frame);
    const [, last] = node.targets;
    return node.targets.map(
      (target): Next => [target === last ? noteSkipped(engine, node, after, frame) : after, target],
    );
  }
  // What the path knows of its configuration decides.
  const { key: group, labels, targets } = node;
  const mayBeModule = modularOptions(engine.codebase, frame.ref.path);
  const possible = takeBranches(state, labels, mayBeModule).flatMap((after, index) =>
    after ? [{ after, index }] : [],
  );
  const [only] = possible;
  if (possible.length < 2) {
    if (frame.stack.length === 1) engine.settled.add(node.at);
    return [[state, targets[only?.index ?? 0] ?? -1]];
  }
  return possible.map(({ after, index }): Next => {
    const decision: Decision = {
      kind: 'variant',
      condition: labels[index] ?? '',
      group,
      path: frame.ref.path,
      at: node.at,
    };
    return [stateWith(after, { decisions: [...after.decisions, decision] }), targets[index] ?? -1];
  });
}

/** A loop that may detach any attachment of a buffer: it knows which of them are the driver's own. */
function endAttachments({ endsAttachments, at }: NodeOf<'choose'>, state: State, { ref }: CallFrame): State {
  if (!endsAttachments) return state;
  const end = { kind: 'passed', to: endsAttachments, path: ref.path, at } as const;
  const resources = state.resources.map(
    (one): Resource =>
      one.kind === 'attachment' && one.status !== 'released' ? { ...one, status: 'given', holder: null, end } : one,
  );
  return stateWith(state, { resources });
}

/** A loop macro that locks what a list holds, left without a round: a later loop over the same list has none, either. */
function noteSkipped({ locks }: Engine, { locksAt = [] }: NodeOf<'choose'>, state: State, { ref }: CallFrame): State {
  if (!locks || locksAt.length === 0) return state;
  const hadRound = state.resources.some(
    ({ kind, path, at }) => kind === 'lock' && path === ref.path && locksAt.includes(at),
  );
  return hadRound ? state : stateWith(state, { answers: state.answers.with(answerKeys.skippedLocks, true) });
}

function followTest(engine: Engine, node: NodeOf<'test'>, state: State, frame: CallFrame): readonly Next[] {
  const results = evaluateCondition(engine, node.test, state, frame);
  const isOpen = results.some(({ answer }) => answer) && results.some(({ answer }) => !answer);
  const { expression, isNegated } = node.written;
  return results.map(({ state: after, answer }): Next => {
    const decision: Decision = {
      kind: 'test',
      test: expression,
      answer: answer !== isNegated,
      path: frame.ref.path,
      at: node.at,
    };
    const next = answer ? node.whenTrue : node.whenFalse;
    if (!isOpen) return [after, next];
    const told = stateWith(after, { decisions: [...after.decisions, decision] });
    return [engine.locks ? noteNesting(frame.unit, node, answer, told) : told, next];
  });
}
