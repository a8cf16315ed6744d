// Does unmap undo a step only under a condition, where map does it under none?

import { callsIn, type Expression, type Statement, visitExpressions, visitStatements } from '../../c/index.js';
import { isErrorValue, isNullPointer } from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import type { CodeEvent } from '../calls/calls-in-order.js';
import { membersTested } from '../calls/path-conditions.js';
import type { ProgramPoint } from '../calls/program-point.js';

/** A test in unmap on which a step may stay. */
export interface UndoingTest {
  readonly ref: FunctionRef;
  /** Offset of the statement that tests. */
  readonly at: number;
  /** A member that it tests. */
  readonly member: string;
}

/**
 * Returns the test under which alone unmap undoes a step that map does on every way; undefined where there is none, where
 * map may leave early on the same test, and where map sets what is tested.
 */
export function undoingTest(
  codebase: Codebase,
  map: FunctionRef,
  does: readonly CodeEvent[],
  undoes: readonly CodeEvent[],
): UndoingTest | undefined {
  if (!does.some((event) => wayOf(event).every(({ around }) => around.length === 0))) return undefined;
  const tests = undoes.map((event) => testOver(codebase, event));
  const [first] = tests;
  if (!first || tests.some((test) => test === undefined)) return undefined;
  const onTheWay = [map, ...does.flatMap((event) => wayOf(event).map(({ ref }) => ref))];
  return onTheWay.some((ref) => first.members.some((member) => setsOrLeavesOn(codebase, ref, member)))
    ? undefined
    : { ref: first.ref, at: first.at, member: first.members[0] ?? '' };
}

function wayOf({ chain, point }: CodeEvent): readonly ProgramPoint[] {
  return [...chain, point];
}

interface TestOver {
  readonly ref: FunctionRef;
  readonly at: number;
  readonly members: readonly string[];
}

/** The innermost `if` around a call, or one before it that leaves, where it tests a member and has no other branch. */
function testOver(codebase: Codebase, event: CodeEvent): TestOver | undefined {
  for (const point of wayOf(event)) {
    const { ref, around } = point;
    const over = around.findLast(({ kind }) => kind === 'if') ?? leavingTest(codebase, point);
    if (over?.kind !== 'if' || over.otherwise.length > 0) continue;
    const members = [...membersTested(codebase, ref, over.test)];
    if (members.length > 0) return { ref, at: over.at, members };
  }
  return undefined;
}

/** The last `if` before a call of a function that does nothing but return, or sets members first. */
function leavingTest({ program }: Codebase, { ref, at }: ProgramPoint): Statement | undefined {
  return program
    .lower(ref)
    .body.findLast(
      (statement) =>
        statement.at < at &&
        statement.kind === 'if' &&
        !isDefensive(statement.test) &&
        endsInReturn(statement.then) &&
        callsIn(statement.then).length === 0,
    );
}

/** Whether a test asks if there is anything at all: of NULL, an error, or what should not be. */
function isDefensive(test: Expression): boolean {
  if (test.kind === 'binary')
    return [test.left, test.right].some((side) => isNullPointer(side) || (isLogical(test) && isDefensive(side)));
  return test.kind === 'call' || (test.kind === 'unary' && test.operator === '!');
}

const isLogical = ({ operator }: { readonly operator: string }): boolean => /^(?:&&|\|\|)$/.test(operator);

function endsInReturn(body: readonly Statement[]): boolean {
  const last = body.at(-1);
  return last?.kind === 'return' || (last?.kind === 'block' && endsInReturn(last.body));
}

/** Whether a function sets a member, or returns a table early where it tests the member. */
function setsOrLeavesOn(codebase: Codebase, ref: FunctionRef, member: string): boolean {
  const { body } = codebase.program.lower(ref);
  let found = false;
  visitExpressions(body, (expression) => {
    if (expression.kind === 'assignment' && expression.target.kind === 'member' && expression.target.member === member)
      found = true;
  });
  visitStatements(body, (statement) => {
    if (statement.kind !== 'if' || !membersTested(codebase, ref, statement.test).has(member)) return;
    if ([statement.then, statement.otherwise].some(returnsTable)) found = true;
  });
  return found;
}

function returnsTable(body: readonly Statement[]): boolean {
  let found = false;
  visitStatements(body, (statement) => {
    if (statement.kind === 'return' && statement.value && !isErrorValue(statement.value)) found = true;
  });
  return found;
}
