import type { Expression } from '../../c/index.js';
import { transparentArgument } from '../graph/graph.js';
import type { Engine, Frame } from '../paths/model.js';
import { assume, bad, good, type State, type Value, zero } from '../state/state.js';
import { evaluate } from './evaluate.js';
import { constantSigns, errorComparison, opposite, signTest } from './tests.js';

/** A state in which a test has one answer. */
export interface Decided {
  readonly state: State;
  readonly answer: boolean;
}

/** Both answers that a test can have, each with what is known then. One alone where the other cannot be. */
export function decideTest(engine: Engine, test: Expression, state: State, frame: Frame): readonly Decided[] {
  if (test.kind === 'binary' && (test.operator === '&&' || test.operator === '||')) {
    // The right side is looked at only where the left one leaves it open.
    const settles = test.operator === '||';
    const left = decideTest(engine, test.left, state, frame);
    return engine.bounded(
      left.flatMap((way) => (way.answer === settles ? [way] : decideTest(engine, test.right, way.state, frame))),
    );
  }
  if (test.kind === 'unary' && test.operator === '!')
    return decideTest(engine, test.operand, state, frame).map((inner) => ({ ...inner, answer: !inner.answer }));
  const inner = transparentArgument(test);
  if (inner) return decideTest(engine, inner, state, frame);
  return decideLeaf(engine, test, state, frame);
}

function decideLeaf(engine: Engine, test: Expression, state: State, frame: Frame): readonly Decided[] {
  const constant = constantSigns(test);
  if (constant !== undefined) return [{ state, answer: constant !== zero }];
  const compared = errorComparison(test);
  const signs = signTest(test);
  if (!signs && !compared && test.kind !== 'call')
    return compareConstants(engine, test, state, frame) ?? askAgain(engine, test, state, frame);
  const operand = signs?.operand ?? compared ?? test;
  const wanted = signs?.signs ?? (compared ? bad : good | bad);
  return evaluate(engine, operand, state, frame).flatMap(({ value, state: after }): Decided[] => {
    const isTrue = assume(after, value, wanted);
    // `ret == -EAGAIN` is true only of an error; that it is false says nothing.
    const isFalse = compared ? after : assume(after, value, opposite(wanted));
    return [
      ...(isTrue ? [{ state: isTrue, answer: true }] : []),
      ...(isFalse ? [{ state: isFalse, answer: false }] : []),
    ];
  });
}

/** `state == EX_PINNED` where what is compared is a known constant. */
function compareConstants(
  engine: Engine,
  test: Expression,
  state: State,
  frame: Frame,
): readonly Decided[] | undefined {
  if (test.kind !== 'binary' || (test.operator !== '==' && test.operator !== '!=')) return undefined;
  if (!isConstantName(test.left) && !isConstantName(test.right)) return undefined;
  const [left] = evaluate(engine, test.left, state, frame);
  const right = left && evaluate(engine, test.right, left.state, frame)[0];
  if (!left || !right || !isConstant(engine, left.value) || !isConstant(engine, right.value)) return undefined;
  return [{ state: right.state, answer: (left.value === right.value) === (test.operator === '==') }];
}

const constantName = /^[A-Z][A-Z0-9_]+$/;

function isConstantName(expression: Expression): boolean {
  return expression.kind === 'name' && constantName.test(expression.name);
}

/** Whether a value is a named constant: two that differ in name differ. */
export function isConstant(engine: Engine, value: Value): boolean {
  return constantName.test(engine.globals.get(value) ?? '');
}

/** Not followed: both ways, and the same way again where the same is asked of the same values. */
function askAgain(engine: Engine, test: Expression, state: State, frame: Frame): readonly Decided[] {
  return evaluate(engine, test, state, frame).flatMap(({ state: after }): Decided[] => {
    const key = questionKey(engine, test, after, frame);
    const known = key === null ? undefined : after.answers.get(key);
    if (known !== undefined) return [{ state: after, answer: Boolean(known) }];
    return [true, false].map((answer) => ({
      state: key === null ? after : { ...after, answers: after.answers.with(key, answer) },
      answer,
    }));
  });
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
