import {
  callsIn,
  type Expression,
  type Statement,
  subexpressions,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { type Codebase, type FunctionRef, functionKey, originsOf } from '../../program/index.js';
import { returnedValues } from '../attachments/attachment-trace.js';
import { isErrorValue } from '../attachments/users.js';
import type { Dialect } from '../documents/dialect.js';
import type { PinPolicy, Rejection } from '../model.js';
import { stepAt, type TraceStep } from '../places.js';
import { functionFor, isSet, type OpsTable } from '../tables/tables.js';

const deepestCheck = 3;

/** What an exporter's `.pin` does. Without one the memory never moves, and dma_buf_pin() succeeds. */
export function pinPolicyOf(codebase: Codebase, dialect: Dialect, table: OpsTable): PinPolicy {
  if (!isSet(table, 'pin')) return 'none';
  const ref = opFunction(codebase, table, 'pin');
  if (!ref) return 'accepts';
  if (returnsOnlyErrors(codebase, ref, deepestCheck)) return 'refuses-all';
  return checkIn(codebase, dialect, ref, deepestCheck, new Set()) ? 'refuses-non-revocable' : 'accepts';
}

/** Where an exporter turns importers away that are not revocable: in attach, in pin, or by refusing every pin. */
export function rejectionOf(
  codebase: Codebase,
  dialect: Dialect,
  table: OpsTable,
  policy: PinPolicy,
): Rejection | null {
  for (const op of ['attach', 'pin'] as const) {
    const ref = opFunction(codebase, table, op);
    const step = ref && checkIn(codebase, dialect, ref, deepestCheck, new Set());
    if (step) return { op, step };
  }
  const pin = opFunction(codebase, table, 'pin');
  return policy === 'refuses-all' && pin
    ? { op: 'pin', step: stepAt(codebase, pin.path, pin.outline.nameAt, `${pin.outline.name}() refuses every pin`) }
    : null;
}

/** Where attach fails, whatever else holds, for an importer that cannot do peer-to-peer; null where it does not. */
export function peerToPeerCheckOf(codebase: Codebase, table: OpsTable): TraceStep | null {
  const ref = opFunction(codebase, table, 'attach');
  if (!ref) return null;
  const check = codebase.program
    .lower(ref)
    .body.find(
      (statement) =>
        statement.kind === 'if' && alternatives(statement.test).some(isNotPeerToPeer) && fails(statement.then),
    );
  return check
    ? stepAt(codebase, ref.path, check.at, `${ref.outline.name}() refuses importers without peer-to-peer`)
    : null;
}

/** `a || b` is true where either is. */
function alternatives(test: Expression): readonly Expression[] {
  return test.kind === 'binary' && test.operator === '||'
    ? [...alternatives(test.left), ...alternatives(test.right)]
    : [test];
}

function isNotPeerToPeer(test: Expression): boolean {
  return (
    test.kind === 'unary' &&
    test.operator === '!' &&
    test.operand.kind === 'member' &&
    test.operand.member === 'peer2peer'
  );
}

/** The function that a table puts into an op, or undefined. */
export function opFunction(codebase: Codebase, table: OpsTable, op: string): FunctionRef | undefined {
  const name = functionFor(table, op);
  return name ? codebase.definitions.find(name, table.path) : undefined;
}

/** Whether every value that a function returns is an error. */
export function returnsOnlyErrors(codebase: Codebase, ref: FunctionRef, depth: number): boolean {
  const unit = codebase.program.lower(ref);
  const values = returnedValues(unit);
  return (
    values.length > 0 &&
    values.every((value) => {
      if (isErrorValue(value)) return true;
      const origins = originsOf(unit, value);
      return (
        origins.length > 0 &&
        origins.every((origin) => {
          if (origin.kind === 'variable') return /^E[A-Z0-9]+$/.test(origin.name);
          if (origin.kind !== 'call' || depth === 0 || origin.call.callee.kind !== 'name') return false;
          const target = codebase.definitions.find(origin.call.callee.name, ref.path);
          return target !== undefined && returnsOnlyErrors(codebase, target, depth - 1);
        })
      );
    })
  );
}

/** Where a function, or one that it calls, turns away an importer without the callback or with the marker. */
function checkIn(
  codebase: Codebase,
  dialect: Dialect,
  ref: FunctionRef,
  depth: number,
  seen: Set<string>,
): TraceStep | null {
  if (seen.has(functionKey(ref))) return null;
  seen.add(functionKey(ref));
  const unit = codebase.program.lower(ref);
  let found: number | null = null;
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'if' && asksRevocable(dialect, statement.test)) {
      if (fails(statement.then) || fails(statement.otherwise)) found ??= statement.at;
    } else if (statement.kind === 'return' && statement.value && asksRevocable(dialect, statement.value)) {
      found ??= statement.at;
    } else if (statement.kind === 'declaration' && statement.value && asksRevocable(dialect, statement.value)) {
      found ??= statement.at; // kept in a variable that is tested later
    }
  });
  if (found !== null)
    return stepAt(codebase, ref.path, found, `${ref.outline.name}() refuses importers that are not revocable`);
  if (depth === 0) return null;
  for (const { name } of callsIn(unit.body)) {
    const target = name ? codebase.definitions.findNear(name, ref.path) : undefined;
    const step = target && checkIn(codebase, dialect, target, depth - 1, seen);
    if (step) return step;
  }
  return null;
}

