import type { Expression } from '../../c/index.js';
import { isZeroLiteral } from '../../kernel/index.js';

/** What a comparison asks for: whether its operand is true, or whether it is not. */
export interface TruthTest {
  readonly operand: Expression;
  readonly isOpposite: boolean;
}

/** Reads `take == true`, `false != done`, `(flags & EX_MAPPED) != 0`; undefined for any other test. */
export function truthTest(test: Expression): TruthTest | undefined {
  if (test.kind !== 'binary' || (test.operator !== '==' && test.operator !== '!=')) return undefined;
  const isEqual = test.operator === '==';
  for (const [constant, operand] of [
    [test.right, test.left],
    [test.left, test.right],
  ] as const) {
    if (isNamed(constant, 'true')) return { operand, isOpposite: !isEqual };
    const isMasked = operand.kind === 'binary' && operand.operator === '&';
    if (isNamed(constant, 'false') || (isMasked && isZeroLiteral(constant))) return { operand, isOpposite: isEqual };
  }
  return undefined;
}

const isNamed = (one: Expression, name: string): boolean => one.kind === 'name' && one.name === name;
