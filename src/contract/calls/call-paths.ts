// Which functions of a module reach an API function by direct calls, and by which path?

import { dmaBufCore } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { stepAt, type TraceStep } from '../places.js';

/** For each function that reaches an API function, by {@link functionKey}: the first step of a shortest call path. */
export type CallPaths = ReadonlyMap<string, FirstStep>;

/** A call that may be a step of a call path. */
export interface PathCall {
  readonly ref: FunctionRef;
  readonly at: number;
  /** The function called. */
  readonly name: string;
  /** Whether the call is that of the API function. */
  readonly isLast: boolean;
}

interface FirstStep {
  readonly step: TraceStep;
  /** The function called; undefined where that is the API function. */
  readonly next: FunctionRef | undefined;
}

/**
 * Searches the functions of a module that reach one of some API functions by direct calls. The search runs backwards
 * from the API and breadth first, so each path is a shortest one. It leaves out the API's own file: the calls there act
 * for somebody else.
 * @param counts whether a call may be a step of a path
 */
export function findCallPaths(
  codebase: Codebase,
  names: readonly string[],
  module: readonly string[],
  counts: (call: PathCall) => boolean = () => true,
): CallPaths {
  const mentions = new Set(codebase.program.mentions);
  const files = module.filter((path) => mentions.has(path) && path !== dmaBufCore);
  const paths = new Map<string, FirstStep>();
  const queue: FunctionRef[] = [];
  const addCallers = (name: string, next: FunctionRef | undefined): void => {
    for (const { path, at, inside, isCall } of codebase.references.of(name, files)) {
      if (!inside || !isCall || at < inside.outline.bodyStart || paths.has(functionKey(inside))) continue;
      if (!counts({ ref: inside, at, name, isLast: next === undefined })) continue;
      if (next?.outline.isStatic && !codebase.program.translationUnit(next.path).includes(path)) continue;
      paths.set(functionKey(inside), {
        step: stepAt(codebase, path, at, `${inside.outline.name}() calls ${name}()`),
        next,
      });
      queue.push(inside);
    }
  };
  for (const name of names) addCallers(name, undefined);
  for (let ref = queue.shift(); ref; ref = queue.shift()) addCallers(ref.outline.name, ref);
  return paths;
}

/** Returns the steps from a function to the API function, or undefined where no path leads there. */
export function callPathFrom(paths: CallPaths, ref: FunctionRef): readonly TraceStep[] | undefined {
  const steps: TraceStep[] = [];
  for (let at: FunctionRef | undefined = ref; at; ) {
    const first = paths.get(functionKey(at));
    if (!first) return undefined;
    steps.push(first.step);
    at = first.next;
  }
  return steps;
}
