// Does a path release in a loop of which it does not know how many rounds it has?

import { callsIn, isLoop, type Statement, visitStatements } from '../../../c/index.js';
import type { FlowExit, Resource } from '../../../flow/index.js';
import type { ResourceKind } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, functionAt } from '../../../program/index.js';
import { namesRelease } from '../../owners/release-sites.js';

/**
 * Whether a path has passed a loop that releases resources of a kind, and that goes round as often as a bound says which the
 * path does not know: `for (i = 0; i < ARRAY_SIZE(planes); i++)`. Paths follow such a loop for one round, and it may have
 * released what they still hold. A loop that acquires the resource is not meant.
 */
export function hasPassedOpenLoop(codebase: Codebase, { state }: FlowExit, resource: Resource): boolean {
  const asked = new Set<string>();
  return state.decisions.some((decision) => {
    const { kind, path, at } = decision;
    if (kind !== 'test' || asked.has(`${path}:${at}`)) return false;
    asked.add(`${path}:${at}`);
    const ref = functionAt(codebase.program, path, at);
    if (!ref) return false;
    const loop = loopAt(codebase, ref, at);
    return loop !== undefined && releases(codebase, ref, loop, resource.kind) && !acquires(ref, loop, resource);
  });
}

/** The loop whose head is at an offset of a function. */
function loopAt({ program }: Codebase, ref: FunctionRef, at: number): Statement | undefined {
  let found: Statement | undefined;
  visitStatements(program.lower(ref).body, (statement) => {
    if (statement.at === at && isLoop(statement)) found = statement;
  });
  return found;
}

function releases({ program, definitions }: Codebase, ref: FunctionRef, loop: Statement, kind: ResourceKind): boolean {
  return callsIn([loop]).some(({ name }) => {
    if (name === null) return false;
    if (namesRelease(name, kind)) return true;
    const callee = definitions.findCandidate(name, ref.path);
    return callee !== undefined && namesRelease(program.bodyText(callee), kind);
  });
}

function acquires(ref: FunctionRef, loop: Statement, { path, at, function: taker }: Resource): boolean {
  return callsIn([loop]).some(({ name, call }) => name === taker || (path === ref.path && call.at === at));
}
