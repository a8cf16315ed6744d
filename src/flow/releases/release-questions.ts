// Which questions decide whether a release function releases, and what do they read?

import {
  bodiesOf,
  type CallExpression,
  callsIn,
  type Expression,
  expressionsOf,
  type FunctionUnit,
  type Statement,
  subexpressions,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import {
  bitFunctions,
  changesCount,
  isBorrower,
  isErrorMacro,
  isHarmless,
  isHint,
  isReadOfMember,
} from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import { isConstantName } from '../evaluate/named-constants.js';
import type { Engine } from '../model/engine.js';

/** One question that decides whether a release function releases. */
export interface Reason {
  /** The members that it reads, by name. */
  readonly members: ReadonlySet<string>;
  /** Whether it also asks what the path cannot tell: a function out of sight, or a file-level variable. */
  readonly isOpen: boolean;
  /** Whether only a member that is 0 or NULL makes it skip: `if (x->table)`. */
  readonly isForNothing: boolean;
}

/** Where a question stands. */
interface Place {
  readonly engine: Engine;
  readonly ref: FunctionRef;
  readonly unit: FunctionUnit;
  /** How much deeper helpers, and what local variables hold, are read. */
  readonly depth: number;
}

/** How many functions deep the questions of helpers are read. */
const deepest = 3;

/**
 * Finds the questions on which the releases of a function depend.
 * @param releases whether a function of this name is a release
 * @returns undefined where a body cannot be read
 */
export function reasonsIn(
  engine: Engine,
  ref: FunctionRef,
  releases: (name: string) => boolean,
  depth = deepest,
): readonly Reason[] | undefined {
  const { program, definitions } = engine.codebase;
  const unit = program.lower(ref);
  if (unit.unparsed.length > 0 || depth === 0) return undefined;
  const helper = (name: string | null): FunctionRef | undefined =>
    name === null || releases(name) ? undefined : definitions.findInModule(name, ref.path);
  const mayRelease = (body: readonly Statement[]): boolean =>
    callsIn(body).some(({ name }) => name === null || releases(name) || helper(name) !== undefined);
  const place = { engine, ref, unit, depth };
  const found: Reason[] = [];
  visitStatements(unit.body, (statement) => {
    const asked = questionsOf(statement, mayRelease);
    found.push(...asked.flatMap(({ test, skips }) => reasonsOf(place, test, skips)));
  });
  for (const { name } of callsIn(unit.body)) {
    const target = helper(name);
    const isReleasing = target && callsIn(program.lower(target).body).some((one) => one.name && releases(one.name));
    if (!target || !isReleasing) continue;
    const inner = reasonsIn(engine, target, releases, depth - 1);
    if (!inner) return undefined;
    found.push(...inner);
  }
  return found;
}

/** A test, and the answer for which it skips a release; null where either may. */
interface Question {
  readonly test: Expression;
  readonly skips: boolean | null;
}

/** The tests of one statement that may skip a release. */
function questionsOf(statement: Statement, mayRelease: (body: readonly Statement[]) => boolean): readonly Question[] {
  if (statement.kind === 'if') {
    const { test, then, otherwise } = statement;
    const isSkippedBy = (taken: readonly Statement[], other: readonly Statement[]): boolean =>
      mayRelease(other) || jumpsAway(taken);
    const answers = [isSkippedBy(then, otherwise), isSkippedBy(otherwise, then)];
    return [true, false].flatMap((skips, index) => (answers[index] ? [{ test, skips }] : []));
  }
  if (statement.kind === 'switch') return [{ test: statement.subject, skips: null }];
  if (statement.kind === 'block' || statement.kind === 'variants') return [];
  const bodies = bodiesOf(statement);
  if (!mayRelease(bodies.length > 0 ? bodies.flat() : [statement])) return [];
  const tests = expressionsOf(statement).filter((one) => bodies.length > 0 || isChoice(one));
  return tests.map((test) => ({ test, skips: null }));
}

/** Whether an expression takes one of two ways: `x->stuck || dma_buf_detach(…)`. */
function isChoice(one: Expression): boolean {
  const isLogic = one.kind === 'binary' && isConnective(one.operator);
  return one.kind === 'conditional' || isLogic || subexpressions(one).some(isChoice);
}

const isConnective = (operator: string): boolean => operator === '&&' || operator === '||';

const jumps: ReadonlySet<Statement['kind']> = new Set(['return', 'goto', 'break', 'continue']);

function jumpsAway(body: readonly Statement[]): boolean {
  let found = false;
  visitStatements(body, ({ kind }) => {
    found ||= jumps.has(kind);
  });
  return found;
}

/** The parts of a test that may give it the answer for which it skips. */
function reasonsOf(place: Place, test: Expression, skips: boolean | null): readonly Reason[] {
  if (test.kind === 'unary' && test.operator === '!')
    return reasonsOf(place, test.operand, skips === null ? null : !skips);
  if (test.kind === 'binary' && isConnective(test.operator))
    return [test.left, test.right].flatMap((part) => reasonsOf(place, part, skips));
  const [hinted] = test.kind === 'call' ? test.arguments : [];
  if (test.kind === 'call' && test.callee.kind === 'name' && isHint(test.callee.name) && hinted)
    return reasonsOf(place, hinted, skips);
  const read: Read = { members: new Set<string>(), isOpen: false };
  readFrom(place, test, read);
  return [{ ...read, isForNothing: skips === false && test.kind === 'member' }];
}

interface Read {
  readonly members: Set<string>;
  isOpen: boolean;
}

/** Collects what an expression reads: members, also by a local variable or by a helper. */
function readFrom(place: Place, expression: Expression, read: Read): void {
  if (expression.kind === 'member') {
    read.members.add(expression.member);
    if (expression.object.kind !== 'name') readFrom(place, expression.object, read);
    return;
  }
  if (expression.kind === 'call') readFromCall(place, expression, read);
  if (expression.kind === 'unparsed' || expression.kind === 'statements') read.isOpen = true;
  if (expression.kind === 'name') readFromName(place, expression.name, read);
  for (const part of expression.kind === 'call' ? expression.arguments : subexpressions(expression))
    readFrom(place, part, read);
}

const isFixed = (name: string): boolean => isConstantName(name) || name === 'true' || name === 'false';

/** A local variable says what was stored in it; a pointer that a call returned is the object itself. */
function readFromName(place: Place, name: string, read: Read): void {
  const { unit, depth } = place;
  if (isFixed(name) || unit.parameters.some((one) => one.name === name)) return;
  let isLocal = false;
  const values: Expression[] = [];
  visitStatements(unit.body, (statement) => {
    if (statement.kind !== 'declaration' || statement.name !== name) return;
    isLocal = true;
    if (statement.value && !(statement.pointer && statement.value.kind === 'call')) values.push(statement.value);
  });
  visitExpressions(unit.body, (one) => {
    if (one.kind === 'assignment' && one.target.kind === 'name' && one.target.name === name) values.push(one.value);
  });
  if (!isLocal || depth === 0) read.isOpen = true;
  else for (const value of values) readFrom({ ...place, depth: depth - 1 }, value, read);
}

/** A helper in sight reads what its body names. Any other may know a note of its own, unless it is known for a question. */
function readFromCall({ engine, ref }: Place, { callee }: CallExpression, read: Read): void {
  const { program, definitions } = engine.codebase;
  const name = callee.kind === 'name' ? callee.name : null;
  const target = name === null ? undefined : definitions.findInModule(name, ref.path);
  if (!target) {
    if (name === null || !isKnownQuestion(name)) read.isOpen = true;
    return;
  }
  const { body, parameters } = program.lower(target);
  const own = new Set(parameters.map((one) => one.name));
  visitStatements(body, (statement) => {
    if (statement.kind === 'declaration') own.add(statement.name);
  });
  visitExpressions(body, (one) => {
    if (one.kind === 'member') read.members.add(one.member);
    if (one.kind === 'name' && !own.has(one.name) && !isFixed(one.name) && !isKnownQuestion(one.name))
      read.isOpen = true;
    if (one.kind === 'call' && one.callee.kind !== 'name') read.isOpen = true;
  });
}

/** Whether a function only asks what it is given, or changes what a call is known to change. */
function isKnownQuestion(name: string): boolean {
  const isKnown = isErrorMacro(name) || isReadOfMember(name) || isHint(name) || bitFunctions.has(name);
  return isKnown || changesCount(name) || isHarmless(name) || isBorrower(name);
}
