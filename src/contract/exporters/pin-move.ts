import type { Codebase } from '../../program/index.js';
import { courseOf } from '../calls/calls-in-order.js';
import type { PinMove } from '../model.js';
import { stepAt } from '../places.js';
import type { OpsTable } from '../tables/tables.js';
import { isFenceWait } from './fence-waits.js';
import { opFunction } from './refusal.js';

/** Calls after which a copy of the memory may be under way: TTM's, and the fence of a copy of one's own. */
const moves = /^(ttm_bo_validate|ttm_bo_handle_move_mem|dma_resv_add_(?:excl_)?fence)$/;
const bystanders = /^(ttm_bo_\w+|kref_\w+|dma_buf_\w+|drm_gem_\w+|drm_\w*print\w*)$/;
const deepestCallee = 3;

/** The move that an exporter's `.pin` may start, and whether it waits for the fences afterwards; null where it moves nothing. */
export function pinMoveOf(codebase: Codebase, table: OpsTable): PinMove | null {
  const ref = opFunction(codebase, table, 'pin');
  if (!ref) return null;
  const course = courseOf(codebase, ref, -1, {
    depth: deepestCallee,
    isGoal: (name) => moves.test(name) || isFenceWait(name) || bystanders.test(name),
  });
  const first = course.findIndex(({ name }) => moves.test(name));
  const move = course[first];
  if (!move) return null;
  const after = course.slice(first + 1);
  const steps = [...move.chain, move.standing].map(({ ref: inside, at }, level, all) =>
    stepAt(
      codebase,
      inside.path,
      at,
      level === all.length - 1
        ? `${inside.outline.name}() may start a move here, by ${move.name}()`
        : `${inside.outline.name}() leads on to ${all[level + 1]?.ref.outline.name}()`,
    ),
  );
  return {
    path: ref.path,
    at: ref.outline.nameAt,
    steps,
    waitsForFences: after.some(({ name }) => isFenceWait(name)),
    opaque: after.find((event) => event.isOpaque && !bystanders.test(event.name))?.name ?? null,
  };
}
