// Which notes of steps a test asks for: `x->done & EX_MAPPED`, `ex_has(x, EX_MAPPED)`, `test_bit(EX_MAPPED, x->done)`.

import {
  type Expression,
  type FunctionUnit,
  subexpressions,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { type Codebase, memoByFunction, plain } from '../../program/index.js';
import { isConstantName } from '../evaluate/named-constants.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { memberAround } from '../state/heap.js';
import { answerKeys, type State } from '../state/state.js';
import type { Value } from '../state/value.js';

/** Through how many helpers, or variables, a test reads a note. */
const deepest = 2;

/**
 * How many resources the path had when it last wrote what a test asks for.
 * @param operand an operand of the test, as written
 * @param value what it is
 * @returns undefined where the path has written nothing of it: a variable, a parameter, or a setting
 */
export function notedBefore(
  engine: Engine,
  operand: Expression,
  value: Value,
  state: State,
  frame: CallFrame,
): number | undefined {
  const names = new Set(namesRead(engine, operand, state, frame));
  for (const key of keysHolding(engine, value, state)) names.add(memberAround(state, key));
  let noted: number | undefined;
  for (const name of names) {
    const before = state.answers.get(answerKeys.noted(name));
    if (typeof before === 'number') noted = Math.max(noted ?? 0, before);
  }
  // What was computed of memory that is zero still says that no step was made.
  const isOfMember = engine.opaque.has(value) && [...names].some((name) => !name.includes(':'));
  return noted ?? (isOfMember ? 0 : undefined);
}

/** The heap keys of what the path has computed, where that is the value, or the word that it is a part of. */
function keysHolding({ opaque, masks, bits }: Engine, value: Value, state: State): readonly string[] {
  const word = masks.get(value)?.word ?? value;
  if (!opaque.has(word)) return [];
  return [...state.heap].flatMap(([key, held]) => (held === word || bits.get(held)?.base === word ? [key] : []));
}

/** The names of what an expression reads, by itself or through helpers, as the path keeps them for what it has written. */
export function namesRead(engine: Engine, read: Expression, state: State, frame: CallFrame): ReadonlySet<string> {
  const names = new Set<string>();
  addNames(engine, read, state, frame, deepest, names);
  return names;
}

function addNames(
  engine: Engine,
  read: Expression,
  state: State,
  frame: CallFrame,
  depth: number,
  names: Set<string>,
): void {
  if (read.kind === 'member') names.add(read.member);
  if (read.kind === 'name' && !isConstantName(read.name)) {
    const local = `${frame.id}:${read.name}`;
    const isLocal = state.variables.has(local);
    names.add(isLocal ? local : read.name);
    for (const one of isLocal && depth > 0 ? sourcesOf(frame.unit, read.name) : [])
      addNames(engine, one, state, frame, depth - 1, names);
  }
  if (read.kind === 'call' && read.callee.kind === 'name')
    for (const one of membersBehind(engine.codebase, read.callee.name, frame.ref.path, deepest)) names.add(one);
  for (const part of subexpressions(read)) addNames(engine, part, state, frame, depth, names);
}

/** The members that a helper of the module, or a macro, names, or one that it calls. */
function membersBehind(codebase: Codebase, name: string, path: string, depth: number): ReadonlySet<string> {
  if (depth === 0) return new Set();
  const helper = codebase.definitions.findInModule(name, path);
  if (!helper) return new Set(membersOfMacro(codebase.definitions.macroOf(name, path)?.body ?? ''));
  return memoByFunction(
    codebase,
    helper,
    `members named\0${depth}`,
    () => {
      const found = new Set<string>();
      visitExpressions(codebase.program.lower(helper).body, (one) => {
        if (one.kind === 'member') found.add(one.member);
        if (one.kind !== 'call' || one.callee.kind !== 'name') return;
        for (const inner of membersBehind(codebase, one.callee.name, helper.path, depth - 1)) found.add(inner);
      });
      return found;
    },
    plain(),
  );
}

/** The names behind an arrow or a dot. */
function membersOfMacro(body: string): readonly string[] {
  return [...body.matchAll(/(?:->|\.)\s*(\w+)/g)].map(([, member = '']) => member);
}

/** What a function assigns to one of its variables; nothing for a parameter that it leaves as it is. */
function sourcesOf(unit: FunctionUnit, name: string): readonly Expression[] {
  const found: Expression[] = [];
  visitStatements(unit.body, (one) => {
    if (one.kind === 'declaration' && one.name === name && one.value) found.push(one.value);
  });
  visitExpressions(unit.body, (one) => {
    if (one.kind === 'assignment' && one.target.kind === 'name' && one.target.name === name) found.push(one.value);
  });
  return found;
}
