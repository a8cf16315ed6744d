import { ownValue } from '../../base/own-value.js';
import type { Expression } from '../../c/index.js';
import { isErrorCode, isFalseConstant, isLeastErrorPointer, predicates, type Sense } from '../../kernel/index.js';
import { anySign, bad, good, type Signs, zero } from '../state/value.js';

/** A test of one operand: true exactly where the operand has one of these signs. */
export interface SignTest {
  readonly operand: Expression;
  readonly signs: Signs;
}

const senses: Readonly<Record<Sense, Signs>> = { error: bad, zero, good };

/** The signs of a value that is one of several things. */
export function signsFor(what: readonly Sense[]): Signs {
  return what.reduce((signs, sense) => signs | senses[sense], 0);
}

/** Reads a test of a sign: `IS_ERR(p)`, `ret < 0`, `p == NULL`, `p`; undefined for any other. */
export function signTest(test: Expression): SignTest | undefined {
  if (test.kind === 'call') {
    const [operand] = test.arguments;
    const predicate = test.callee.kind === 'name' ? predicates.get(test.callee.name) : undefined;
    return predicate && operand ? { operand, signs: signsFor(predicate.trueFor) } : undefined;
  }
  if (test.kind === 'binary') return comparison(test.operator, test.left, test.right);
  if (
    test.kind === 'assignment' ||
    test.kind === 'update' ||
    test.kind === 'name' ||
    test.kind === 'member' ||
    test.kind === 'index' ||
    (test.kind === 'unary' && test.operator === '*')
  )
    return { operand: test, signs: good | bad };
  return undefined;
}

function comparison(operator: string, left: Expression, right: Expression): SignTest | undefined {
  if (isFalseConstant(right)) {
    const signs = ownValue(zeroComparisons, operator);
    return signs === undefined ? undefined : { operand: left, signs };
  }
  // `(unsigned long)p >= (unsigned long)-MAX_ERRNO`
  if (isLeastErrorPointer(right)) {
    const signs = ownValue(leastErrorComparisons, operator);
    return signs === undefined ? undefined : { operand: left, signs };
  }
  if (isFalseConstant(left) || isLeastErrorPointer(left))
    return comparison(ownValue(mirrored, operator) ?? operator, right, left);
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
const leastErrorComparisons: Readonly<Record<string, Signs>> = { '>=': bad, '>': bad, '<': good | zero };
const mirrored: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** The sign of a constant, or undefined where the expression is none, or one whose value is not known. */
export function constantSigns(expression: Expression): Signs | undefined {
  if (isFalseConstant(expression)) return zero;
  if (expression.kind === 'literal') return expression.text.startsWith('-') ? bad : good;
  if (expression.kind === 'name') return expression.name === 'true' ? good : undefined;
  if (expression.kind === 'unary' && expression.operator === '-') {
    const { operand } = expression;
    if (operand.kind === 'name' && isErrorCode(operand.name)) return bad;
    if (operand.kind === 'literal') return bad;
  }
  return undefined;
}

/** Whether a test compares something with an error code: `ret == -EALREADY`, `ret != -EALREADY`. */
export function comparesWith(test: Expression, code: string): boolean {
  if (test.kind !== 'binary' || (test.operator !== '==' && test.operator !== '!=')) return false;
  return [test.left, test.right].some(
    (side) =>
      side.kind === 'unary' && side.operator === '-' && side.operand.kind === 'name' && side.operand.name === code,
  );
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
