// May a structure that one function frees have been released by another one before?

import { type CallExpression, callsIn, type Expression, stripCasts } from '../../c/index.js';
import { graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { apiFunction } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { partsOf, testsBefore } from './errors/asked-before.js';
import type { Free } from './frees.js';
import { type OwnerSearch, rootOf } from './members.js';

/**
 * Whether a free depends on how its object is, in the function that frees or in all that call it: a flag may say that all
 * is released already, or a count that another one, who releases, has ended with the object.
 */
export function dependsOnObject({ codebase }: OwnerSearch, { ref, call, object }: Free): boolean {
  if (asksOf(codebase, ref, call, [object])) return true;
  const callers = codebase.references.callersOf(ref);
  return callers.length > 0 && callers.every((one) => asksOf(codebase, one.caller, one.call, one.call.arguments));
}

/** Whether a test on the way to a call asks more of some objects than whether they are NULL. */
function asksOf(
  { program }: Codebase,
  ref: FunctionRef,
  call: CallExpression,
  objects: readonly Expression[],
): boolean {
  const unit = program.lower(ref);
  const names = new Set(objects.flatMap((object) => rootOf(object) ?? []));
  const isOf = (value: Expression): boolean => value.kind === 'member' && names.has(rootOf(value) ?? '');
  const isGiven = (value: Expression): boolean => {
    const bare = stripCasts(value);
    return bare.kind === 'name' && names.has(bare.name);
  };
  return testsBefore(unit, call).some((test) =>
    partsOf(unit, test, names).some((part) => isOf(part) || (part.kind === 'call' && part.arguments.some(isGiven))),
  );
}

/** How many calls deep, and how many callers up, a free is looked for. */
const deepest = 3;
const highest = 2;

/**
 * Whether a function that releases goes on to a free on every path, or all its callers do: where it may leave without one,
 * somebody else frees the object later.
 * @param frees the calls that free
 */
export function alwaysFrees(codebase: Codebase, ref: FunctionRef, frees: readonly Free[]): boolean {
  const releases = callsIn(codebase.program.lower(ref).body).flatMap(({ name, call }) =>
    apiFunction(name ?? '', call.arguments.length)?.effects.some(({ kind }) => kind === 'release') ? [call] : [],
  );
  return leadsToFree(codebase, ref, releases, frees, highest);
}

function leadsToFree(
  codebase: Codebase,
  ref: FunctionRef,
  from: readonly CallExpression[],
  frees: readonly Free[],
  height: number,
): boolean {
  const unit = codebase.program.lower(ref);
  const graph = graphOf(unit);
  const freeing = new Set(frees.map((free) => functionKey(free.ref)));
  const own = frees.flatMap((free) => (functionKey(free.ref) === functionKey(ref) ? [free.call] : []));
  const calls = callsIn(unit.body).flatMap(({ name, call }) => {
    const callee = name === null ? undefined : codebase.definitions.findInModule(name, ref.path);
    return callee && reaches(codebase, callee, freeing, deepest) ? [call] : [];
  });
  const stops = new Set([...own, ...calls].map((call) => nodeOfCall(graph, call)));
  const mayLeave = (start: number): boolean =>
    isReachable(graph, start, {
      isGoal: (node) => node.kind === 'return',
      isBlocked: (index) => stops.has(index),
      next: successors,
    });
  const leaves = from.some((call) => successors(graph.nodes[nodeOfCall(graph, call)]).some(mayLeave));
  if (from.length > 0 && !leaves) return true;
  const callers = codebase.references.callersOf(ref);
  return (
    height > 0 &&
    callers.length > 0 &&
    callers.every(({ caller, call }) => leadsToFree(codebase, caller, [call], frees, height - 1))
  );
}

function reaches(codebase: Codebase, ref: FunctionRef, goals: ReadonlySet<string>, depth: number): boolean {
  if (goals.has(functionKey(ref))) return true;
  return (
    depth > 0 &&
    callsIn(codebase.program.lower(ref).body).some(({ name }) => {
      const callee = name === null ? undefined : codebase.definitions.findInModule(name, ref.path);
      return callee !== undefined && reaches(codebase, callee, goals, depth - 1);
    })
  );
}
