import type { CallExpression, Expression, Statement } from '../../c/index.js';
import {
  noFreePointer as noFreeName,
  returnPointer,
  transparentArgument as transparentIndex,
  userCopies,
} from '../../kernel/index.js';

/** Whether a statement takes a lock for the rest of its scope: `guard(mutex)(&x->lock);`. */
export function isGuard(statement: Statement): boolean {
  return (
    statement.kind === 'expression' &&
    statement.expression.kind === 'call' &&
    statement.expression.callee.kind === 'call' &&
    statement.expression.callee.callee.kind === 'name' &&
    /guard$/.test(statement.expression.callee.callee.name)
  );
}

/** Whether an expression returns from the function: `return_ptr(x)`. */
export function isReturnOfPointer(expression: Expression): expression is CallExpression {
  return expression.kind === 'call' && expression.callee.kind === 'name' && expression.callee.name === returnPointer;
}

/** The label to which a call jumps where it fails: that of `unsafe_put_user(x, ptr, label)`. Null for any other expression. */
export function labelOnFailure(expression: Expression): string | null {
  if (expression.kind !== 'call' || expression.callee.kind !== 'name') return null;
  const index = userCopies.get(expression.callee.name)?.label;
  const label = index === undefined ? undefined : expression.arguments[index];
  return label?.kind === 'name' ? label.name : null;
}

/** The callee that `return_ptr(x)` stands for: it returns `no_free_ptr(x)`. */
export function noFreePointer(at: number): Expression {
  return { kind: 'name', name: noFreeName, at };
}

/**
 * The expression that decides a test: the x of `likely(x)`, `WARN_ON(x)`, `drm_WARN_ON(dev, x)` and of a cast.
 * @returns undefined where the test is none of these
 */
export function transparentArgument(test: Expression): Expression | undefined {
  if (test.kind === 'cast') return test.operand;
  if (test.kind !== 'call' || test.callee.kind !== 'name') return undefined;
  const index = transparentIndex(test.callee.name);
  return index === undefined ? undefined : test.arguments[index];
}
