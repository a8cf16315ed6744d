// How constants compare that a caller has chosen: `undo(x, 2)` and `if (n > 1)`, `undo(x, STEP_MAP)` and `if (step >= STEP_GET)`.

import { type Expression, type FunctionUnit, visitExpressions } from '../../c/index.js';
import { countSteps } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import { numberOf, sumOf } from '../evaluate/arithmetic.js';
import { changesInLoop, memberRaisedInLoop, raisedInLoop } from '../graph/loops.js';
import type { CallFrame, Engine, Sum } from '../model/engine.js';
import type { State } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import { enumerationsWith } from './names/enumerations.js';
import { literalNumber } from './names/literals.js';
import { numberOfNamed } from './names/named-values.js';
import { mayRaiseAround, stageOf } from './stage-counters.js';

/** The operators that compare, as functions of the difference. */
const comparisons: ReadonlyMap<string, (difference: number) => boolean> = new Map([
  ['<', (difference) => difference < 0],
  ['<=', (difference) => difference <= 0],
  ['>', (difference) => difference > 0],
  ['>=', (difference) => difference >= 0],
  ['==', (difference) => difference === 0],
  ['!=', (difference) => difference !== 0],
]);

/** The operands of a comparison: as written, and what they are. */
interface Compared {
  readonly test: Expression & { kind: 'binary' };
  readonly left: Value;
  readonly right: Value;
}

/** The answer of a comparison of constants; undefined where it is none, or where they are not known. */
export function compareKnown(
  engine: Engine,
  { test, left, right }: Compared,
  state: State,
  frame: CallFrame,
): boolean | undefined {
  const compare = comparisons.get(test.operator);
  const difference =
    compare &&
    (fixedDifference(engine, { test, left, right }, frame) ??
      stageDifference(engine, { test, left, right }, state, frame) ??
      enumDifference(engine, left, right, frame) ??
      numberDifference(engine, left, right, frame, test) ??
      zeroDifference(engine, { test, left, right }, frame) ??
      placeDifference(engine, { test, left, right }, frame));
  return difference === undefined ? undefined : compare?.(difference);
}

/**
 * The difference between a literal and a number that a caller passed or that was assigned to a variable:
 * `stage = 1; if (stage > 1)`. A variable that changes in a loop does not count, since the loop may have counted it.
 */
function fixedDifference(engine: Engine, { test, left, right }: Compared, frame: CallFrame): number | undefined {
  const { unit, stack } = frame;
  const isSet = (name: string): boolean =>
    unit.parameters.some((one) => one.name === name) && stack.length > 1
      ? fixedParameters(unit).has(name) || onlyCountsDown(unit, name)
      : !changesInLoop(unit, name) || onlyCountsDown(unit, name);
  const isPlace = (one: Expression): boolean =>
    one.kind === 'name'
      ? isSet(one.name)
      : (one.kind === 'member' && !(countedMembers(unit).has(one.member) && memberRaisedInLoop(unit, one.member))) ||
        isCountStep(one);
  const isFixed = (one: Expression, other: Expression): boolean =>
    isPlace(one) && other.kind === 'literal' && literalNumber(other.text) !== undefined;
  if (!isFixed(test.left, test.right) && !isFixed(test.right, test.left)) return undefined;
  const [first, second] = [numberOf(engine, left), numberOf(engine, right)];
  if (first === undefined || second === undefined) return undefined;
  const isCounted = [test.left, test.right].some(
    (one) => one.kind === 'name' && changesInLoop(unit, one.name) && onlyCountsDown(unit, one.name),
  );
  return isCounted && Math.abs(first - second) > mostRounds ? undefined : first - second;
}

/** A countdown from further away has more rounds than are followed: where it ends is not known. */
const mostRounds = 3;

/** The difference between the stage that a member was counted to, and a literal or a constant of an enumeration. */
function stageDifference(engine: Engine, { test, left, right }: Compared, state: State, frame: CallFrame) {
  const place = test.right.kind === 'literal' ? undefined : placeFromZero(engine, right, frame);
  const isStage = test.right.kind === 'literal' || place !== undefined;
  const stage = isStage ? stageOf(engine, test.left, left, state, frame, place !== undefined) : undefined;
  const number = place ?? numberOf(engine, right);
  if (stage === undefined || number === undefined) return undefined;
  if (frame.stack.length === 1) engine.settled.add(test.at);
  return stage - number;
}

