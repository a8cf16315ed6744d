import type { Expression } from '../../c/index.js';
import { anySign, bad, good, type Signs, zero } from '../state/state.js';

/** A test as a set of signs of one operand: the test is true where the operand has one of them. */
export interface SignTest {
  readonly operand: Expression;
  readonly signs: Signs;
}

const predicates: Readonly<Record<string, Signs>> = {
  IS_ERR: bad,
  IS_ERR_OR_NULL: bad | zero,
  IS_ERR_VALUE: bad,
  PTR_ERR_OR_ZERO: bad,
  dma_buf_is_err: bad,
};

/** Reads `IS_ERR(p)`, `ret < 0`, `p == NULL`, `p`; undefined for what compares other things. */
export function signTest(test: Expression): SignTest | undefined {
  if (test.kind === 'call') {
    const [operand] = test.arguments;
    const signs = test.callee.kind === 'name' ? predicates[test.callee.name] : undefined;
    return signs !== undefined && operand ? { operand, signs } : undefined;
  }
  if (test.kind === 'binary') return comparison(test.operator, test.left, test.right);
  if (
    test.kind === 'assignment' ||
    test.kind === 'name' ||
    test.kind === 'member' ||
    test.kind === 'index' ||
    (test.kind === 'unary' && test.operator === '*')
  )
    return { operand: test, signs: good | bad };
  return undefined;
}

function comparison(operator: string, left: Expression, right: Expression): SignTest | undefined {
  if (isZero(right)) {
    const signs = zeroComparisons[operator];
    return signs === undefined ? undefined : { operand: left, signs };
  }
  if (isZero(left)) return comparison(mirrored[operator] ?? operator, right, left);
  // `ret == -EAGAIN` is true only of an error; false says nothing, which the caller must know.
  return undefined;
}

const zeroComparisons: Readonly<Record<string, Signs>> = {
  '==': zero,
  '!=': good | bad,
  '<': bad,
  '<=': bad | zero,
  '>': good,
  '>=': good | zero,
};
const mirrored: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

function isZero(expression: Expression): boolean {
  return (
    (expression.kind === 'name' && /^(NULL|false)$/.test(expression.name)) ||
    (expression.kind === 'literal' && /^0[uUlL]*$/.test(expression.text))
  );
}

/** The signs of a constant, or undefined where the expression is none. */
export function constantSigns(expression: Expression): Signs | undefined {
  if (isZero(expression)) return zero;
  if (expression.kind === 'literal') return /^'|^"/.test(expression.text) ? good : good;
  if (expression.kind === 'name' && (expression.name === 'true' || /^[A-Z][A-Z0-9_]+$/.test(expression.name)))
    return expression.name === 'true' ? good : undefined;
  if (expression.kind === 'unary' && expression.operator === '-') {
    const { operand } = expression;
    if (operand.kind === 'name' && /^E[A-Z0-9]+$/.test(operand.name)) return bad;
    if (operand.kind === 'literal') return bad;
  }
  return undefined;
}

export const opposite = (signs: Signs): Signs => anySign & ~signs;

/** `ret == -EBUSY`: where true, the operand is an error. */
export function errorComparison(test: Expression): Expression | undefined {
  if (test.kind !== 'binary' || test.operator !== '==') return undefined;
  if (constantSigns(test.right) === bad) return test.left;
  if (constantSigns(test.left) === bad) return test.right;
  return undefined;
}
