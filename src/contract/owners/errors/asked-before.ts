// What does a function ask before it makes a call?

import {
  type CallExpression,
  callsIn,
  type Expression,
  expressionsOf,
  type FunctionUnit,
  type Statement,
  subexpressions,
  visitStatements,
} from '../../../c/index.js';
import { assignmentsOf } from '../../../program/index.js';

/**
 * Returns the tests that decide whether a function makes one of its calls: those around the call, and those before it that
 * leave.
 */
export function testsBefore({ body }: FunctionUnit, call: CallExpression): readonly Expression[] {
  const around = callsIn(body).find((one) => one.call.at === call.at)?.around ?? [];
  const tests = around.flatMap(expressionsOf);
  visitStatements(body, (statement) => {
    if (statement.kind !== 'if' || statement.at >= call.at || around.includes(statement)) return;
    if ([...statement.then, ...statement.otherwise].some(leaves)) tests.push(statement.test);
  });
  return tests;
}

const jumps: ReadonlySet<string> = new Set(['return', 'goto', 'break', 'continue']);

function leaves(statement: Statement): boolean {
  let found = false;
  visitStatements([statement], ({ kind }) => {
    if (jumps.has(kind)) found = true;
  });
  return found;
}

/**
 * Returns all expressions that a test is made of, and those that the local variables in it may have got: what `if (dead)`
 * asks after `dead = c->dead`.
 * @param objects the variables whose values are not looked at
 */
export function partsOf(unit: FunctionUnit, test: Expression, objects: ReadonlySet<string>): readonly Expression[] {
  const { values, locals } = assignmentsOf(unit);
  const found: Expression[] = [];
  const known = new Set(objects);
  const enter = (one: Expression): void => {
    found.push(one);
    if (one.kind === 'name' && locals.has(one.name) && !known.has(one.name)) {
      known.add(one.name);
      (values.get(one.name) ?? []).forEach(enter);
    }
    subexpressions(one).forEach(enter);
  };
  enter(test);
  return found;
}
