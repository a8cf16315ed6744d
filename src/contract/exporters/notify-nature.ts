// Does a notify call revoke or move?

import { callsIn, visitExpressions } from '../../c/index.js';
import { isFalseConstant, isReservationWait, isUnmapWait, setterOf } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { Invalidation, RevocationEvidence, RevokeSequence } from '../model/revocation.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';
import { refusesWhenSet } from './error-paths.js';
import { revokeSequences } from './revoke-sequence.js';
import { revokeWays } from './revoke-ways.js';

/**
 * Returns whether a notify call revokes or moves, and what the code after it waits for: in its function, in helpers and
 * in callers.
 * @param ref the function that calls
 * @param at offset of the call
 */
export function classifyNotify(
  codebase: Codebase,
  ref: FunctionRef,
  at: number,
  table: OpsTable,
): Omit<Invalidation, 'place' | 'at'> {
  const around = neighbourhood(codebase, ref, at);
  const after = around.flatMap(({ ref: other, from }) => callNamesAfter(codebase, other, from));
  const waitsForUnmap = after.some((name) => isUnmapWait(name));
  const map = opFunction(codebase, table, 'map_dma_buf');
  const flag = around
    .flatMap(({ ref: other }) => membersSet(codebase, other))
    .find((member) => /revok/i.test(member) || (map !== undefined && refusesWhenSet(codebase, map, member, 1)));
  const named = around.find(({ ref: other }) => /revok/i.test(other.outline.name))?.ref.outline.name;
  const sequences = flag || waitsForUnmap || named ? revokeSequences(codebase, ref, at, table) : [];
  const revokes = evidenceOf(flag, named, sequences);
  return {
    revokes,
    isCertain: flag !== undefined || sequences.some(({ unmapWaits }) => unmapWaits.some((wait) => wait.field !== null)),
    sequences: revokes === null ? [] : sequences,
    ways: revokes === null ? [] : revokeWays(codebase, ref),
    waitsForFences: after.some((name) => isReservationWait(name)),
    waitsForUnmap,
  };
}

function evidenceOf(
  flag: string | undefined,
  named: string | undefined,
  sequences: readonly RevokeSequence[],
): RevocationEvidence | null {
  if (flag) return { kind: 'sets-flag', member: flag };
  // A move may wait too, for its copy: only a wait that the unmaps end makes a revocation.
  if (sequences.some(({ unmapWaits }) => unmapWaits.length > 0)) return { kind: 'waits-for-unmaps' };
  return named === undefined ? null : { kind: 'function-name', function: named };
}

/** A function near a notify call. */
interface Neighbour {
  readonly ref: FunctionRef;
  /** Calls after this offset come after the notify call. */
  readonly from: number;
}

/** The function of a notify call, its small helpers, and its callers two levels up, all in one module. */
function neighbourhood(codebase: Codebase, ref: FunctionRef, at: number): readonly Neighbour[] {
  const found = new Map<string, Neighbour>([[functionKey(ref), { ref, from: at }]]);
  const add = (other: FunctionRef, from: number): void => {
    if (!found.has(functionKey(other))) found.set(functionKey(other), { ref: other, from });
  };
  const module = new Set(codebase.definitions.module(ref.path));
  for (const { name, call } of callsIn(codebase.program.lower(ref).body)) {
    const callee = name ? codebase.definitions.findNear(name, ref.path) : undefined;
    // The waits of a helper count only where it is called after the notify call; the flags that it sets always count.
    if (callee && module.has(callee.path) && isSmall(callee))
      add(callee, call.at > at ? callee.outline.start : callee.outline.end);
  }
  const addCallers = (below: FunctionRef, depth: number): void => {
    if (depth === 0) return;
    for (const { caller, call } of codebase.references.callersOf(below)) {
      if (!module.has(caller.path) || found.has(functionKey(caller))) continue;
      add(caller, call.at);
      addCallers(caller, depth - 1);
    }
  };
  addCallers(ref, 2);
  return [...found.values()];
}

function isSmall(ref: FunctionRef): boolean {
  return ref.outline.end - ref.outline.bodyStart < 2000;
}

function callNamesAfter(codebase: Codebase, ref: FunctionRef, from: number): readonly string[] {
  return callsIn(codebase.program.lower(ref).body).flatMap(({ name, call }) =>
    name !== null && call.at > from ? [name] : [],
  );
}

/** The members that a function sets to something other than false, 0 and NULL. */
function membersSet(codebase: Codebase, ref: FunctionRef): readonly string[] {
  const members: string[] = [];
  visitExpressions(codebase.program.lower(ref).body, (expression) => {
    if (
      expression.kind === 'assignment' &&
      expression.target.kind === 'member' &&
      expression.operator === '=' &&
      !isFalseConstant(expression.value)
    )
      members.push(expression.target.member);
    const setter =
      expression.kind === 'call' && expression.callee.kind === 'name' ? setterOf(expression.callee.name) : undefined;
    if (expression.kind === 'call' && setter) {
      const target = expression.arguments[setter.target];
      const value = setter.value === null ? undefined : expression.arguments[setter.value];
      const bare = target?.kind === 'unary' ? target.operand : target;
      if (bare?.kind === 'member' && !(value && isFalseConstant(value))) members.push(bare.member);
    }
  });
  return members;
}
