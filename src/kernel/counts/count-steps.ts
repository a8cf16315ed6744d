// What each function of the kernel's atomic numbers and reference counts does to the count.

import { nameTable } from '../names.js';

/** How a call changes a count: by a number, by an argument, or to an argument, by its index from 0. */
export type CountChange =
  | { readonly kind: 'by'; readonly number: number }
  | { readonly kind: 'by-argument'; readonly argument: number; readonly sign: 1 | -1 }
  | { readonly kind: 'to-argument'; readonly argument: number };

/**
 * What the call returns: the count as it was, or as it is then; whether it is 0 then; or whether it was raised, which it is
 * unless it was 0.
 */
export type CountResult = 'nothing' | 'before' | 'after' | 'is-zero' | 'was-raised';

/** What a call does to a count. */
export interface CountStep {
  /** The index of the argument that is the address of the count, from 0. */
  readonly count: number;
  readonly change: CountChange;
  readonly result: CountResult;
  /** Whether the count is a plain number, and not that of references. */
  readonly isPlain: boolean;
}

type CountRow = readonly [name: string, step: Omit<CountStep, 'isPlain'>];

const by = (number: number, result: CountResult = 'nothing'): Omit<CountStep, 'isPlain'> => ({
  count: 0,
  change: { kind: 'by', number },
  result,
});
/** `atomic_add(n, &x->users)`: the number comes first. */
const byFirst = (sign: 1 | -1, result: CountResult = 'nothing'): Omit<CountStep, 'isPlain'> => ({
  count: 1,
  change: { kind: 'by-argument', argument: 0, sign },
  result,
});
const toSecond = (result: CountResult = 'nothing'): Omit<CountStep, 'isPlain'> => ({
  count: 0,
  change: { kind: 'to-argument', argument: 1 },
  result,
});

/** The rows of one type of atomic number. Source: include/linux/atomic/atomic-instrumented.h. */
function atomicRows(type: string): readonly CountRow[] {
  const ordered = (name: string, step: Omit<CountStep, 'isPlain'>): readonly CountRow[] =>
    ['', '_relaxed', '_acquire', '_release'].map((order) => [`${type}_${name}${order}`, step] as const);
  return [
    [`${type}_inc`, by(1)],
    [`${type}_dec`, by(-1)],
    [`${type}_add`, byFirst(1)],
    [`${type}_sub`, byFirst(-1)],
    [`${type}_inc_not_zero`, by(1, 'was-raised')],
    [`${type}_inc_and_test`, by(1, 'is-zero')],
    [`${type}_dec_and_test`, by(-1, 'is-zero')],
    [`${type}_sub_and_test`, byFirst(-1, 'is-zero')],
    ...ordered('read', by(0, 'after')),
    ...ordered('set', toSecond()),
    ...ordered('xchg', toSecond('before')),
    ...ordered('inc_return', by(1, 'after')),
    ...ordered('dec_return', by(-1, 'after')),
    ...ordered('add_return', byFirst(1, 'after')),
    ...ordered('sub_return', byFirst(-1, 'after')),
    ...ordered('fetch_inc', by(1, 'before')),
    ...ordered('fetch_dec', by(-1, 'before')),
    ...ordered('fetch_add', byFirst(1, 'before')),
    ...ordered('fetch_sub', byFirst(-1, 'before')),
  ];
}

/** Sources: include/linux/refcount.h, kref.h. */
const referenceRows: readonly CountRow[] = [
  ['refcount_set', toSecond()],
  ['refcount_inc', by(1)],
  ['refcount_add', byFirst(1)],
  ['refcount_dec', by(-1)],
  ['refcount_inc_not_zero', by(1, 'was-raised')],
  ['refcount_dec_and_test', by(-1, 'is-zero')],
  ['refcount_sub_and_test', byFirst(-1, 'is-zero')],
  ['refcount_dec_and_lock', by(-1, 'is-zero')],
  ['refcount_dec_and_mutex_lock', by(-1, 'is-zero')],
  ['refcount_read', by(0, 'after')],
  ['kref_get', by(1)],
  ['kref_get_unless_zero', by(1, 'was-raised')],
  ['kref_read', by(0, 'after')],
];

/** What each function does to a count. */
export const countSteps: ReadonlyMap<string, CountStep> = new Map([
  ...['atomic', 'atomic64', 'atomic_long']
    .flatMap(atomicRows)
    .map(([name, step]): readonly [string, CountStep] => [name, { ...step, isPlain: true }]),
  ...referenceRows.map(([name, step]): readonly [string, CountStep] => [name, { ...step, isPlain: false }]),
]);

/** Whether a call gets a reference only if the object still has one: `kref_get_unless_zero()`. */
export function raisesUnlessGone(name: string): boolean {
  return countSteps.get(name)?.result === 'was-raised';
}

/** Whether a call lowers a count and says whether it is 0 then: `kref`'s own way to find the last user. */
export function tellsZero(name: string): boolean {
  const step = countSteps.get(name);
  return step?.result === 'is-zero' && !raisesCount(name);
}

/** The functions that lower a count and say whether it is 0 then. */
export const zeroTellers: readonly string[] = [...countSteps.keys()].filter(tellsZero);

/** Whether a call raises a count. */
export function raisesCount(name: string): boolean {
  const change = countSteps.get(name)?.change;
  return (change?.kind === 'by' && change.number > 0) || (change?.kind === 'by-argument' && change.sign > 0);
}

const initialCounts = nameTable({
  topic: 'initial counts',
  source: 'include/linux/types.h, include/linux/atomic/atomic-long.h, include/linux/refcount.h, include/linux/kref.h',
  names: ['ATOMIC{,64,_LONG}_INIT', 'REFCOUNT_INIT', 'KREF_INIT'],
});

/** Whether a macro makes a count of the number that is its argument: `atomic_t users = ATOMIC_INIT(1);`. */
export function makesCount(name: string): boolean {
  return initialCounts.has(name);
}

/** A count of which these are asked is 0 with the first user: it begins at -1, as `_mapcount` does. */
const belowZero = nameTable({
  topic: 'questions for a count that begins at -1',
  source: 'include/linux/atomic/atomic-instrumented.h',
  names: [
    '{atomic,atomic64,atomic_long}_inc_and_test',
    '{atomic,atomic64,atomic_long}_{add,sub}_negative{,_relaxed,_acquire,_release}',
    '{atomic,atomic64,atomic_long}_inc_unless_negative',
    '{atomic,atomic64,atomic_long}_dec_unless_positive',
  ],
});

/** Whether a call asks what only makes sense for a count that may be negative. */
export function asksForNegative(name: string): boolean {
  return belowZero.has(name);
}
