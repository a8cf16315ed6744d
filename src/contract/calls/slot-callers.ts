// How do the callers of a driver's own slot test what it returns?

import {
  callsIn,
  type Expression,
  expressionText,
  stripCasts,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { predicates } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, filesSaying, functionsIn } from '../../program/index.js';

/** What a caller tests the result of a slot for. */
type Asks = 'errors' | 'null';

/**
 * Returns a function of the module that calls a slot and asks of its result whether it is an error pointer. Undefined where
 * nobody does, or where somebody asks for NULL, too, or keeps the result where others may ask.
 */
export function errorTestingCaller(codebase: Codebase, slot: string, path: string): FunctionRef | undefined {
  return callerAsking(codebase, slot, codebase.definitions.module(path), 'errors');
}

/**
 * Returns a function of the files that calls a slot and tests its result for NULL, if all callers test only for NULL.
 */
export function nullTestingCaller(codebase: Codebase, slot: string, files: readonly string[]): FunctionRef | undefined {
  return callerAsking(codebase, slot, files, 'null');
}

function callerAsking(codebase: Codebase, slot: string, files: readonly string[], asks: Asks): FunctionRef | undefined {
  const call = new RegExp(`(?:->|\\.)\\s*${slot}\\s*\\(`);
  let found: FunctionRef | undefined;
  for (const file of filesSaying(codebase, files, slot)) {
    for (const ref of functionsIn(codebase.program, file)) {
      if (!call.test(codebase.program.bodyText(ref))) continue;
      if (!asksOnly(codebase, ref, slot, asks)) return undefined;
      found ??= ref;
    }
  }
  return found;
}

/** Whether each result of the slot is tested for this and for nothing else. */
function asksOnly(codebase: Codebase, ref: FunctionRef, slot: string, asks: Asks): boolean {
  const { body } = codebase.program.lower(ref);
  const calls = callsIn(body).filter(({ call }) => call.callee.kind === 'member' && call.callee.member === slot);
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
  return calls.every(({ call }) => {
    const variable = variables.get(call.at);
    const asked = variable === undefined ? null : questionsAbout(codebase, ref, variable);
    return asked !== null && asked.errors === (asks === 'errors') && asked.null === (asks === 'null');
  });
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
