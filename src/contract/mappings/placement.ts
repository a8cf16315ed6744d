// Does unmap choose how to undo a mapping by where the buffer is now?

import { callsIn, type Statement, visitExpressions } from '../../c/index.js';
import { functionsWithRole, isNamedForPin, isPlacementMember, mappingSteps } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { type CodeEvent, eventsInOrder } from '../calls/calls-in-order.js';
import { membersTested } from '../calls/path-conditions.js';
import type { Undoing } from '../model/mappings.js';
import { functionsMatching } from '../tables/functions-matching.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';

/** Through how many calls what moves a buffer is followed. */
const deepestMove = 2;

type If = Extract<Statement, { kind: 'if' }>;

/**
 * Returns the test of an unmap that takes one way or the other by where the buffer is, though a buffer that nobody has
 * pinned may have moved since it was mapped.
 * @param done what map does, @param undone what unmap does
 */
export function undoneByPlacement(
  codebase: Codebase,
  table: OpsTable,
  map: FunctionRef,
  unmap: FunctionRef,
  done: readonly CodeEvent[],
  undone: readonly CodeEvent[],
): Undoing | null {
  const pin = opFunction(codebase, table, 'pin');
  if (!pin) return null;
  const test = splittingTest(unmap, undone);
  if (!test) return null;
  const movers = moversOf(codebase, table.path);
  const moved = membersWrittenBy(codebase, [pin, ...movers]);
  // What map notes down is of the mapping: it stays as it was.
  const noted = membersWrittenBy(codebase, [map]);
  const member = [...membersTested(codebase, unmap, test.test)].find(
    (one) => !noted.has(one) && (moved.has(one) || (isPlacementMember(one) && movers.length > 0)),
  );
  const step = mappingSteps.find(({ does }) => done.some(({ name }) => does.has(name)));
  const does = step && done.find(({ name }) => step.does.has(name));
  if (member === undefined || !step || !does || pinsItself(codebase, map, pin)) return null;
  return {
    map,
    unmap,
    step,
    does: { ref: does.point.ref, at: does.point.at, api: does.name },
    kind: 'placement',
    test: { ref: unmap, at: test.at, member },
  };
}

/** Whether map pins by the function of the driver that `.pin` calls: then the buffer stays where it is. */
function pinsItself({ program, definitions }: Codebase, map: FunctionRef, pin: FunctionRef): boolean {
  const pinning = new Set(callsIn(program.lower(pin).body).map(({ name }) => name));
  return callsIn(program.lower(map).body).some(
    ({ name }) =>
      name !== null && isNamedForPin(name) && pinning.has(name) && definitions.findNear(name, map.path) !== undefined,
  );
}

/** The `if` of unmap whose branches undo different steps; undefined where there is none. */
function splittingTest(unmap: FunctionRef, undone: readonly CodeEvent[]): If | undefined {
  const sides = new Map<If, { readonly ifTrue: Set<number>; readonly ifFalse: Set<number> }>();
  for (const { name, chain, point } of undone) {
    const step = mappingSteps.findIndex(({ undoes }) => undoes.has(name));
    const own = chain[0] ?? point;
    if (step < 0 || functionKey(own.ref) !== functionKey(unmap)) continue;
    for (const outer of own.around) {
      if (outer.kind !== 'if') continue;
      const side = sides.get(outer) ?? { ifTrue: new Set<number>(), ifFalse: new Set<number>() };
      sides.set(outer, side);
      const isOther = own.at >= (outer.otherwise[0]?.at ?? Number.POSITIVE_INFINITY);
      side[isOther ? 'ifFalse' : 'ifTrue'].add(step);
    }
  }
  const isSplit = ({ ifTrue, ifFalse }: { readonly ifTrue: Set<number>; readonly ifFalse: Set<number> }): boolean =>
    [...ifTrue].some((step) => !ifFalse.has(step)) && [...ifFalse].some((step) => !ifTrue.has(step));
  return [...sides].find(([, side]) => isSplit(side))?.[0];
}

const notifyCall = new RegExp(`\\b(?:${functionsWithRole('notify').join('|')})\\s*\\(`, 'g');

/** The functions of a module that tell importers of a move. */
function moversOf(codebase: Codebase, path: string): readonly FunctionRef[] {
  return codebase.definitions.module(path).flatMap((file) => functionsMatching(codebase, file, notifyCall));
}

/** The members that functions and their callees write: where they are those of the buffer, they change as it moves. */
function membersWrittenBy(codebase: Codebase, roots: readonly FunctionRef[]): ReadonlySet<string> {
  const refs = new Map<string, FunctionRef>();
  for (const root of roots) {
    const events = eventsInOrder(codebase, root, -1, { depth: deepestMove, isGoal: () => false });
    for (const ref of [root, ...events.map(({ point }) => point.ref)]) refs.set(functionKey(ref), ref);
  }
  const found = new Set<string>();
  for (const ref of refs.values())
    visitExpressions(codebase.program.lower(ref).body, (expression) => {
      if (expression.kind === 'assignment' && expression.target.kind === 'member') found.add(expression.target.member);
    });
  return found;
}