/** Whether an expression is a count that a call returns: `atomic_inc_return(&x->users)`. */
function isCountStep(expression: Expression): boolean {
  return expression.kind === 'call' && expression.callee.kind === 'name' && countSteps.has(expression.callee.name);
}

const counted = new WeakMap<FunctionUnit, ReadonlySet<string>>();

/** The members that a function counts up or down: a loop may have counted them. */
function countedMembers(unit: FunctionUnit): ReadonlySet<string> {
  let names = counted.get(unit);
  if (!names) {
    const found = new Set<string>();
    visitExpressions(unit.body, (expression) => {
      const isSum = expression.kind === 'assignment' && expression.operator !== '=';
      const target = expression.kind === 'update' ? expression.operand : isSum ? expression.target : null;
      if (target?.kind === 'member') found.add(target.member);
    });
    names = found;
    counted.set(unit, names);
  }
  return names;
}

const countedDown = new WeakMap<FunctionUnit, ReadonlyMap<string, boolean>>();

/** Whether a function changes a variable in no other way than counting it down from a value that it gave it: `for (; n > 0; n--)`. */
function onlyCountsDown(unit: FunctionUnit, name: string): boolean {
  let known = countedDown.get(unit);
  if (!known) {
    const found = new Map<string, boolean>();
    visitExpressions(unit.body, (one) => {
      const isDown = one.kind === 'update' && one.operator === '--';
      const isOther = (one.kind === 'update' && !isDown) || (one.kind === 'unary' && one.operator === '&');
      const isSum = one.kind === 'assignment' && one.operator !== '=';
      const place = one.kind === 'update' || one.kind === 'unary' ? one.operand : isSum ? one.target : null;
      if (place?.kind !== 'name' || (!isDown && !isOther && !isSum)) return;
      found.set(place.name, isDown && found.get(place.name) !== false);
    });
    known = found;
    countedDown.set(unit, known);
  }
  return known.get(name) === true && !raisedInLoop(unit, name);
}

const fixed = new WeakMap<FunctionUnit, ReadonlySet<string>>();

/** The parameters of a function that keep what the caller passed. */
export function fixedParameters(unit: FunctionUnit): ReadonlySet<string> {
  let names = fixed.get(unit);
  if (!names) {
    const left = new Set(unit.parameters.map(({ name }) => name));
    visitExpressions(unit.body, (expression) => {
      const target =
        expression.kind === 'assignment'
          ? expression.target
          : expression.kind === 'update' || (expression.kind === 'unary' && expression.operator === '&')
            ? expression.operand
            : null;
      if (target?.kind === 'name') left.delete(target.name);
    });
    names = left;
    fixed.set(unit, names);
  }
  return names;
}

/**
 * How many places lie between two constants of one enumeration that counts from its first one, or what such a constant was
 * counted to.
 */
export function enumDifference(engine: Engine, left: Value, right: Value, { ref }: CallFrame): number | undefined {
  const [one, other] = [enumStageOf(engine, left), enumStageOf(engine, right)];
  const [first, second] = [engine.globals.get(one.base), engine.globals.get(other.base)];
  if (first === undefined || second === undefined) return undefined;
  const counted = one.offset - other.offset;
  if (first === second) return counted;
  for (const names of enumerationsWith(engine.codebase, [first, second], ref.path)) {
    const places = [names.indexOf(first), names.indexOf(second)] as const;
    // The first may have a number of its own; with any other the places tell nothing.
    const isCounted = names.slice(1).every((one) => !one.includes('=') && !one.includes('#'));
    if (isCounted && places[0] >= 0 && places[1] >= 0) return places[0] - places[1] + counted;
  }
  return undefined;
}

/**
 * The difference of two named constants whose numbers are the same in every kernel.
 * @param test where they are compared, if the answer settles it
 */
