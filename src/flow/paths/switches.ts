import type { Expression } from '../../c/index.js';
import { givenCase } from '../constants/given-numbers.js';
import { enumDifference, hasOnlyValues, numberDifference, placeFromZero } from '../constants/known-order.js';
import { knownNumber } from '../constants/places/known-numbers.js';
import { mayRaiseAround, stageOf } from '../constants/stage-counters.js';
import { isCount, literalValue, numberOf, sumOf } from '../evaluate/arithmetic.js';
import { compareEqual } from '../evaluate/compare.js';
import { isConstant } from '../evaluate/named-constants.js';
import { raisedInLoop } from '../graph/loops.js';
import type { NodeOf } from '../graph/model.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { answerKeys, type State } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import type { Next } from './next.js';

/** Of a switch with more cases than these, a path remembers only the case that it took. */
const mostRemembered = 8;

/**
 * A switch compares its subject with one case after the other: a known number or constant goes to its case, and the same
 * value goes to the same case of a further switch.
 */
export function followSwitch(engine: Engine, node: NodeOf<'switch'>, state: State, frame: CallFrame): readonly Next[] {
  const given = givenCase(engine, node, frame);
  if (given !== undefined) return [[state, given]];
  return engine.evaluate(node.subject, state, frame).flatMap(({ value, state: after }): readonly Next[] => {
    const first = value === zeroValue && node.subject.kind === 'member' ? caseOfZero(engine, node, after, frame) : null;
    if (first) return [[after, first.next]];
    if (isLoopCount(engine, node.subject, value, frame)) return node.cases.map((one): Next => [after, one.next]);
    const stage = stageOf(engine, node.subject, value, after, frame);
    const settled = stage === undefined ? value : literalValue(engine, after, stage).value;
    const known =
      isConstant(engine, settled) ||
      numberOf(engine, settled) !== undefined ||
      isStageOf(engine, node, settled, after, frame);
    const settledIn = known ? settledCase(engine, node, settled, after, frame) : undefined;
    const found = settledIn ? [settledIn] : openCases(engine, node, value, after, frame);
    if (found.length === 1 && frame.stack.length === 1) engine.settled.add(node.at);
    return found;
  });
}

/** The case for a member in which nothing has been stored, where all cases are constants that count from 0; null where none is. */
function caseOfZero(
  engine: Engine,
  { cases }: NodeOf<'switch'>,
  state: State,
  frame: CallFrame,
): NodeOf<'switch'>['cases'][number] | null {
  const places = cases.map(({ value: label }) => {
    const [known] = label === null ? [] : engine.evaluate(label, state, frame);
    return label === null ? null : known && placeFromZero(engine, known.value, frame);
  });
  if (places.includes(undefined)) return null;
  return cases[places.indexOf(0)] ?? cases[places.indexOf(null)] ?? null;
}

/** Whether a value may be what a loop has counted: loops are followed for fewer rounds than they say. */
function isLoopCount(engine: Engine, subject: Expression, value: Value, frame: CallFrame): boolean {
  return isCount(engine, value) && mayCount(subject, frame);
}

/** Whether an expression may yield a count from a loop: `count`, `count--`, `IS_ERR(p) ? count : 0`, `x->count`. */
function mayCount(subject: Expression, frame: CallFrame): boolean {
  switch (subject.kind) {
    case 'call':
    case 'literal':
      return false;
    case 'name': {
      const isParameter = frame.unit.parameters.some(({ name }) => name === subject.name);
      return !isParameter && raisedInLoop(frame.unit, subject.name);
    }
    case 'update':
    case 'cast':
      return mayCount(subject.operand, frame);
    case 'assignment':
      return subject.operator !== '=' || mayCount(subject.value, frame);
    case 'conditional':
      return [subject.then ?? subject.test, subject.otherwise].some((one) => mayCount(one, frame));
    case 'binary':
      return [subject.left, subject.right].some((one) => mayCount(one, frame));
    case 'member':
      return mayRaiseAround(subject.member, frame);
    default:
      return true;
  }
}

