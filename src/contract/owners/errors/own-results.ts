// Does a caller of a driver's own function ask its result for NULL, where it can only be an error pointer?

import {
  type CallExpression,
  type Expression,
  type FunctionUnit,
  stripCasts,
  subexpressions,
  visitExpressions,
  visitStatements,
} from '../../../c/index.js';
import { type FunctionFlow, isError, mayBeZero } from '../../../flow/index.js';
import { asksForError, isErrorMacro } from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, filesSaying, functionsIn } from '../../../program/index.js';
import { asksOnly, variablesOfCalls } from '../../calls/result-tests.js';
import type { Misuse } from '../../model/lifetimes.js';
import { stepAt } from '../../places.js';

/**
 * Finds the calls of functions that return an object or an error pointer, never NULL, where the caller only asks for NULL and
 * then uses the result. A function that has a second definition, for another configuration, may return NULL there.
 */
export function findOwnResultsAskedForNull(codebase: Codebase, flows: readonly FunctionFlow[]): readonly Misuse[] {
  return flows.flatMap((flow) => {
    const failure = failureOf(flow);
    if (failure === undefined) return [];
    return codebase.references.callersOf(flow.ref).flatMap(({ caller, call }): readonly Misuse[] => {
      const variable = variablesOfCalls(codebase, caller).get(call.at);
      if (variable === undefined || !asksOnly(codebase, caller, [call], 'null')) return [];
      const unit = codebase.program.lower(caller);
      if ((assignmentsOf(unit).values.get(variable)?.length ?? 0) !== 1) return [];
      if (isAskedOtherwise(codebase, caller, variable) || !isUsed(unit, variable)) return [];
      if (hasOtherDefinition(codebase, flow.ref)) return [];
      return [
        {
          kind: 'error-pointer',
          resource: null,
          path: caller.path,
          at: call.at,
          function: caller.outline.name,
          api: flow.ref.outline.name,
          isPastNullTest: true,
          certainty: 'medium',
          trace: [stepAt(codebase, flow.ref.path, failure, `${flow.ref.outline.name}() returns an error pointer here`)],
        },
      ];
    });
  });
}

/** Where a function that never returns NULL returns an error pointer; undefined if it does not, or if it may return NULL. */
function failureOf({ ref, exits, incomplete }: FunctionFlow): number | undefined {
  if (incomplete !== null || !ref.outline.returnType.includes('*')) return undefined;
  let failure: number | undefined;
  for (const { state, value, at } of exits) {
    if (value === null || mayBeZero(state, value)) return undefined;
    if (isError(state, value)) failure = at;
  }
  return failure;
}

function hasOtherDefinition(codebase: Codebase, { path, outline }: FunctionRef): boolean {
  const { definitions, program } = codebase;
  const near = [...definitions.module(path), ...definitions.headers(path)];
  const all = filesSaying(codebase, [...new Set([path, ...near])], outline.name).flatMap((file) =>
    functionsIn(program, file).filter((one) => one.outline.name === outline.name),
  );
  return all.length !== 1;
}

/**
 * Whether a variable may be asked for an error in another way: by a callee whose result is used, by an ordering
 * (`(unsigned long)x >= (unsigned long)-MAX_ERRNO`), by a copy, or by the caller, to which the function returns it.
 */
function isAskedOtherwise(codebase: Codebase, caller: FunctionRef, variable: string): boolean {
  const { body } = codebase.program.lower(caller);
  const asksSomething = asksForError(codebase.program.bodyText(caller));
  const isIt = (expression: Expression): boolean => isVariable(expression, variable);
  const unused = new Set<Expression>();
  let found = false;
  visitStatements(body, (statement) => {
    if (statement.kind === 'return' && statement.value && isIt(statement.value)) found = true;
    if (statement.kind === 'declaration' && statement.value && isIt(statement.value)) found ||= asksSomething;
    if (statement.kind === 'expression') unused.add(stripCasts(statement.expression));
  });
  visitExpressions(body, (expression) => {
    if (expression.kind === 'call' && expression.arguments.some(isIt))
      found ||= mayAsk(codebase, caller, expression, !unused.has(expression));
    if (expression.kind === 'assignment' && isIt(expression.value)) found ||= asksSomething;
    if (expression.kind === 'initialiser' && subexpressions(expression).some(isIt)) found ||= asksSomething;
    if (expression.kind === 'binary' && isComparison(expression))
      found ||= isIt(expression.left) || isIt(expression.right);
  });
  return found;
}

/** An ordering, or a comparison with what a call returns: `x == ERR_PTR(-ENOENT)`. */
function isComparison({ operator, left, right }: Extract<Expression, { kind: 'binary' }>): boolean {
  if (/^[<>]=?$/.test(operator)) return true;
  return /^[=!]=$/.test(operator) && [left, right].some((side) => stripCasts(side).kind === 'call');
}

/** Whether a call may ask its argument for an error. One out of sight may, where its result is used; a macro may always. */
function mayAsk(codebase: Codebase, { path }: FunctionRef, { callee }: CallExpression, isResultUsed: boolean): boolean {
  if (callee.kind !== 'name') return isResultUsed;
  if (isErrorMacro(callee.name)) return true;
  const { find, functionMacro } = codebase.definitions;
  const target = find(callee.name, path);
  if (target) return isResultUsed && asksForError(codebase.program.bodyText(target));
  return isResultUsed || functionMacro(callee.name, path) !== undefined;
}

/** Whether a function reads a member of what a variable points to. */
function isUsed({ body }: FunctionUnit, variable: string): boolean {
  let found = false;
  visitExpressions(body, (expression) => {
    if (expression.kind === 'member' && expression.arrow && isVariable(expression.object, variable)) found = true;
  });
  return found;
}

function isVariable(expression: Expression, variable: string): boolean {
  const bare = stripCasts(expression);
  return bare.kind === 'name' && bare.name === variable;
}
