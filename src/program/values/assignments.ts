import { type Expression, type FunctionUnit, lvalueText, visitExpressions, visitStatements } from '../../c/index.js';

/** What a function assigns, in no order: for each lvalue every value that it may have. */
export interface Assignments {
  /** By the text of the lvalue, as {@link lvalueText} writes it. */
  readonly values: ReadonlyMap<string, readonly Expression[]>;
  /** The names of the local variables. */
  readonly locals: ReadonlySet<string>;
}

const known = new WeakMap<FunctionUnit, Assignments>();

/** All assignments and initialised declarations of a function, collected once. */
export function assignmentsOf(unit: FunctionUnit): Assignments {
  const cached = known.get(unit);
  if (cached) return cached;
  const values = new Map<string, Expression[]>();
  const locals = new Set<string>();
  const add = (target: string | null, value: Expression): void => {
    if (target === null) return;
    const list = values.get(target);
    if (list) list.push(value);
    else values.set(target, [value]);
  };
  visitStatements(unit.body, (statement) => {
    if (statement.kind !== 'declaration') return;
    locals.add(statement.name);
    if (statement.value) add(statement.name, statement.value);
  });
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' && expression.operator === '=')
      add(lvalueText(expression.target), expression.value);
  });
  const result = { values, locals };
  known.set(unit, result);
  return result;
}
