import type { Expression } from '../../c/index.js';
import { type Codebase, originsOf } from '../../program/index.js';
import { type CourseEvent, calleesIn, membersAsked, type Standing, testsBefore } from '../calls/calls-in-order.js';
import type { FenceUsage, FenceWait } from '../model.js';
import { placeOf } from '../places.js';

const waits = /^(dma_resv_wait_\w+|ttm_bo_wait(?:_ctx)?|dma_fence_wait\w*)$/;
const usages: Readonly<Record<string, FenceUsage>> = {
  DMA_RESV_USAGE_KERNEL: 'kernel',
  DMA_RESV_USAGE_WRITE: 'write',
  DMA_RESV_USAGE_READ: 'read',
  DMA_RESV_USAGE_BOOKKEEP: 'bookkeep',
};

/** Whether a call of this name waits for fences. */
export function isFenceWait(name: string): boolean {
  return waits.test(name);
}

/** What a wait waits for, and whether each way after the notify call comes to it. */
export function fenceWaitOf(
  codebase: Codebase,
  event: CourseEvent,
  notify: { readonly standing: Standing },
  state: ReadonlySet<string>,
): FenceWait {
  const { ref, at, call } = event.standing;
  const { file, line } = placeOf(codebase, ref.path, at, null);
  const usage = event.name === 'dma_resv_wait_timeout' ? usageOf(codebase, event, call?.arguments[1]) : null;
  return { file, line, at, usage, missedBy: missedBy(codebase, event, notify.standing, state) };
}

/** The usage class that a wait is handed, followed up to the helper's callers; null where it is computed. */
function usageOf(codebase: Codebase, event: CourseEvent, argument: Expression | undefined): FenceUsage | null {
  const steps = [...event.chain, event.standing];
  const resolve = (value: Expression | undefined, level: number): readonly (FenceUsage | null)[] => {
    const step = steps[level];
    if (!value || !step) return [null];
    return originsOf(codebase.program.lower(step.ref), value).flatMap((origin): readonly (FenceUsage | null)[] => {
      if (origin.kind === 'variable') return [usages[origin.name] ?? null];
      if (origin.kind !== 'parameter' || origin.path.length > 0) return [null];
      return resolve(steps[level - 1]?.call?.arguments[origin.index], level - 1);
    });
  };
  return oneOf(resolve(argument, steps.length - 1));
}

/** Of several possible classes the widest, where none of them is the widest of all; null where they cannot be told. */
function oneOf(found: readonly (FenceUsage | null)[]): FenceUsage | null {
  const [first = null] = found;
  if (found.every((usage) => usage === first)) return first;
  if (found.includes(null) || found.includes('bookkeep')) return null;
  return found.includes('read') ? 'read' : 'write';
}

/** Line of a test between the notify call and the wait that some ways leave at, unless it asks what the revoking itself goes by. */
function missedBy(codebase: Codebase, event: CourseEvent, notify: Standing, state: ReadonlySet<string>): number | null {
  const outer = event.chain[0] ?? event.standing;
  const known = new Set(testsBefore(codebase, notify).map((test) => test.at));
  const tests = testsBefore(codebase, outer, notify.at).filter(
    (test) => !known.has(test.at) && !goesBy(codebase, notify, test, state),
  );
  const [first] = tests;
  return first ? placeOf(codebase, outer.ref.path, first.at, null).line : null;
}

/** Whether a test asks for fences, for the state that revoking sets, or for a variable, which may depend on either. */
function goesBy(codebase: Codebase, notify: Standing, test: Expression, state: ReadonlySet<string>): boolean {
  // No fence, no wait.
  if (calleesIn(test).some((name) => name.startsWith('dma_resv_'))) return true;
  if ([...membersAsked(codebase, notify.ref, test)].some((member) => state.has(member))) return true;
  return test.kind === 'name' || (test.kind === 'unary' && test.operand.kind === 'name');
}
