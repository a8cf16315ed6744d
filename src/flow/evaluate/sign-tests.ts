import type { Expression } from '../../c/index.js';
import { anySign, bad, good, type Signs, zero } from '../state/value.js';

/** A test of one operand: true exactly where the operand has one of these signs. */
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

/** Reads a test of a sign: `IS_ERR(p)`, `ret < 0`, `p == NULL`, `p`; undefined for any other. */
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
  // errorComparison() reads `ret == -EAGAIN`: where that is false, nothing is known of the sign.
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

/** The sign of a constant, or undefined where the expression is none, or one whose value is not known. */
export function constantSigns(expression: Expression): Signs | undefined {
  if (isZero(expression)) return zero;
  if (expression.kind === 'literal') return good;
  if (expression.kind === 'name') return expression.name === 'true' ? good : undefined;
  if (expression.kind === 'unary' && expression.operator === '-') {
    const { operand } = expression;
    if (operand.kind === 'name' && /^E[A-Z0-9]+$/.test(operand.name)) return bad;
    if (operand.kind === 'literal') return bad;
  }
  return undefined;
}

/** The signs that are not in a set. */
export const opposite = (signs: Signs): Signs => anySign & ~signs;

/** The operand that is compared with an error, as in `ret == -EBUSY`; undefined for any other test. */
export function errorComparison(test: Expression): Expression | undefined {
  if (test.kind !== 'binary' || test.operator !== '==') return undefined;
  if (constantSigns(test.right) === bad) return test.left;
  if (constantSigns(test.left) === bad) return test.right;
  return undefined;
}
