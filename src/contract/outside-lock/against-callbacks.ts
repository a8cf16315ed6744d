// What does a driver ask without the lock before it gives back what its callback may give back, too?

import { callsIn } from '../../c/index.js';
import { dmaBufCore } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, memoByFunction, plain } from '../../program/index.js';
import type { Importer } from '../model/importer.js';
import type { OutsideTest } from '../model/lifetimes.js';
import { areOfOtherTypes, lastName, rootTypes } from './member-types.js';
import { testFor } from './outside-tests.js';
import { clearedIn, type Take, undoneBy } from './stores.js';

/** A member that a callback, or a function that it calls, clears. */
interface Cleared {
  readonly ref: FunctionRef;
  readonly member: string;
}

/** How many calls below the callback may clear the member. */
const deepest = 3;

/**
 * Finds the questions whether something is there to give back that are asked without the lock under which it is given back,
 * where a callback gives it back under that lock and clears the member.
 */
export function findTestsAgainstCallbacks(
  codebase: Codebase,
  undos: readonly Take[],
  importers: readonly Importer[],
): readonly OutsideTest[] {
  const below = new Map(
    importers.flatMap(({ callback, table }) => {
      const ref = callback ? codebase.definitions.find(callback, table.path) : undefined;
      return ref ? calledBelow(codebase, ref).map((one) => [functionKey(one), one] as const) : [];
    }),
  );
  const undoing = new Set(undos.map(({ ref }) => functionKey(ref)));
  const cleared = [...below.values()]
    .filter((ref) => undoing.has(functionKey(ref)))
    .flatMap((ref) => clearedIn(codebase, ref, 0).map((member) => ({ ref, member })));
  if (cleared.length === 0) return [];
  return undos
    .filter(({ ref }) => ref.path !== dmaBufCore)
    .flatMap((undo) => testsBefore(codebase, undo))
    .filter(({ ref, member, test }) => {
      const isSame = (other: Cleared): boolean =>
        lastName(other.member) === lastName(member) &&
        !areOfOtherTypes(rootTypes(codebase, ref, member), rootTypes(codebase, other.ref, other.member));
      return !below.has(functionKey(test.ref)) && cleared.some(isSame);
    });
}

function testsBefore(codebase: Codebase, undo: Take): readonly OutsideTest[] {
  const question = `outside-undo\0${undo.api}\0${undo.call.at}`;
  const tests = (): readonly OutsideTest[] =>
    undoneBy(codebase, undo).flatMap((store) => testFor(codebase, undo, store) ?? []);
  return memoByFunction(codebase, undo.ref, question, tests, plain()).slice(0, 1);
}

/** A function and those that it calls in its module, a few calls deep. */
function calledBelow(codebase: Codebase, from: FunctionRef): readonly FunctionRef[] {
  const found = new Map([[functionKey(from), from]]);
  let level = [from];
  for (let depth = 0; depth < deepest; depth++) {
    const next = level.flatMap((ref) =>
      callsIn(codebase.program.lower(ref).body).flatMap(({ name }) =>
        name === null ? [] : (codebase.definitions.findInModule(name, ref.path) ?? []),
      ),
    );
    level = next.filter((ref) => !found.has(functionKey(ref)));
    for (const ref of level) found.set(functionKey(ref), ref);
  }
  return [...found.values()];
}
