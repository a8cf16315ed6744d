// Does a wait end when the importers have unmapped?

import { type FunctionUnit, visitExpressions } from '../../c/index.js';
import { besidesUnmapWaits, isDrop, isUnmapWait } from '../../kernel/index.js';
import { type Codebase, functionKey } from '../../program/index.js';
import { type CodeEvent, eventsInOrder } from '../calls/calls-in-order.js';
import type { ProgramPoint } from '../calls/program-point.js';
import type { UnmapWait } from '../model/revocation.js';
import { placeOf } from '../places.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';
import { fieldOf, fieldsIn } from '../tables/state-members.js';

const deepestCallee = 3;

/** What an exporter's `unmap_dma_buf` touches. A wait for one of these fields ends with the unmaps. */
export interface UnmapOp {
  readonly fields: ReadonlySet<string>;
  /** Whether all code that it runs is known. */
  readonly isKnown: boolean;
}

/** Reads what the `unmap_dma_buf` of a table touches, in its callees too. */
export function readUnmapOp(codebase: Codebase, table: OpsTable): UnmapOp {
  const ref = opFunction(codebase, table, 'unmap_dma_buf');
  if (!ref) return { fields: new Set(), isKnown: false };
  const events = eventsInOrder(codebase, ref, -1, { depth: deepestCallee, isGoal: () => false });
  const refs = new Map([ref, ...events.map((event) => event.point.ref)].map((one) => [functionKey(one), one]));
  // A function passed as an argument, such as the release function of a kref, runs for the unmap too.
  for (const { point } of events)
    for (const argument of point.call?.arguments ?? []) {
      const target = argument.kind === 'name' ? codebase.definitions.find(argument.name, point.ref.path) : undefined;
      if (target) refs.set(functionKey(target), target);
    }
  const fields = new Set<string>();
  for (const one of refs.values())
    visitExpressions(codebase.program.lower(one).body, (expression) => {
      for (const field of fieldOf(expression)) fields.add(field);
    });
  return { fields, isKnown: !events.some((event) => mayWaitUnseen(event)) };
}

/** Returns whether a call cannot be followed, and so may wait. */
export function mayWaitUnseen(event: CodeEvent): boolean {
  const { name } = event;
  return !besidesUnmapWaits.has(name) && !isUnmapWait(name) && !isDrop(name) && event.isOpaque;
}

/**
 * Returns the wait that an event is, where unmaps end it or may end it; null for any other event.
 * @param isUnlocked whether the code has dropped the reservation lock by then
 */
export function unmapWaitOf(
  codebase: Codebase,
  event: CodeEvent,
  unmap: UnmapOp,
  isUnlocked: boolean,
): UnmapWait | null {
  const { point } = event;
  const isCall = isUnmapWait(event.name);
  if (!isCall && event.kind !== 'loop') return null;
  const fields = isCall ? waitedFor(codebase, event) : loopFields(codebase.program.lower(point.ref), point);
  const field = [...fields].find((candidate) => unmap.fields.has(candidate)) ?? null;
  // A wait for something that the code does not show may be the right one. A loop may be anything.
  const isUnclear = isCall && (fields.size === 0 || !unmap.isKnown);
  if (field === null && !isUnclear) return null;
  const { file, line } = placeOf(codebase, point.ref.path, point.at, null);
  return { file, line, at: point.at, field, underLock: !isUnlocked };
}

/** The fields that a wait names in its arguments, or else those in the arguments of the helper that contains it. */
function waitedFor(codebase: Codebase, event: CodeEvent): ReadonlySet<string> {
  for (const point of [event.point, ...[...event.chain].reverse()]) {
    const unit = codebase.program.lower(point.ref);
    const fields = new Set((point.call?.arguments ?? []).flatMap((argument) => [...fieldsIn(unit, argument)]));
    if (fields.size > 0) return fields;
  }
  return new Set();
}

function loopFields(unit: FunctionUnit, { statement }: ProgramPoint): ReadonlySet<string> {
  return statement.kind === 'while' || statement.kind === 'do' ? fieldsIn(unit, statement.test) : new Set();
}
