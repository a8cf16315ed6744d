import { functionsWithRole, referenceFunctions, weakFileGets } from '../api/api.js';
import { type NameTable, nameTable } from '../names.js';

/** Something that may be done once only, and the calls that allow it once more. */
interface OnceOnly {
  readonly drop: NameTable;
  /** Takes what the drop gives back. */
  readonly get: NameTable;
  /** Makes the object as it was at first. */
  readonly rearm: NameTable;
}

const onceOnly: readonly OnceOnly[] = [
  row('include/linux/kref.h', ['kref_put*'], ['kref_get*'], ['kref_init']),
  row('include/linux/refcount.h', ['refcount_dec*'], ['refcount_inc*'], ['refcount_set']),
  row(
    'include/linux/dma-buf.h, include/linux/fs.h',
    functionsWithRole('put'),
    // A reference to a buffer is a reference to its file.
    [...functionsWithRole('get'), ...referenceFunctions('ref'), ...weakFileGets],
    functionsWithRole('export'),
  ),
  row('include/linux/percpu-refcount.h', ['percpu_ref_kill*'], ['percpu_ref_{re,ini}?*'], ['percpu_ref_{re,ini}?*']),
  row('include/linux/completion.h', ['complete'], ['{,re}init_completion'], ['{,re}init_completion']),
];

function row(source: string, drop: readonly string[], get: readonly string[], rearm: readonly string[]): OnceOnly {
  const table = (topic: string, names: readonly string[]): NameTable => nameTable({ topic, source, names });
  return { drop: table('drop', drop), get: table('get', get), rearm: table('rearm', rearm) };
}

/** Whether a call of this name may be done once only. */
export function isDrop(name: string): boolean {
  return onceOnly.some(({ drop }) => drop.has(name));
}

/** Whether a call takes what a drop gives back. */
export function isGetFor(drop: string, name: string): boolean {
  return onceOnly.find((kind) => kind.drop.has(drop))?.get.has(name) ?? false;
}

/** Whether a call makes the object of a drop as it was at first. */
export function isRearmFor(drop: string, name: string): boolean {
  return onceOnly.find((kind) => kind.drop.has(drop))?.rearm.has(name) ?? false;
}

const counting = nameTable({
  topic: 'counts',
  source: 'include/linux/kref.h, refcount.h, atomic.h',
  names: ['kref_?*', 'refcount_?*', 'atomic_?*'],
});

/** Whether code, with its comments blanked out, tests or changes a count. */
export function mentionsCount(code: string): boolean {
  return counting.isIn(code);
}

const atomicSteps = nameTable({
  topic: 'counts that return their value',
  source: 'include/linux/atomic.h, refcount.h',
  names: [
    'atomic{,64,_long}_{inc,dec,add,sub}_{return,and_test}*',
    'atomic{,64,_long}_fetch_{inc,dec,add,sub}*',
    'refcount_dec_and_test',
  ],
});

/** Whether a call counts up or down, and returns the old or new count, or a test of it. */
export function countsAtomically(name: string): boolean {
  return atomicSteps.has(name);
}

/** Functions that count the references of an object by its struct kref. Source: include/linux/kref.h. */
export const kref = { tag: 'kref', init: 'kref_init', get: 'kref_get', put: 'kref_put' } as const;
/** The functions that drop a reference of a kref, and call their second argument where it was the last one. */
export const krefPuts: readonly string[] = [kref.put, 'kref_put_mutex', 'kref_put_lock'];

export function isKrefPut(name: string | null): boolean {
  return name !== null && krefPuts.includes(name);
}

const countReads = nameTable({
  topic: 'reads of a count',
  source: 'include/linux/atomic.h, refcount.h, kref.h',
  names: ['atomic{,64,_long}_read*', 'refcount_read', 'kref_read'],
});

/** Whether a call may change a count in a way that is not followed: `atomic_add(n, &x->users)`. */
export function changesCount(name: string): boolean {
  return counting.has(name) && !countReads.has(name);
}

/** What a function that is not of GEM does to the references of an object whose count is a member of the object. */
const memberRows: readonly (readonly [names: readonly string[], effect: 'get' | 'put'])[] = [
  [[kref.get, 'refcount_inc'], 'get'],
  [[...krefPuts, 'refcount_dec_and_test'], 'put'],
];

/** What each function does to the count that is its first argument: a member of the counted object. */
export const memberCounts: ReadonlyMap<string, 'get' | 'put'> = new Map(
  memberRows.flatMap(([names, effect]) => names.map((name) => [name, effect] as const)),
);

/** Functions that count the references of a `struct device`. Source: drivers/base/core.c. */
export const deviceCounts: ReadonlyMap<string, 'init' | 'get' | 'put'> = new Map([
  ['device_initialize', 'init'],
  ['device_register', 'init'],
  ['get_device', 'get'],
  ['put_device', 'put'],
  ['device_unregister', 'put'],
]);

/** The member of a `struct device` that holds the function that the last put calls. Source: device_release() there. */
export const deviceRelease = 'release';
