// Is the result of a pin, or of another call, ignored?

import { bodiesOf, type Expression, type FunctionUnit, type Statement, visitExpressions } from '../../c/index.js';
import type { AttachmentUse } from '../model/attachment.js';

/**
 * Returns whether the result of a call is ignored: the call is a statement of its own or cast to void, or nothing reads the
 * variable it is assigned to.
 */
export function dropsResult({ call, statement, around }: AttachmentUse, unit: FunctionUnit): boolean {
  if (statement.kind === 'expression' && withoutCast(statement.expression) === call) return true;
  const name = keptIn(statement, call);
  if (name === null) return false;
  if (!reads(unit.body, name)) return true;
  const outer = around.at(-1);
  const list = (outer ? bodiesOf(outer) : [unit.body]).find((body) => body.includes(statement));
  return list !== undefined && isOverwritten(list.slice(list.indexOf(statement) + 1), name);
}

/** The variable that a statement assigns the result to, or null. */
function keptIn(statement: Statement, call: Expression): string | null {
  if (statement.kind === 'declaration') return statement.value === call ? statement.name : null;
  if (statement.kind !== 'expression' || statement.expression.kind !== 'assignment') return null;
  const { target, value } = statement.expression;
  return value === call && target.kind === 'name' ? target.name : null;
}

/** Whether a following statement overwrites the variable before anything reads it. */
function isOverwritten(following: readonly Statement[], name: string): boolean {
  for (const next of following) {
    if (next.kind === 'label' || next.kind === 'case' || reads([next], name)) return false;
    if (next.kind === 'expression' && next.expression.kind === 'assignment' && isName(next.expression.target, name))
      return true;
  }
  return false;
}

function isName(expression: Expression, name: string): boolean {
  return expression.kind === 'name' && expression.name === name;
}

function withoutCast(expression: Expression): Expression {
  return expression.kind === 'cast' ? withoutCast(expression.operand) : expression;
}

function reads(body: readonly Statement[], name: string): boolean {
  const written = new Set<Expression>();
  let read = false;
  visitExpressions(body, (expression) => {
    if (expression.kind === 'assignment' && expression.operator === '=') written.add(expression.target);
    if (isName(expression, name) && !written.has(expression)) read = true;
  });
  return read;
}
