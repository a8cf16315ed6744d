// Does unmap undo what a map does by functions of its driver, and undoes itself where it fails?

import {
  type CallInBody,
  callsIn,
  expressionText,
  type Statement,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import {
  freeFunctions,
  isErrorValue,
  isHarmless,
  isMappingStep,
  isPlainUnlock,
  undoesByName,
} from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import { eventsInOrder } from '../calls/calls-in-order.js';
import { fails } from '../exporters/error-paths.js';
import type { Undoing } from '../model/mappings.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';

/** Callees are followed this many calls deep. */
const deepestCallee = 4;

/** The ops that may undo what map did. */
const undoingOps = ['unmap_dma_buf', 'detach', 'release', 'unpin'] as const;

/**
 * Returns the calls of a map that it undoes where it fails later, and which nothing undoes where it succeeds. The function
 * that undoes is known by its name. What a function does that cannot be seen may undo it, too: nothing is said.
 */
export function ownStepsKept(
  codebase: Codebase,
  table: OpsTable,
  map: FunctionRef,
  unmap: FunctionRef,
): readonly Undoing[] {
  const { body } = codebase.program.lower(map);
  const calls = callsIn(body);
  const undoing = calls.filter((call) => isUnwinding(body, call) && mayUndo(call.name));
  return calls.flatMap((did): readonly Undoing[] => {
    if (did.name === null || did.around.length > 0 || isUnwinding(body, did)) return [];
    const name = did.name;
    const undo = undoing.find(
      (one) => one.name !== null && undoesByName(name, one.name) && sharesObject(did, one),
    )?.name;
    if (!undo || calls.some((one) => one.name === undo && !isUnwinding(body, one))) return [];
    if (undoingOps.some((op) => mayDo(codebase, opFunction(codebase, table, op), undo))) return [];
    const does = { ref: map, at: did.call.at, api: name };
    const stays = `what ${undo}() gives back where the map fails stays with each mapping`;
    return [{ kind: 'never', map, unmap, step: { stays }, does }];
  });
}

const mayUndo = (name: string | null): boolean =>
  name !== null && !isMappingStep(name) && !freeFunctions.has(name) && !isHarmless(name) && !isPlainUnlock(name);

/** Whether a call stands where the map has failed: in a branch that fails, or behind the return of the table. */
function isUnwinding(body: readonly Statement[], { call, around }: CallInBody): boolean {
  const isFailing = around.some(
    (outer) =>
      outer.kind === 'if' &&
      ((isWithin(outer.then, call.at, outer.otherwise) && fails(outer.then)) ||
        (outer.otherwise.length > 0 && call.at >= (outer.otherwise[0]?.at ?? 0) && fails(outer.otherwise))),
  );
  return isFailing || call.at > lastSuccess(body);
}

function isWithin(then: readonly Statement[], at: number, otherwise: readonly Statement[]): boolean {
  return at >= (then[0]?.at ?? Number.POSITIVE_INFINITY) && at < (otherwise[0]?.at ?? Number.POSITIVE_INFINITY);
}

/** The offset of the last return of something that is no error. */
function lastSuccess(body: readonly Statement[]): number {
  let last = Number.POSITIVE_INFINITY;
  visitStatements(body, (statement) => {
    if (statement.kind === 'return' && statement.value && !isErrorValue(statement.value)) last = statement.at;
  });
  return last;
}

/** Whether the call that undoes is about an object that the other call gets or returns. */
function sharesObject(did: CallInBody, undo: CallInBody): boolean {
  const objects = new Set(did.call.arguments.map(expressionText));
  return undo.call.arguments.some((argument) => objects.has(expressionText(argument)));
}

/** What a function that undoes calls for that itself: `__foo_unpin()` of `foo_unpin()`. */
function partsOf({ program, definitions }: Codebase, { path }: FunctionRef, undo: string): ReadonlySet<string> {
  const target = definitions.findNear(undo, path);
  const calls = target ? callsIn(program.lower(target).body) : [];
  return new Set(calls.flatMap(({ name }) => (name !== null && mayUndo(name) ? [name] : [])));
}

/** Whether an op undoes by this function, by what cannot be seen, or by counting down itself. */
function mayDo(codebase: Codebase, op: FunctionRef | undefined, undo: string): boolean {
  if (!op) return false;
  const events = eventsInOrder(codebase, op, -1, { depth: deepestCallee, isGoal: isMappingStep });
  const parts = partsOf(codebase, op, undo);
  if (events.some(({ name, isOpaque }) => name === undo || parts.has(name) || (isOpaque && !freeFunctions.has(name))))
    return true;
  let countsDown = false;
  for (const { body } of [op, ...events.map(({ point }) => point.ref)].map((ref) => codebase.program.lower(ref)))
    visitExpressions(body, (expression) => {
      if (expression.kind === 'update' && expression.operator.startsWith('--')) countsDown = true;
    });
  return countsDown;
}