function asksRevocable(dialect: Dialect, test: Expression): boolean {
  if (test.kind === 'call' && test.callee.kind === 'name' && test.callee.name === dialect.revocableCheck) return true;
  if (test.kind === 'member' && test.object.kind === 'member' && test.object.member === 'importer_ops') {
    if (dialect.markers.some((marker) => marker.field === test.member)) return true;
    if (test.member === dialect.callback && !dialect.callbackRequired) return true;
  }
  return subexpressions(test).some((inner) => asksRevocable(dialect, inner));
}

/** Whether a branch ends in an error: returns one, goes to a label, or sets one. */
export function fails(body: readonly Statement[]): boolean {
  let failed = false;
  visitStatements(body, (statement) => {
    if (
      statement.kind === 'goto' ||
      (statement.kind === 'return' && (isErrorValue(statement.value) || statement.value?.kind === 'name'))
    )
      failed = true;
  });
  visitExpressions(body, (expression) => {
    if (expression.kind === 'assignment' && isErrorValue(expression.value)) failed = true;
  });
  return failed;
}

/** Whether a function returns an error where a member of the given name is set. */
export function refusesWhenSet(codebase: Codebase, ref: FunctionRef, member: string, depth: number): boolean {
  const unit = codebase.program.lower(ref);
  let refuses = false;
  visitStatements(unit.body, (statement) => {
    if (
      statement.kind === 'if' &&
      testsMember(statement.test, member) &&
      (fails(statement.then) || fails(statement.otherwise))
    )
      refuses = true;
  });
  if (refuses || depth === 0) return refuses;
  return callsIn(unit.body).some(({ name }) => {
    const target = name ? codebase.definitions.findNear(name, ref.path) : undefined;
    return (
      target !== undefined &&
      functionKey(target) !== functionKey(ref) &&
      refusesWhenSet(codebase, target, member, depth - 1)
    );
  });
}

/** Whether a test is true where the member is set: it stands there as a truth value, not in a comparison or as an argument. */
function testsMember(test: Expression, member: string): boolean {
  switch (test.kind) {
    case 'member':
      return test.member === member;
    case 'unary':
    case 'cast':
      return testsMember(test.operand, member);
    case 'binary':
      return /^(&&|\|\|)$/.test(test.operator) && [test.left, test.right].some((side) => testsMember(side, member));
    case 'call':
      return (
        test.callee.kind === 'name' &&
        /^(READ_ONCE|un?likely|likely|atomic_read|test_bit|smp_load_acquire|WARN_ON\w*)$/.test(test.callee.name) &&
        test.arguments.some((argument) => testsMember(argument, member))
      );
    default:
      return false;
  }
}
