import {
  type Expression,
  type FunctionUnit,
  isLoop,
  type Statement,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { apiFunctions } from '../../kernel/index.js';

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

/** What a function may count up without a known bound. */
interface Raised {
  readonly names: ReadonlySet<string>;
  readonly members: ReadonlySet<string>;
  /** Whether a call in a loop may count up any member. */
  readonly calls: boolean;
}

const raised = new WeakMap<FunctionUnit, Raised>();

/**
 * Whether a variable may be counted up without a known bound: in a loop, or before a backward jump. A variable that is only
 * counted down there is as well known as the value before.
 */
export function raisedInLoop(unit: FunctionUnit, name: string): boolean {
  return raisedIn(unit).names.has(name);
}

/** The same for a member of this name, which a callee may count, too. */
export function memberRaisedInLoop(unit: FunctionUnit, member: string): boolean {
  const { members, calls } = raisedIn(unit);
  return calls || members.has(member);
}

function raisedIn(unit: FunctionUnit): Raised {
  let found = raised.get(unit);
  if (!found) {
    const isEverywhere = jumpsBack(unit);
    const [names, members] = [new Set<string>(), new Set<string>()];
    let calls = false;
    visitStatements(unit.body, (statement) => {
      if (!isEverywhere && !isLoop(statement)) return;
      visitExpressions([isEverywhere ? statement : withoutStart(statement)], (one) => {
        if (one.kind === 'call') calls ||= one.callee.kind !== 'name' || !apiFunctions.has(one.callee.name);
        const target = raisedPlace(one);
        if (target?.kind === 'name') names.add(target.name);
        if (target?.kind === 'member') members.add(target.member);
      });
    });
    found = { names, members, calls };
    raised.set(unit, found);
  }
  return found;
}

/** A loop without what runs once before it: the `i = n - 1` of a `for`. */
function withoutStart(statement: Statement): Statement {
  return statement.kind === 'for' ? { ...statement, start: [] } : statement;
}

/** The place that an expression may count up; `--x` and `x -= 1` do not. */
function raisedPlace(expression: Expression): Expression | null {
  const isDown = 'operator' in expression && (expression.operator === '--' || expression.operator === '-=');
  return isDown ? null : changedPlace(expression);
}

function addChanged(expression: Expression, changed: Set<string>): void {
  const target = changedPlace(expression);
  if (target?.kind === 'name') changed.add(target.name);
}

function changedPlace(expression: Expression): Expression | null {
  if (expression.kind === 'assignment') return expression.target;
  const isAddress = expression.kind === 'unary' && expression.operator === '&';
  return expression.kind === 'update' || isAddress ? expression.operand : null;
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