export function numberDifference(
  engine: Engine,
  left: Value,
  right: Value,
  frame: CallFrame,
  test?: Expression,
): number | undefined {
  const [first, second] = [numberOfNamed(engine, left), numberOfNamed(engine, right)];
  if (first === undefined || second === undefined) return undefined;
  // Of such numbers one may become the other where the types differ.
  if (Math.min(first, second) < 0 && Math.max(first, second) >= 2 ** 31) return undefined;
  if (frame.stack.length === 1 && test) engine.settled.add(test.at);
  return first - second;
}

/** The difference of a member in which nothing has been stored yet, and a constant of an enumeration. */
function zeroDifference(engine: Engine, { test, left, right }: Compared, frame: CallFrame): number | undefined {
  if (left === zeroValue && test.left.kind === 'member') {
    const place = placeFromZero(engine, right, frame);
    return place === undefined ? undefined : -place;
  }
  return right === zeroValue && test.right.kind === 'member' ? placeFromZero(engine, left, frame) : undefined;
}

/** The difference of a member that was counted to a number, outside of any loop, and a constant of an enumeration. */
function placeDifference(engine: Engine, { test, left, right }: Compared, frame: CallFrame): number | undefined {
  const member = test.left.kind === 'member' ? test.left.member : isCountStep(test.left) ? '' : undefined;
  if (member === undefined || mayRaiseAround(member, frame)) return undefined;
  const [number, place] = [numberOf(engine, left), placeFromZero(engine, right, frame)];
  return number === undefined || place === undefined ? undefined : number - place;
}

/** The number of a constant of an enumeration that counts from 0; undefined for any other value. */
export function placeFromZero(engine: Engine, value: Value, { ref }: CallFrame): number | undefined {
  const name = engine.globals.get(value);
  if (name === undefined) return undefined;
  for (const [first = '', ...others] of enumerationsWith(engine.codebase, [name], ref.path)) {
    const names = [first.replace(/\s*=\s*0$/, ''), ...others];
    const place = names.indexOf(name);
    if (place >= 0 && names.every((one) => !one.includes('=') && !one.includes('#'))) return place;
  }
  return undefined;
}

/**
 * Whether an expression is of an enumeration's type that has no other constants than those given: then it has no other
 * value. A number that user space passes may have any.
 */
export function hasOnlyValues(
  engine: Engine,
  subject: Expression,
  constants: readonly string[],
  { ref, unit }: CallFrame,
): boolean {
  const given = new Set(constants);
  if (given.size < 2) return false;
  const parameter = subject.kind === 'name' && unit.parameters.find(({ name }) => name === subject.name);
  const member = subject.kind === 'member' ? subject.member : undefined;
  if (parameter ? !/^enum\b/.test(parameter.type) : member === undefined) return false;
  const isWhole = enumerationsWith(engine.codebase, constants, ref.path).some((entries) => {
    const names = entries.map((one) => one.replace(/\s*=.*$/s, '')).filter((one) => one !== '');
    return names.length === given.size && names.every((one) => given.has(one));
  });
  return isWhole && (member === undefined || isEnumMember(engine, member, ref.path));
}

/** Whether a member of this name is declared as an enumeration in the files that a file sees. */
function isEnumMember({ codebase }: Engine, member: string, from: string): boolean {
  return codebase.memory.recall(`enum-member\0${from}\0${member}`, () => findEnumMember(codebase, member, from));
}

function findEnumMember({ program, definitions }: Codebase, member: string, from: string): boolean {
  return [...program.translationUnit(from), ...definitions.headers(from)]
    .filter((path) => program.includes(path, member))
    .some((path) =>
      new RegExp(`\\benum\\b\\s*\\w*\\s*(?:\\{[^{}]*\\}\\s*)?${member}\\s*(?:;|:|,)`).test(program.peek(path) ?? ''),
    );
}

/** The constant that a value is, or was counted from, and how far it was counted. */
function enumStageOf(engine: Engine, value: Value): Sum {
  return engine.stages.has(value) ? sumOf(engine, value) : { base: value, offset: 0 };
}
