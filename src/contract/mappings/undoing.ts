// Does an exporter's `unmap_dma_buf` undo what its `map_dma_buf` did?

import { isMappingStep, type MappingStep, mappingSteps } from '../../kernel/index.js';
import { type Codebase, type Form, type FunctionRef, functionKey, memoByFunction } from '../../program/index.js';
import { type CodeEvent, eventsInOrder } from '../calls/calls-in-order.js';
import type { Undoing } from '../model/mappings.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';
import { undoingTest } from './conditional-undoing.js';
import { earlierUndone } from './earlier-directions.js';
import { invertedSteps } from './inverted-tests.js';
import { ownStepsKept } from './own-steps.js';
import { undoneByPlacement } from './placement.js';
import { directionsOf } from './step-directions.js';

/** Callees are followed this many calls deep. */
const deepestCallee = 4;

/** Returns what the unmaps of an exporter do not undo, or undo in another direction. */
export function undoingsOf(codebase: Codebase, table: OpsTable): readonly Undoing[] {
  return [...undoingsOfMap(codebase, table), ...keptForAccess(codebase, table)];
}

/** Returns how release undoes a mapping that access of the CPU made for the buffer, where it does so in another direction. */
function keptForAccess(codebase: Codebase, table: OpsTable): readonly Undoing[] {
  const [begin, end, release] = (['begin_cpu_access', 'end_cpu_access', 'release'] as const).map((op) =>
    opFunction(codebase, table, op),
  );
  if (!begin || !release || table.unreadable) return [];
  const done = eventsOf(codebase, begin);
  return mappingSteps.flatMap((step): readonly Undoing[] => {
    const does = done.filter(({ name }) => step.does.has(name));
    const [first] = does;
    if (!first || (end && eventsOf(codebase, end).some(({ name }) => step.undoes.has(name)))) return [];
    const undoes = eventsOf(codebase, release).filter(({ name }) => step.undoes.has(name));
    return directionsOf(codebase, does, undoes, { map: begin, unmap: release, step, does: pointOf(first) });
  });
}

function undoingsOfMap(codebase: Codebase, table: OpsTable): readonly Undoing[] {
  const map = opFunction(codebase, table, 'map_dma_buf');
  const unmap = opFunction(codebase, table, 'unmap_dma_buf');
  if (!map || !unmap || table.unreadable) return [];
  // The answer is about the functions that the table names.
  const ops = table.members.map(({ field, functionName }) => [field, functionName]);
  const question = `undoings\0${JSON.stringify([table.path, functionKey(unmap), ops])}`;
  return memoByFunction(codebase, map, question, () => findUndoings(codebase, table, map, unmap), undoingsForm);
}

/** Of a step only that is kept which is said of it. */
const undoingsForm: Form<readonly Undoing[]> = {
  pack: (undoings) => undoings.map(({ step, ...rest }): PackedUndoing => [step.stays, rest]),
  unpack: (packed) =>
    (packed as readonly PackedUndoing[]).map(
      ([stays, rest]): Undoing => ({ ...(rest as UnpackedRest), step: { stays } }),
    ),
};

type UnpackedRest = Omit<Undoing, 'step'> & Undoing;
type PackedUndoing = readonly [stays: string, rest: object];

function findUndoings(codebase: Codebase, table: OpsTable, map: FunctionRef, unmap: FunctionRef): readonly Undoing[] {
  const done = eventsOf(codebase, map);
  const undone = eventsOf(codebase, unmap);
  const placement = undoneByPlacement(codebase, table, map, unmap, done, undone);
  const others = [...invertedSteps(map, unmap, done), ...ownStepsKept(codebase, table, map, unmap)];
  const known = mappingSteps.flatMap((step): readonly Undoing[] => {
    const does = done.filter(({ name }) => step.does.has(name));
    const [first] = does;
    if (!first || isUndoneAtOnce(codebase, step, done, first)) return [];
    const undoes = undone.filter(({ name }) => step.undoes.has(name));
    const about = { map, unmap, step, does: pointOf(first) };
    const earlier = done.filter(({ name }) => step.undoes.has(name));
    const undoneNew = earlierUndone(codebase, does, earlier, about);
    if (undoneNew.length > 0) return undoneNew;
    if (undoes.length > 0) {
      const test = undoingTest(codebase, map, does, undoes);
      return test ? [{ ...about, kind: 'sometimes', test }] : directionsOf(codebase, does, undoes, about);
    }
    return !step.mayBeBrief && isSurelyKept(codebase, table, step, undone) ? [{ ...about, kind: 'never' }] : [];
  });
  if (!placement) return [...others, ...known];
  // A step that is undone under a condition only is what the placement says.
  return [placement, ...others, ...known.filter(({ kind }) => kind !== 'sometimes')];
}

function eventsOf(codebase: Codebase, ref: FunctionRef): readonly CodeEvent[] {
  return eventsInOrder(codebase, ref, -1, { depth: deepestCallee, isGoal: isMappingStep });
}

/** A call, and the function that it stands in. */
function pointOf({ point, name }: CodeEvent): Undoing['does'] {
  return { ref: point.ref, at: point.at, api: name };
}

/** Whether no code undoes the step: nothing that is reached by an op is out of sight. */
function isSurelyKept(codebase: Codebase, table: OpsTable, step: MappingStep, undone: readonly CodeEvent[]): boolean {
  if (undone.some(({ isOpaque }) => isOpaque)) return false;
  return step.laterOps.every((op) => {
    const ref = opFunction(codebase, table, op);
    if (!ref) return true;
    const events = eventsOf(codebase, ref);
    return !events.some(({ name, isOpaque }) => isOpaque || step.undoes.has(name));
  });
}

/** Whether map undoes the step on its way to success: it maps only to find out whether it can. */
function isUndoneAtOnce(
  codebase: Codebase,
  { does, undoes }: MappingStep,
  done: readonly CodeEvent[],
  { point: first }: CodeEvent,
): boolean {
  return done.some(({ name, point }) => {
    if (!undoes.has(name) || functionKey(point.ref) !== functionKey(first.ref) || point.at < first.at) return false;
    const { body } = codebase.program.lower(point.ref);
    const isUnwinding = body.some(({ kind, at }) => kind === 'label' && at > first.at && at < point.at);
    return point.around.length === 0 && !isUnwinding && !does.has(name);
  });
}
