import { dmaBufCore } from '../../kernel/api.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { stepAt, type TraceStep } from '../places.js';

/** For each function of a module that knows a way to an API function, by {@link functionKey}: its first step. */
export type Reachers = ReadonlyMap<string, Way>;

/** A call that may be a step of a way. */
export interface ReachingCall {
  readonly ref: FunctionRef;
  readonly at: number;
  /** The function called. */
  readonly name: string;
  /** It is the API function that is called. */
  readonly isLast: boolean;
}

interface Way {
  readonly step: TraceStep;
  /** The function that the step calls; undefined where it calls the API function. */
  readonly next: FunctionRef | undefined;
}

/**
 * Which functions of a module reach one of a set of API functions by direct calls, found backwards and breadth first,
 * so that every way is a shortest one. The API's own file is no way: what it calls there, it calls for another.
 * @param counts whether a call may be part of a way
 */
export function findReachers(
  codebase: Codebase,
  names: readonly string[],
  module: readonly string[],
  counts: (call: ReachingCall) => boolean = () => true,
): Reachers {
  const mentions = new Set(codebase.program.mentions);
  const files = module.filter((path) => mentions.has(path) && path !== dmaBufCore);
  const ways = new Map<string, Way>();
  const queue: FunctionRef[] = [];
  const addCallers = (name: string, next: FunctionRef | undefined): void => {
    for (const { path, at, inside, isCall } of codebase.references.of(name, files)) {
      if (!inside || !isCall || at < inside.outline.bodyStart || ways.has(functionKey(inside))) continue;
      if (!counts({ ref: inside, at, name, isLast: next === undefined })) continue;
      if (next?.outline.isStatic && !codebase.program.translationUnit(next.path).includes(path)) continue;
      ways.set(functionKey(inside), {
        step: stepAt(codebase, path, at, `${inside.outline.name}() calls ${name}()`),
        next,
      });
      queue.push(inside);
    }
  };
  for (const name of names) addCallers(name, undefined);
  for (let ref = queue.shift(); ref; ref = queue.shift()) addCallers(ref.outline.name, ref);
  return ways;
}

/** The steps from a function to an API function, or undefined where there is no way. */
export function wayFrom(ways: Reachers, ref: FunctionRef): readonly TraceStep[] | undefined {
  const steps: TraceStep[] = [];
  for (let at: FunctionRef | undefined = ref; at; ) {
    const way = ways.get(functionKey(at));
    if (!way) return undefined;
    steps.push(way.step);
    at = way.next;
  }
  return steps;
}
