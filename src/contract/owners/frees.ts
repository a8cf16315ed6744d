// Which functions free a structure?

import type { Expression } from '../../c/index.js';
import { type CallExpression, callsIn } from '../../c/index.js';
import { freeFunctions, isNamedForAllocation, managedFree, slabFree } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFile, originsOf } from '../../program/index.js';
import { functionsMatching } from '../tables/functions-matching.js';
import { type OwnerSearch, rootOf, tagOf, withoutCasts } from './members.js';

/** A call that frees a structure. */
export interface Free {
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  /** The expression that is freed. */
  readonly object: Expression;
}

// What devm_kfree() frees belongs to a device, which frees it in the end without asking.
const unmanaged = new Set([...freeFunctions].filter((name) => name !== managedFree));
const freeWord = new RegExp(`\\b(?:${[...unmanaged, slabFree].join('|')})\\s*\\(`, 'g');

/** Returns the calls in some files that free a structure of one of these tags. */
export function freesOf(search: OwnerSearch, tags: ReadonlySet<string>, files: readonly string[]): readonly Free[] {
  return files.flatMap((path) =>
    freesIn(search, path).filter(({ ref, object }) => tags.has(tagOf(search, ref, object) ?? '')),
  );
}

/** All calls of a file that free something. */
function freesIn({ codebase }: OwnerSearch, path: string): readonly Free[] {
  return memoByFile(codebase, path, 'frees', () =>
    functionsMatching(codebase, path, freeWord).flatMap((ref) =>
      callsIn(codebase.program.lower(ref).body).flatMap(({ call, name }) => {
        const object = name === slabFree ? call.arguments[1] : call.arguments[0];
        return name !== null && object && (name === slabFree || unmanaged.has(name)) ? [{ ref, call, object }] : [];
      }),
    ),
  );
}

/** Whether a function has allocated the object that an expression leads to: nobody else has filled it. */
export function isFresh(codebase: Codebase, ref: FunctionRef, value: Expression): boolean {
  const root = rootOf(value);
  if (root === null) return false;
  const origins = originsOf(codebase.program.lower(ref), { kind: 'name', name: root, at: withoutCasts(value).at });
  return origins.some(
    (origin) =>
      origin.kind === 'call' && origin.call.callee.kind === 'name' && isNamedForAllocation(origin.call.callee.name),
  );
}
