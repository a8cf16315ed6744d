// Does an exporter's pin move the memory?

import { besidesMoves, isFenceWait, startsMove } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import { eventsInOrder } from '../calls/calls-in-order.js';
import type { PinMove } from '../model/exporter.js';
import { stepAt } from '../places.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';

const deepestCallee = 3;

/** Returns the move that an exporter's `.pin` may start, and whether `.pin` then waits for fences; null where it starts none. */
export function pinMoveOf(codebase: Codebase, table: OpsTable): PinMove | null {
  const ref = opFunction(codebase, table, 'pin');
  if (!ref) return null;
  const events = eventsInOrder(codebase, ref, -1, {
    depth: deepestCallee,
    isGoal: (name) => startsMove(name) || isFenceWait(name) || besidesMoves.has(name),
  });
  const first = events.findIndex(({ name }) => startsMove(name));
  const move = events[first];
  if (!move) return null;
  const after = events.slice(first + 1);
  const steps = [...move.chain, move.point].map(({ ref: inside, at }, level, all) =>
    stepAt(
      codebase,
      inside.path,
      at,
      level === all.length - 1
        ? `${inside.outline.name}() may start a move here with ${move.name}()`
        : `${inside.outline.name}() calls ${all[level + 1]?.ref.outline.name}()`,
    ),
  );
  return {
    path: ref.path,
    at: ref.outline.nameAt,
    steps,
    waitsForFences: after.some(({ name }) => isFenceWait(name)),
    opaque: after.find((event) => event.isOpaque && !besidesMoves.has(event.name))?.name ?? null,
  };
}
