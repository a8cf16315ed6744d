import type { CallExpression, Expression, Statement } from '../../c/index.js';
import {
  classMacro,
  classMakers,
  filePrepare,
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

type Declaration = Extract<Statement, { readonly kind: 'declaration' }>;

/** The declaration that `CLASS(get_unused_fd, fd)(flags);` makes; undefined for any other statement. */
export function classDeclaration(expression: Expression): Declaration | undefined {
  if (expression.kind !== 'call' || expression.callee.kind !== 'call') return undefined;
  const { callee: macro, arguments: list, at } = expression.callee;
  if (macro.kind !== 'name' || macro.name !== classMacro) return undefined;
  const [type, variable] = list;
  const maker = type?.kind === 'name' ? classMakers.get(type.name) : undefined;
  if (maker === undefined || variable?.kind !== 'name') return undefined;
  const value: CallExpression = { ...expression, callee: { kind: 'name', name: maker, at } };
  return declarationOf(variable.name, 'int', value, at);
}

/** The variable that `FD_PREPARE(fdf, flags, file)` declares before it fills it; undefined for any other expression. */
export function preparedDeclaration(expression: Expression): Declaration | undefined {
  if (expression.kind !== 'call' || expression.callee.kind !== 'name' || expression.callee.name !== filePrepare)
    return undefined;
  const [variable] = expression.arguments;
  return variable?.kind === 'name' ? declarationOf(variable.name, '', null, expression.at) : undefined;
}

function declarationOf(name: string, type: string, value: Expression | null, at: number): Declaration {
  return { kind: 'declaration', name, type, pointer: false, value, cleanup: null, at };
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
