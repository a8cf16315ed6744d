// For what does a function test the result of a call?

import {
  type CallExpression,
  type Expression,
  expressionText,
  stripCasts,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { predicates } from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';

/** What a caller tests a result for. */
export type Asks = 'errors' | 'null';

/** Whether the result of each of these calls in a function is kept in a variable that is tested for this and for nothing else. */
export function asksOnly(codebase: Codebase, ref: FunctionRef, calls: readonly CallExpression[], asks: Asks): boolean {
  const variables = variablesOfCalls(codebase, ref);
  return calls.every(({ at }) => {
    const variable = variables.get(at);
    const asked = variable === undefined ? null : questionsAbout(codebase, ref, variable);
    return asked !== null && asked.errors === (asks === 'errors') && asked.null === (asks === 'null');
  });
}

/** The variable to which the result of a call is assigned, by the place of the call. */
export function variablesOfCalls({ program }: Codebase, ref: FunctionRef): ReadonlyMap<number, string> {
  const { body } = program.lower(ref);
  const variables = new Map<number, string>();
  visitExpressions(body, (expression) => {
    const target = expression.kind === 'assignment' ? expression.target : undefined;
    const value = expression.kind === 'assignment' ? stripCasts(expression.value) : undefined;
    if (value?.kind === 'call' && target?.kind === 'name') variables.set(value.at, target.name);
  });
  visitStatements(body, (statement) => {
    const value = statement.kind === 'declaration' && statement.value ? stripCasts(statement.value) : undefined;
    if (statement.kind === 'declaration' && value?.kind === 'call') variables.set(value.at, statement.name);
  });
  return variables;
}

/** What a function tests a variable for. */
function questionsAbout(codebase: Codebase, ref: FunctionRef, variable: string): Readonly<Record<Asks, boolean>> {
  let errors = false;
  let asksForNull = new RegExp(`\\b(?:if|while)\\s*\\(\\s*${variable}\\s*\\)`).test(codebase.program.bodyText(ref));
  const is = (expression: Expression): boolean => expressionText(stripCasts(expression)) === variable;
  visitExpressions(codebase.program.lower(ref).body, (expression) => {
    if (expression.kind === 'call' && expression.callee.kind === 'name') {
      const predicate = predicates.get(expression.callee.name);
      if (!predicate || !expression.arguments.some(is)) return;
      if (predicate.trueFor.includes('zero')) asksForNull = true;
      if (predicate.trueFor.includes('error')) errors = true;
    }
    if (expression.kind === 'unary' && expression.operator === '!' && is(expression.operand)) asksForNull = true;
    if (expression.kind === 'binary' && /^(?:[=!]=|&&|\|\|)$/.test(expression.operator))
      if (is(expression.left) || is(expression.right)) asksForNull = true;
    if (expression.kind === 'conditional' && is(expression.test)) asksForNull = true;
  });
  return { errors, null: asksForNull };
}
