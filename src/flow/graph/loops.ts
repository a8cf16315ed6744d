import { type Expression, type FunctionUnit, isLoop, visitExpressions, visitStatements } from '../../c/index.js';

const known = new WeakMap<FunctionUnit, ReadonlySet<Expression>>();

/** Whether an expression stands in a loop, its head included: it may be evaluated any number of times. */
export function standsInLoop(unit: FunctionUnit, expression: Expression): boolean {
  let found = known.get(unit);
  if (!found) {
    found = expressionsInLoops(unit);
    known.set(unit, found);
  }
  return found.has(expression);
}

function expressionsInLoops({ body }: FunctionUnit): ReadonlySet<Expression> {
  const found = new Set<Expression>();
  visitStatements(body, (statement) => {
    if (isLoop(statement)) visitExpressions([statement], (expression) => found.add(expression));
  });
  return found;
}

const counted = new WeakMap<FunctionUnit, ReadonlySet<string>>();

/** Whether a variable may be changed any number of times: in a loop, or before a backward jump. */
export function changesInLoop(unit: FunctionUnit, name: string): boolean {
  let found = counted.get(unit);
  if (!found) {
    const isEverywhere = jumpsBack(unit);
    const changed = new Set<string>();
    visitStatements(unit.body, (statement) => {
      if (isEverywhere || isLoop(statement)) visitExpressions([statement], (one) => addChanged(one, changed));
    });
    found = changed;
    counted.set(unit, found);
  }
  return found.has(name);
}

const repeated = new WeakMap<FunctionUnit, boolean>();

/** Whether a function has a loop, or jumps back, and so may count a member any number of times, by itself or by a callee. */
export function mayRepeat(unit: FunctionUnit): boolean {
  let found = repeated.get(unit);
  if (found === undefined) {
    found = jumpsBack(unit);
    visitStatements(unit.body, (statement) => {
      if (isLoop(statement)) found = true;
    });
    repeated.set(unit, found);
  }
  return found;
}

function addChanged(expression: Expression, changed: Set<string>): void {
  const target =
    expression.kind === 'update' || (expression.kind === 'unary' && expression.operator === '&')
      ? expression.operand
      : expression.kind === 'assignment'
        ? expression.target
        : null;
  if (target?.kind === 'name') changed.add(target.name);
}

function jumpsBack({ body }: FunctionUnit): boolean {
  const labels = new Map<string, number>();
  const jumps: { readonly label: string; readonly at: number }[] = [];
  visitStatements(body, (statement) => {
    if (statement.kind === 'label') labels.set(statement.name, statement.at);
    if (statement.kind === 'goto') jumps.push(statement);
  });
  return jumps.some(({ label, at }) => (labels.get(label) ?? at) < at);
}
