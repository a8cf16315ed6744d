/** What a function does to a reservation lock. */
export interface LockFunction {
  readonly effect: 'take' | 'drop' | 'assert';
  /** Index, 0-based, of the argument that is the lock, or the object that holds it. */
  readonly lock: number;
  /**
   * Index of the acquire context. With a context, taking a lock that is held already fails; without one, it waits for
   * ever.
   */
  readonly context: number | null;
  /** Whether a signal may interrupt it before it has the lock. */
  readonly isInterruptible: boolean;
  /** Whether it takes the lock for which a deadlock was avoided: it waits for the lock, and only a signal makes it fail. */
  readonly isSlow: boolean;
  /** What it returns. */
  readonly answer: 'zero-or-error' | 'true-or-false' | 'nothing';
}

const take = (
  context: number | null,
  answer: LockFunction['answer'],
  { isInterruptible = false, isSlow = false } = {},
): LockFunction => ({ effect: 'take', lock: 0, context, isInterruptible, isSlow, answer });
const drop: LockFunction = { ...take(null, 'nothing'), effect: 'drop' };
const assert: LockFunction = { ...take(null, 'nothing'), effect: 'assert' };

/**
 * The functions that take, drop and assert a reservation lock, one row each. The wrappers of subsystems and drivers are
 * found by looking into them.
 * Sources: include/linux/dma-resv.h, include/linux/ww_mutex.h; reservation_object_*() is the name before Linux 5.4.
 */
export const lockFunctions: ReadonlyMap<string, LockFunction> = new Map([
  ['dma_resv_lock', take(1, 'zero-or-error')],
  ['dma_resv_lock_interruptible', take(1, 'zero-or-error', { isInterruptible: true })],
  ['dma_resv_lock_slow', take(1, 'nothing', { isSlow: true })],
  ['dma_resv_lock_slow_interruptible', take(1, 'zero-or-error', { isInterruptible: true, isSlow: true })],
  ['dma_resv_trylock', take(null, 'true-or-false')],
  ['dma_resv_unlock', drop],
  ['dma_resv_assert_held', assert],
  ['ww_mutex_lock', take(1, 'zero-or-error')],
  ['ww_mutex_lock_interruptible', take(1, 'zero-or-error', { isInterruptible: true })],
  ['ww_mutex_lock_slow', take(1, 'nothing', { isSlow: true })],
  ['ww_mutex_lock_slow_interruptible', take(1, 'zero-or-error', { isInterruptible: true, isSlow: true })],
  ['ww_mutex_trylock', take(null, 'true-or-false')],
  ['ww_mutex_unlock', drop],
  ['reservation_object_lock', take(1, 'zero-or-error')],
  ['reservation_object_unlock', drop],
]);

/** What the functions of the lock under a reservation lock begin with. */
export const innerLockPrefix = 'ww_mutex_';

/** The functions for the lock under a reservation lock: its argument is a reservation lock only where it is part of one. */
export function isWaitWoundMutex(name: string): boolean {
  return name.startsWith(innerLockPrefix);
}

/**
 * The member of a buffer, and of a GEM object, that points to its reservation object. Sources: include/linux/dma-buf.h,
 * include/drm/drm_gem.h.
 */
export const reservationMember = 'resv';

/**
 * The error of a lock call if the context already holds the lock. Source: Documentation/locking/ww-mutex-design.rst.
 */
export const alreadyHeld = 'EALREADY';

/** The macro for the running task: a nesting lock stores it as its owner. Source: include/asm-generic/current.h. */
export const currentTask = 'current';

/**
 * The error of a lock call that a signal interrupts: the lock is not held then. It is the only error of a lock call without
 * an acquire context. Source: kernel/locking/ww_mutex.h.
 */
export const interruptedError = 'EINTR';

/**
 * A context that holds any number of reservation locks, from its first function to its last, whatever fails in between.
 * Source: include/drm/drm_exec.h.
 */
export const lockContext = {
  begin: 'drm_exec_init',
  end: 'drm_exec_fini',
  prefix: 'drm_exec_',
  /** The functions that lock the object in their second argument, or fail; `drop` unlocks it. */
  take: ['drm_exec_lock_obj', 'drm_exec_prepare_obj'],
  drop: 'drm_exec_unlock_obj',
} as const;

/** The functions with one effect on the lock. */
export function lockFunctionsThat(effect: LockFunction['effect']): readonly string[] {
  return [...lockFunctions].flatMap(([name, one]) => (one.effect === effect ? [name] : []));
}

/** The functions of a reservation lock that give up without it after a signal. */
export const interruptibleLocks: ReadonlySet<string> = new Set(
  [...lockFunctions].flatMap(([name, one]) => (one.isInterruptible && !isWaitWoundMutex(name) ? [name] : [])),
);

/** The header with the functions of the reservation lock, as `#include` names it. */
export const reservationInclude = 'linux/dma-resv.h';
export const reservationHeader = `include/${reservationInclude}`;

/** What the functions of a reservation object begin with: its lock, and the fences in it. */
export const reservationPrefix = 'dma_resv_';

/** Whether a call is about a reservation object: it locks one, waits for its fences, or changes them. */
export function isReservationFunction(name: string): boolean {
  return name.startsWith(reservationPrefix) || lockFunctions.has(name);
}

/**
 * Whether code, comments blanked out, uses the reservation lock: by the functions of its own header, or by those of the lock
 * inside it.
 */
export function usesReservationLock(code: string): boolean {
  return ownFunctions.test(code) || innerLock.test(code);
}

const ownFunctions = new RegExp(
  `\\b(?:${[...lockFunctions.keys()].filter((name) => name.startsWith(reservationPrefix)).join('|')})\\b`,
);
/** `ww_mutex_unlock(&obj->resv->lock)` */
const innerLock = new RegExp(
  `\\b(?:${[...lockFunctions.keys()].filter(isWaitWoundMutex).join('|')})\\s*\\(\\s*&[^;,]*\\b${reservationMember}\\s*(?:->|\\.)\\s*lock\\b`,
);

/** How a driver takes the reservation lock, and gives it back. */
export const takeReservation = 'dma_resv_lock';
export const dropReservation = 'dma_resv_unlock';
