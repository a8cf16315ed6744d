// Which functions leave a reservation lock held or dropped for their callers, as far as their text shows?

import { lockContext, lockFunctions } from '../../../kernel/index.js';
import { type Codebase, folderOf, functionsIn, memoByFile, plain } from '../../../program/index.js';

/** A function with a longer body, in characters, is not a wrapper of a lock function. */
export const longestWrapper = 1500;
/** How many levels of helpers may lie between a function and the lock function. */
const deepestHelper = 3;

export type LockEffect = 'take' | 'drop';

/** A function that leaves a lock in another state than it found it. */
interface Helper {
  readonly name: string;
  readonly effect: LockEffect;
  readonly isStatic: boolean;
}

type EffectOf = (name: string) => LockEffect | undefined;

/**
 * The short functions of a file that take or drop a lock for their callers, directly or through helpers of the file.
 */
export function helpersIn(codebase: Codebase, path: string): readonly Helper[] {
  return memoByFile(codebase, path, 'lock-helpers', () => findHelpers(codebase, path, effectOfLock), plain());
}

/**
 * The same, by name, together with the helpers of the other files of the folder, and the functions that reach a lock
 * through them.
 * @param files the files of the tree that take or drop a lock themselves
 */
export function helpersNear(
  codebase: Codebase,
  path: string,
  files: () => readonly string[],
): ReadonlyMap<string, LockEffect> {
  const helpers = memoByFile(
    codebase,
    path,
    'lock-helpers-near',
    () => {
      const others = files().filter((other) => other !== path && folderOf(other) === folderOf(path));
      const shared = new Map(
        others.flatMap((other) =>
          helpersIn(codebase, other)
            .filter((helper) => !helper.isStatic || other.endsWith('.h'))
            .map(({ name, effect }) => [name, effect] as const),
        ),
      );
      const own =
        shared.size === 0
          ? helpersIn(codebase, path)
          : findHelpers(codebase, path, (name) => effectOfLock(name) ?? shared.get(name));
      return [...shared, ...own.map(({ name, effect }) => [name, effect] as const)];
    },
    plain(),
  );
  return new Map(helpers);
}

/**
 * The members of ops tables that hold such a helper: `.enter = foo_lock`. The tables are those of the files of a folder
 * that take or drop a lock.
 * @param files the files of the tree that take or drop a lock themselves
 */
export function lockingSlots(codebase: Codebase, path: string, files: () => readonly string[]): ReadonlySet<string> {
  const slots = memoByFile(
    codebase,
    path,
    'lock-slots',
    () =>
      [...files().filter((other) => folderOf(other) === folderOf(path))].flatMap((file) => {
        const helpers = helpersNear(codebase, file, files);
        const code = helpers.size > 0 ? (codebase.program.file(file)?.code ?? '') : '';
        return [...code.matchAll(/\.\s*(\w+)\s*=\s*&?\s*(\w+)\s*[,}]/g)].flatMap(([, slot = '', name = '']) =>
          helpers.has(name) ? [slot] : [],
        );
      }),
    plain(),
  );
  return new Set(slots);
}

function effectOfLock(name: string): LockEffect | undefined {
  if (name === lockContext.begin) return 'take';
  if (name === lockContext.end) return 'drop';
  const effect = lockFunctions.get(name)?.effect;
  return effect === 'assert' ? undefined : effect;
}

function findHelpers(codebase: Codebase, path: string, effectOf: EffectOf): readonly Helper[] {
  const short = functionsIn(codebase.program, path).filter(
    ({ outline }) => outline.end - outline.bodyStart < longestWrapper,
  );
  const found = new Map<string, Helper>();
  for (let round = 0; round < deepestHelper; round++) {
    const before = found.size;
    for (const ref of short) {
      const { name, isStatic } = ref.outline;
      if (found.has(name) || effectOf(name)) continue;
      const effect = effectOfBody(codebase.program.bodyText(ref), (one) => effectOf(one) ?? found.get(one)?.effect);
      if (effect) found.set(name, { name, effect, isStatic });
    }
    if (found.size === before) break;
  }
  return [...found.values()];
}

/** A call in a body that takes or drops a lock. */
interface Step {
  readonly effect: LockEffect;
  readonly at: number;
  /** How many blocks are open. */
  readonly depth: number;
}

/**
 * What a body leaves to the caller: a lock that it takes, if it drops none or drops it only on failure; or the caller's
 * lock, dropped. Undefined if it does neither, or both.
 */
export function effectOfBody(code: string, effectOf: EffectOf): LockEffect | undefined {
  const steps = stepsOf(code, effectOf);
  const takes = steps.filter(({ effect }) => effect === 'take');
  const drops = steps.filter(({ effect }) => effect === 'drop');
  const lastTake = takes.at(-1);
  const lastDrop = drops.at(-1);
  if (!lastTake || !lastDrop) return lastTake ? 'take' : lastDrop && 'drop';
  // A function that drops its caller's lock and takes it again leaves the lock as it was.
  if (steps[0]?.effect === 'drop') return undefined;
  const isTakenLast = lastTake.at > lastDrop.at;
  const isNested = drops.every(({ depth }) => depth > lastTake.depth);
  const isAtLabel = /\breturn\b[^;]*;\s*\w+\s*:/.test(code.slice(lastTake.at, lastDrop.at));
  return isTakenLast || isNested || isAtLabel ? 'take' : undefined;
}

function stepsOf(code: string, effectOf: EffectOf): readonly Step[] {
  const steps: Step[] = [];
  let depth = 0;
  for (const { 0: text, 1: name, index: at } of code.matchAll(/[{}]|(?<![>.]\s*)\b([A-Za-z_]\w*)\s*\(/g)) {
    if (name === undefined) depth += text === '{' ? 1 : -1;
    const effect = name === undefined ? undefined : effectOf(name);
    if (effect) steps.push({ effect, at, depth });
  }
  return steps;
}
