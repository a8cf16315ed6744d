import type { CallExpression, Expression, Statement } from './syntax.js';

/** The expressions directly inside another one. */
export function subexpressions(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'member':
      return [expression.object];
    case 'index':
      return [expression.object, expression.index];
    case 'call':
      return [expression.callee, ...expression.arguments];
    case 'unary':
    case 'update':
    case 'cast':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'assignment':
      return [expression.target, expression.value];
    case 'conditional':
      return expression.then
        ? [expression.test, expression.then, expression.otherwise]
        : [expression.test, expression.otherwise];
    case 'initialiser':
      return expression.entries.map((entry) => entry.value);
    case 'compound-literal':
      return [expression.value];
    case 'sequence':
      return expression.items;
    default:
      return [];
  }
}

/** The expressions directly inside a statement, in order. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'expression':
      return [statement.expression];
    case 'declaration':
      return statement.value ? [statement.value] : [];
    case 'if':
    case 'while':
    case 'do':
      return [statement.test];
    case 'for':
      return [statement.test, statement.update].filter((expression) => expression !== null);
    case 'macro-block':
      return statement.arguments;
    case 'switch':
      return [statement.subject];
    case 'case':
    case 'return':
      return statement.value ? [statement.value] : [];
    default:
      return [];
  }
}

/** The statement lists directly inside a statement. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'block':
    case 'while':
    case 'do':
    case 'macro-block':
    case 'switch':
      return [statement.body];
    case 'if':
      return [statement.then, statement.otherwise];
    case 'for':
      return [statement.start, statement.body];
    case 'variants':
      return statement.branches.map((branch) => branch.body);
    default:
      return [];
  }
}

/**
 * Visits every statement of a body, outer ones first.
 * @param visit gets a statement and those around it, outermost first
 */
export function visitStatements(
  body: readonly Statement[],
  visit: (statement: Statement, around: readonly Statement[]) => void,
  around: readonly Statement[] = [],
): void {
  for (const statement of body) {
    visit(statement, around);
    const inner = bodiesOf(statement);
    if (inner.length === 0) continue;
    const inside = [...around, statement];
    for (const list of inner) visitStatements(list, visit, inside);
  }
}

/**
 * Visits every expression of a body, outer ones first, those in statement expressions included.
 * @param visit gets an expression, its statement, and the statements around that, outermost first
 */
export function visitExpressions(
  body: readonly Statement[],
  visit: (expression: Expression, statement: Statement, around: readonly Statement[]) => void,
): void {
  visitStatements(body, (statement, around) => {
    const enter = (expression: Expression): void => {
      visit(expression, statement, around);
      if (expression.kind === 'statements')
        visitExpressions(expression.body, (inner, at, further) => visit(inner, at, [...around, statement, ...further]));
      else for (const inner of subexpressions(expression)) enter(inner);
    };
    for (const expression of expressionsOf(statement)) enter(expression);
  });
}

/** A statement with a body that may run several times. */
export type Loop = Extract<Statement, { kind: 'while' | 'do' | 'for' | 'macro-block' }>;

const loops: ReadonlySet<string> = new Set(['while', 'do', 'for', 'macro-block']);

/** Whether a statement is a loop. A macro with a body may be one, unless it is a scope. */
export function isLoop(statement: Statement): statement is Loop {
  return loops.has(statement.kind) && !(statement.kind === 'macro-block' && isScopeMacro(statement.macro));
}

/** Whether a macro with a body is a scope and no loop: `scoped_guard(…) { }`. */
export function isScopeMacro(macro: string): boolean {
  return /guard/i.test(macro) && !/for_each/.test(macro);
}

/** A call, with the statement that contains it and the statements around that, outermost first. */
export interface CallInBody {
  readonly call: CallExpression;
  /** The callee where it is a plain name, else null. */
  readonly name: string | null;
  /** The member where the callee is one (`bdev->funcs->move`), else null. */
  readonly slot: string | null;
  readonly statement: Statement;
  readonly around: readonly Statement[];
}

/** All calls in a body, in the order of the text. */
export function callsIn(body: readonly Statement[]): readonly CallInBody[] {
  const calls: CallInBody[] = [];
  visitExpressions(body, (expression, statement, around) => {
    if (expression.kind !== 'call') return;
    const callee = stripCasts(expression.callee);
    calls.push({
      call: expression,
      name: callee.kind === 'name' ? callee.name : null,
      slot: callee.kind === 'member' ? callee.member : null,
      statement,
      around,
    });
  });
  return calls.sort((left, right) => left.call.at - right.call.at);
}

/** The expression without casts and without `*` before a function pointer. */
export function stripCasts(expression: Expression): Expression {
  if (expression.kind === 'cast') return stripCasts(expression.operand);
  if (expression.kind === 'unary' && expression.operator === '*') return stripCasts(expression.operand);
  return expression;
}

/**
 * An lvalue as text, to compare: `a->b` is written `a.b`, and every element of an array `a[]`.
 * @returns null for an expression that is no lvalue
 */
export function lvalueText(expression: Expression): string | null {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'member': {
      const object = lvalueText(expression.object);
      return object === null ? null : `${object}.${expression.member}`;
    }
    case 'index': {
      const object = lvalueText(expression.object);
      return object === null ? null : `${object}[]`;
    }
    case 'unary': {
      if (expression.operator !== '*') return null;
      const operand = lvalueText(expression.operand);
      return operand === null ? null : `*${operand}`;
    }
    case 'cast':
      return lvalueText(expression.operand);
    default:
      return null;
  }
}
