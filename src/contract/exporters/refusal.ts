// Which importers does an exporter refuse, and where?

import { callsIn, type Expression, subexpressions, visitStatements } from '../../c/index.js';
import { importerOpsMember, mapOp, matchOp } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { Dialect } from '../documents/dialect.js';
import type { AlwaysFails, PeerToPeerCheck, PinPolicy, Rejection } from '../model/exporter.js';
import { stepAt, type TraceStep } from '../places.js';
import { isSet, type OpsTable, opFunction } from '../tables/ops-table.js';
import { fails, returnsOnlyErrors } from './error-paths.js';

/** The ops that the core calls to attach. */
const attachOps = [matchOp, 'attach'] as const;

/** Callees are followed this many calls deep. */
const deepestCallee = 3;

/**
 * Returns what an exporter's `.pin` does. Without one dma_buf_pin() succeeds, and the exporter keeps the memory in place
 * while it is mapped.
 */
export function pinPolicyOf(codebase: Codebase, dialect: Dialect, table: OpsTable): PinPolicy {
  if (!isSet(table, 'pin')) return 'none';
  const ref = opFunction(codebase, table, 'pin');
  if (!ref) return 'accepts';
  if (returnsOnlyErrors(codebase, ref, deepestCallee)) return 'refuses-all';
  return findCheck({ codebase, dialect, seen: new Set() }, ref, deepestCallee) ? 'refuses-non-revocable' : 'accepts';
}

/** Returns where an exporter refuses importers that are not revocable: in attach, in pin, or because it refuses every pin. */
export function rejectionOf(
  codebase: Codebase,
  dialect: Dialect,
  table: OpsTable,
  policy: PinPolicy,
): Rejection | null {
  for (const slot of [...attachOps, 'pin'] as const) {
    const ref = opFunction(codebase, table, slot);
    const step = ref && findCheck({ codebase, dialect, seen: new Set() }, ref, deepestCallee);
    if (step) return { op: slot === 'pin' ? slot : 'attach', step };
  }
  const pin = opFunction(codebase, table, 'pin');
  return policy === 'refuses-all' && pin
    ? { op: 'pin', step: stepAt(codebase, pin.path, pin.outline.nameAt, `${pin.outline.name}() refuses every pin`) }
    : null;
}

/** Returns where attach, or else map, fails for every importer that cannot do peer-to-peer, whatever else holds; null where neither does. */
export function peerToPeerCheckOf(codebase: Codebase, table: OpsTable): PeerToPeerCheck | null {
  for (const op of ['attach', 'map_dma_buf'] as const) {
    const ref = opFunction(codebase, table, op);
    const check =
      ref &&
      codebase.program
        .lower(ref)
        .body.find(
          (statement) =>
            statement.kind === 'if' && alternatives(statement.test).some(isNotPeerToPeer) && fails(statement.then),
        );
    if (ref && check)
      return {
        op,
        step: stepAt(codebase, ref.path, check.at, `${ref.outline.name}() refuses importers without peer-to-peer`),
      };
  }
  return null;
}

/** Returns the op that always fails, by which nobody can use the buffer: attach before map; null where neither does. */
export function alwaysFails(codebase: Codebase, table: OpsTable): AlwaysFails | null {
  for (const slot of [...attachOps, mapOp] as const) {
    const ref = opFunction(codebase, table, slot);
    if (ref && returnsOnlyErrors(codebase, ref, deepestCallee))
      return {
        op: slot === mapOp ? slot : 'attach',
        step: stepAt(codebase, ref.path, ref.outline.nameAt, `${ref.outline.name}() always fails`),
      };
  }
  return null;
}

/** The tests of which each makes the whole test true: both sides of `a || b`. */
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

interface CheckSearch {
  readonly codebase: Codebase;
  readonly dialect: Dialect;
  /** The functions searched so far, by key. */
  readonly seen: Set<string>;
}

/** Where a function, or a callee, refuses an importer that has no callback or sets the marker; null where none does. */
function findCheck(search: CheckSearch, ref: FunctionRef, depth: number): TraceStep | null {
  const { codebase, dialect, seen } = search;
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
      found ??= statement.at; // a later test reads the variable
    }
  });
  if (found !== null)
    return stepAt(codebase, ref.path, found, `${ref.outline.name}() refuses importers that are not revocable`);
  if (depth === 0) return null;
  for (const { name } of callsIn(unit.body)) {
    const target = name ? codebase.definitions.findNear(name, ref.path) : undefined;
    const step = target && findCheck(search, target, depth - 1);
    if (step) return step;
  }
  return null;
}

/** Whether an expression asks if an importer is revocable: by the tree's helper, a marker field, or the callback itself. */
function asksRevocable(dialect: Dialect, test: Expression): boolean {
  if (test.kind === 'call' && test.callee.kind === 'name' && test.callee.name === dialect.revocableCheck) return true;
  if (test.kind === 'member' && test.object.kind === 'member' && test.object.member === importerOpsMember) {
    if (dialect.markers.some((marker) => marker.field === test.member)) return true;
    if (test.member === dialect.callback && !dialect.callbackRequired) return true;
  }
  return subexpressions(test).some((inner) => asksRevocable(dialect, inner));
}
