import { nameTable, union } from '../names.js';

const reservationWaits = nameTable({
  topic: 'of a reservation object',
  source: 'include/linux/dma-resv.h',
  names: ['dma_resv_wait_?*'],
});

const fenceWaits = union(
  reservationWaits,
  nameTable(
    { topic: 'of one fence', source: 'include/linux/dma-fence.h', names: ['dma_fence_wait*'] },
    {
      topic: 'of a buffer object',
      source: 'include/drm/ttm/ttm_bo.h; include/drm/ttm/ttm_bo_api.h up to Linux 6.1',
      names: ['ttm_bo_wait', 'ttm_bo_wait_ctx'],
    },
  ),
);

/** Whether a call of this name waits for fences. */
export function isFenceWait(name: string): boolean {
  return fenceWaits.has(name);
}

/** The wait whose second argument is the class of fences. Source: include/linux/dma-resv.h. */
export const reservationWait = { name: 'dma_resv_wait_timeout', usage: 1 } as const;

/**
 * The name that a header declares for the wait on a reservation object.
 * @param header the text of include/linux/dma-resv.h, or an empty text
 */
export function reservationWaitIn(header: string): string {
  return declaredWait.exec(header)?.[1] ?? reservationWait.name;
}

// dma_resv_wait_timeout_rcu() before Linux 5.14.
const declaredWait = new RegExp(`\\b(${reservationWait.name}\\w*)\\(`);

/** Whether a call of this name waits for the fences of a reservation object: for all of them, not for one that a driver knows. */
export function isReservationWait(name: string): boolean {
  return reservationWaits.has(name);
}

/** The classes of fences, from the narrowest to the widest. Source: enum dma_resv_usage in include/linux/dma-resv.h. */
export const fenceUsages = [
  { usage: 'kernel', constant: 'DMA_RESV_USAGE_KERNEL' },
  { usage: 'write', constant: 'DMA_RESV_USAGE_WRITE' },
  { usage: 'read', constant: 'DMA_RESV_USAGE_READ' },
  { usage: 'bookkeep', constant: 'DMA_RESV_USAGE_BOOKKEEP' },
] as const;

export type FenceUsageName = (typeof fenceUsages)[number]['usage'];

/** The class that a constant names; null for any other name. */
export function fenceUsage(constant: string): FenceUsageName | null {
  return fenceUsages.find((row) => row.constant === constant)?.usage ?? null;
}

/** The constant of the class that holds every fence: what a revocation waits for. */
export const widestUsage = 'DMA_RESV_USAGE_BOOKKEEP' satisfies (typeof fenceUsages)[number]['constant'];

const unmapWaits = nameTable(
  { topic: 'completions', source: 'include/linux/completion.h', names: ['wait_for_completion*'] },
  { topic: 'wait queues', source: 'include/linux/wait.h, swait.h', names: ['{,s}wait_event*'] },
  { topic: 'variables and bits', source: 'include/linux/wait_bit.h', names: ['wait_var_event*', 'wait_on_?*'] },
  { topic: 'work', source: 'include/linux/workqueue.h', names: ['flush_work*', 'drain_workqueue'] },
);

/** Whether a call of this name waits until somebody else is done: by such a wait an exporter waits for the unmaps. */
export function isUnmapWait(name: string): boolean {
  return unmapWaits.has(name);
}

const moves = nameTable(
  {
    topic: 'of a buffer object',
    source: 'include/drm/ttm/ttm_bo.h, drivers/gpu/drm/ttm/ttm_bo.c',
    names: ['ttm_bo_validate', 'ttm_bo_handle_move_mem'],
  },
  {
    topic: 'by a copy of its own',
    source: 'include/linux/dma-resv.h; the exclusive one up to Linux 5.18',
    names: ['dma_resv_add_{,excl_}fence'],
  },
);

/** Whether after a call of this name the memory may be on its way: TTM moves it, or a copy has a fence. */
export function startsMove(name: string): boolean {
  return moves.has(name);
}