/** Whether a value is a constant of the enumeration that all cases belong to, or was counted from one. */
function isStageOf(engine: Engine, node: NodeOf<'switch'>, value: Value, state: State, frame: CallFrame): boolean {
  return (
    (engine.stages.has(value) || engine.globals.has(value)) &&
    node.cases.every(({ value: label }) => {
      const [known] = label === null ? [] : engine.evaluate(label, state, frame);
      return !known || enumDifference(engine, value, known.value, frame) !== undefined;
    })
  );
}

/**
 * Where a switch over a known number or constant goes: to the case of that name or number, or to the default; undefined for a
 * number, where that of a case is not known.
 */
function settledCase(
  engine: Engine,
  node: NodeOf<'switch'>,
  value: Value,
  state: State,
  frame: CallFrame,
): Next | undefined {
  const numberIn = (one: Value): number | undefined => numberOf(engine, one) ?? knownNumber(engine, one);
  const number = numberIn(value);
  const isSame = (one: Value): boolean =>
    one === value ||
    numberDifference(engine, value, one, frame) === 0 ||
    (number !== undefined && numberIn(one) === number) ||
    (engine.stages.has(value) && enumDifference(engine, value, one, frame) === 0);
  const labels = node.cases.map(({ value: label }) => (label === null ? [] : engine.evaluate(label, state, frame))[0]);
  const same = labels.findIndex((known) => known !== undefined && isSame(known.value));
  const mayBeAny = engine.literals.has(value) && labels.some((known) => known && numberIn(known.value) === undefined);
  if (same < 0 && mayBeAny) return undefined;
  return [state, (node.cases[same] ?? node.cases.find((one) => one.value === null))?.next ?? -1];
}

/**
 * Whether a member is at a stage of an enumeration. It is known if the path set it to a stage, or found it at one, and then
 * counted it; undefined otherwise.
 */
function isAtStage(
  engine: Engine,
  { answers }: State,
  value: Value,
  stage: Value,
  frame: CallFrame,
): boolean | undefined {
  const { base, offset } = sumOf(engine, value);
  const distance = (from: Value, steps: number): boolean | undefined => {
    const places = enumDifference(engine, stage, from, frame);
    return places === undefined ? undefined : places === steps;
  };
  if (isConstant(engine, base)) return distance(base, offset);
  let found: boolean | undefined;
  answers.forEach((constant, key) => {
    const before = answerKeys.offsetFrom(key, base);
    if (before !== undefined && typeof constant === 'number') found ??= distance(constant, offset - before);
  });
  return found;
}

/** Where a switch over any other value may go, with what each way tells of the value. */
function openCases(
  engine: Engine,
  node: NodeOf<'switch'>,
  value: Value,
  state: State,
  frame: CallFrame,
): readonly Next[] {
  const found: Next[] = [];
  let others: State | undefined = state;
  for (const one of node.cases) {
    const [known] = others && one.value ? engine.evaluate(one.value, others, frame) : [];
    if (!known) continue;
    const isHere =
      node.subject.kind === 'member' ? isAtStage(engine, known.state, value, known.value, frame) : undefined;
    if (isHere === true) return [[known.state, one.next]];
    if (isHere === false) continue;
    const results = compareEqual(engine, known.state, value, known.value);
    for (const result of results) if (result.answer) found.push([result.state, one.next]);
    if (node.cases.length <= mostRemembered) others = results.find(({ answer }) => !answer)?.state;
  }
  const last = node.cases.find((one) => one.value === null);
  if (!others || !last) return found;
  if (!namesAll(engine, node, frame)) return [...found, [others, last.next]];
  if (frame.stack.length === 1) engine.settled.add(node.at);
  return found;
}

/** Whether a switch without a default names each value that its subject can have. The compiler warns where one is missing. */
function namesAll(engine: Engine, { subject, hasDefault, cases }: NodeOf<'switch'>, frame: CallFrame): boolean {
  if (hasDefault) return false;
  const labels = cases.flatMap(({ value }) => (value ? [value] : []));
  const names = labels.flatMap((label) => (label.kind === 'name' ? [label.name] : []));
  return names.length === labels.length && hasOnlyValues(engine, subject, names, frame);
}
