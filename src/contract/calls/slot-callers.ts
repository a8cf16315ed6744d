// How do the callers of a driver's own slot test what it returns?

import { callsIn, type Expression, expressionText, stripCasts, visitExpressions } from '../../c/index.js';
import { predicates } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, filesSaying, functionsIn } from '../../program/index.js';

/**
 * Returns a function of the module that calls a slot and asks of its result whether it is an error pointer. Undefined where
 * nobody does, or where somebody asks for NULL, too, or keeps the result where others may ask.
 */
export function errorTestingCaller(codebase: Codebase, slot: string, path: string): FunctionRef | undefined {
  const call = new RegExp(`(?:->|\\.)\\s*${slot}\\s*\\(`);
  let found: FunctionRef | undefined;
  for (const file of filesSaying(codebase, codebase.definitions.module(path), slot)) {
    for (const ref of functionsIn(codebase.program, file)) {
      if (!call.test(codebase.program.bodyText(ref))) continue;
      const tests = testsIn(codebase, ref, slot);
      if (tests === 'others') return undefined;
      if (tests === 'errors') found ??= ref;
    }
  }
  return found;
}

/** `errors`: each result of the slot is tested for an error pointer, and for nothing else. */
function testsIn(codebase: Codebase, ref: FunctionRef, slot: string): 'errors' | 'others' {
  const { body } = codebase.program.lower(ref);
  const calls = callsIn(body).filter(({ call }) => call.callee.kind === 'member' && call.callee.member === slot);
  const variables = new Map<number, string>();
  visitExpressions(body, (expression) => {
    const target = expression.kind === 'assignment' ? expression.target : undefined;
    const value = expression.kind === 'assignment' ? stripCasts(expression.value) : undefined;
    if (value?.kind === 'call' && target?.kind === 'name') variables.set(value.at, target.name);
  });
  return calls.every(({ call }) => asksForErrorsOnly(codebase, ref, variables.get(call.at))) ? 'errors' : 'others';
}

function asksForErrorsOnly(codebase: Codebase, ref: FunctionRef, variable: string | undefined): boolean {
  if (variable === undefined) return false;
  let asksForErrors = false;
  let asksForNull = false;
  const is = (expression: Expression): boolean => expressionText(stripCasts(expression)) === variable;
  visitExpressions(codebase.program.lower(ref).body, (expression) => {
    if (expression.kind === 'call' && expression.callee.kind === 'name') {
      const predicate = predicates.get(expression.callee.name);
      if (!predicate || !expression.arguments.some(is)) return;
      if (predicate.trueFor.includes('zero')) asksForNull = true;
      else asksForErrors = true;
    }
    if (expression.kind === 'unary' && expression.operator === '!' && is(expression.operand)) asksForNull = true;
    if (expression.kind === 'binary' && /^(?:[=!]=|&&|\|\|)$/.test(expression.operator))
      if (is(expression.left) || is(expression.right)) asksForNull = true;
    if (expression.kind === 'conditional' && is(expression.test)) asksForNull = true;
  });
  const bare = new RegExp(`\\b(?:if|while)\\s*\\(\\s*${variable}\\s*\\)`);
  return asksForErrors && !asksForNull && !bare.test(codebase.program.bodyText(ref));
}
