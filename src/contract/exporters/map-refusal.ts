// Does `map_dma_buf` refuse once the buffer is revoked?

import { type Expression, expressionsOf, subexpressions, visitStatements } from '../../c/index.js';
import { besidesRefusals, isErrorValue, makesMapping } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionAt, functionKey } from '../../program/index.js';
import { eventsInOrder } from '../calls/calls-in-order.js';
import { membersTested } from '../calls/path-conditions.js';
import type { MapAfterRevoke } from '../model/exporter.js';
import type { Invalidation } from '../model/revocation.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';
import { stateMembers } from '../tables/state-members.js';
import { fails, returnsOnlyErrors } from './error-paths.js';

const deepestCallee = 3;

/**
 * Returns whether `map_dma_buf` refuses once the buffer is revoked: whether it returns an error on state that the
 * revoking functions change. Null where the function is not known.
 */
export function mapAfterRevoke(
  codebase: Codebase,
  table: OpsTable,
  revocations: readonly Invalidation[],
): MapAfterRevoke | null {
  const ref = opFunction(codebase, table, 'map_dma_buf');
  if (!ref) return null;
  const about = { function: ref.outline.name, path: ref.path, at: ref.outline.nameAt };
  if (returnsOnlyErrors(codebase, ref, deepestCallee)) return { ...about, verdict: 'always-fails' };
  const state = stateMembers(
    codebase,
    revocations.flatMap((one) => revokingFunctions(codebase, one)),
  );
  if (refusesOn({ codebase, state, seen: new Set() }, ref, deepestCallee)) return { ...about, verdict: 'refuses' };
  return { ...about, verdict: mayRefuseUnseen(codebase, ref) ? 'unknown' : 'maps' };
}

/** The function that notifies, and its callers. */
function revokingFunctions(codebase: Codebase, { place, at, sequences }: Invalidation): readonly FunctionRef[] {
  const first = functionAt(codebase.program, place.file, at);
  const names = new Set(sequences.flatMap(({ functions }) => functions.slice(1)));
  const above = [...names].flatMap((name) => codebase.definitions.find(name, place.file) ?? []);
  return first ? [first, ...above] : above;
}

interface RefusalSearch {
  readonly codebase: Codebase;
  /** The members that the revocation changes. */
  readonly state: ReadonlySet<string>;
  /** The functions searched so far, by key. */
  readonly seen: Set<string>;
}

/** Whether a function, or a callee, returns an error on a member of the state. */
function refusesOn(search: RefusalSearch, ref: FunctionRef, depth: number): boolean {
  const { codebase, state, seen } = search;
  if (seen.has(functionKey(ref))) return false;
  seen.add(functionKey(ref));
  const asks = (test: Expression): boolean =>
    [...membersTested(codebase, ref, test)].some((member) => state.has(member));
  let refuses = false;
  visitStatements(codebase.program.lower(ref).body, (statement) => {
    if (refuses) return;
    if (statement.kind === 'if' && (fails(statement.then) || fails(statement.otherwise)))
      refuses = asks(statement.test);
    // In a switch, and in a helper that returns the state, any use of the state counts.
    else if (statement.kind === 'switch') refuses = asks(statement.subject);
    else if (statement.kind === 'return' && statement.value && depth < deepestCallee) refuses = asks(statement.value);
    for (const choice of expressionsOf(statement).flatMap(conditionalsIn))
      if (isErrorValue(choice.then) || isErrorValue(choice.otherwise)) refuses ||= asks(choice.test);
  });
  if (refuses || depth === 0) return refuses;
  return eventsInOrder(codebase, ref, -1, { depth: 0, isGoal: () => false }).some((event) => {
    const target = codebase.definitions.find(event.name, ref.path);
    return target !== undefined && !besidesRefusals.has(event.name) && refusesOn(search, target, depth - 1);
  });
}

function conditionalsIn(expression: Expression): readonly Extract<Expression, { kind: 'conditional' }>[] {
  return [
    ...(expression.kind === 'conditional' ? [expression] : []),
    ...subexpressions(expression).flatMap(conditionalsIn),
  ];
}

/** Whether a call before the mapping is made cannot be followed, and so may refuse. */
function mayRefuseUnseen(codebase: Codebase, ref: FunctionRef): boolean {
  const events = eventsInOrder(codebase, ref, -1, { depth: deepestCallee, isGoal: (name) => makesMapping(name) });
  const end = events.findIndex((event) => makesMapping(event.name));
  const before = end < 0 ? events : events.slice(0, end);
  return before.some((event) => event.isOpaque && !besidesRefusals.has(event.name));
}
