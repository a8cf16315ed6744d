// Who may drop a pin that a release leaves: the callback, or another function?

import { callsIn } from '../../../../c/index.js';
import { graphOf, leadsTo, nodeOfCall } from '../../../../flow/index.js';
import { functionsWithRole } from '../../../../kernel/index.js';
import { type Codebase, type FunctionRef, filesSaying, functionKey, functionsIn } from '../../../../program/index.js';
import { unique } from '../../../unique.js';

/** How many calls deep an unpin or a flag is looked for. */
export const deepest = 3;

/** Whether a function pins or unpins itself, or with a macro. */
function calls({ definitions, program }: Codebase, ref: FunctionRef, role: 'pin' | 'unpin'): boolean {
  const isCall = new RegExp(`\\b(?:${functionsWithRole(role).join('|')})\\s*\\(`);
  if (isCall.test(program.bodyText(ref))) return true;
  return callsIn(program.lower(ref).body).some(({ name }) => isCall.test(macroText(name) ?? ''));

  function macroText(name: string | null): string | undefined {
    return name === null ? undefined : definitions.macro(name, ref.path);
  }
}

/**
 * Whether a function that a callback reaches may unpin: it does so itself, or calls through a pointer in the driver's own code.
 * @param callback a function of the driver
 */
export function mayUnpin(codebase: Codebase, callback: FunctionRef, ref: FunctionRef): boolean {
  const { definitions, program } = codebase;
  if (calls(codebase, ref, 'unpin')) return true;
  if (ref.path !== callback.path && !definitions.module(callback.path).includes(ref.path)) return false;
  return callsIn(program.lower(ref).body).some(({ name }) => name === null);
}

/** Whether a function pins, and unpins only after that: to undo its own pin. */
function undoesOwnPin({ program }: Codebase, ref: FunctionRef): boolean {
  const unit = program.lower(ref);
  const graph = graphOf(unit);
  const nodesOf = (role: 'pin' | 'unpin'): readonly number[] => {
    const names = new Set(functionsWithRole(role));
    return callsIn(unit.body).flatMap(({ name, call }) => (name && names.has(name) ? nodeOfCall(graph, call) : []));
  };
  const pins = nodesOf('pin');
  const comesAfterPin = (goal: number): boolean => pins.some((from) => leadsTo(graph, from, goal));
  return pins.length > 0 && nodesOf('unpin').every(comesAfterPin);
}

/** A function and those that it calls. */
export function reachedFrom(codebase: Codebase, ref: FunctionRef, depth: number): readonly FunctionRef[] {
  if (depth === 0) return [ref];
  const callees = callsIn(codebase.program.lower(ref).body).flatMap(({ name }) => {
    const callee = name === null ? undefined : codebase.definitions.findCandidate(name, ref.path);
    return callee && functionKey(callee) !== functionKey(ref) ? reachedFrom(codebase, callee, depth - 1) : [];
  });
  return [ref, ...callees];
}

/**
 * Whether another function of the files that know the flag, or a helper that unpins for the release, unpins, too: with its own
 * call or with such a helper, and not to undo its own pin. A caller of the release does not count.
 */
export function mayBeDoneElsewhere(codebase: Codebase, ref: FunctionRef, flag: string): boolean {
  const { definitions, program } = codebase;
  const below = reachedFrom(codebase, ref, deepest);
  const own = new Set(below.map(functionKey));
  const helpers = below.filter(
    (one) =>
      functionKey(one) !== functionKey(ref) &&
      reachedFrom(codebase, one, deepest).some((inner) => calls(codebase, inner, 'unpin')),
  );
  const words = [flag, ...helpers.map(({ outline }) => outline.name)];
  const isHelper = (name: string): boolean => helpers.some(({ outline }) => outline.name === name);
  const module = definitions.module(ref.path);
  return unique(
    words.flatMap((word) => filesSaying(codebase, module, word)),
    (path) => path,
  )
    .flatMap((path) => functionsIn(program, path))
    .filter((one) => !own.has(functionKey(one)) && !undoesOwnPin(codebase, one))
    .some((one) => calls(codebase, one, 'unpin') || namesIn(codebase, one).some(isHelper));
}

/** The words of a function's body: a helper may be called, or be handed over to be called later. */
function namesIn({ program }: Codebase, ref: FunctionRef): readonly string[] {
  return program.bodyText(ref).match(/\b[A-Za-z_]\w*/g) ?? [];
}
