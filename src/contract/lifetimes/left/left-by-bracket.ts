// Which resources does a function leave in a caller's object where it fails, though it keeps none where it succeeds?

import { callsIn } from '../../../c/index.js';
import type { FlowExit, FunctionFlow, Resource } from '../../../flow/index.js';
import { apiFunctions, isFailureTest, isHarmless, resourceLives } from '../../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../../program/index.js';
import { placeKey } from '../defects.js';

/**
 * Returns the resources that a failing function leaves in a member of a caller's object, where each of its successful ways out
 * has released all that was acquired at the same place: a job that maps, runs and unmaps. Nobody else has to release them.
 * A job that failed may leave its buffers to the device on purpose. So the way out must release what was acquired there for
 * another object, or nothing may happen between the acquire and the test that leads out.
 */
export function leftByBracket(codebase: Codebase, { ref, exits }: FunctionFlow, exit: FlowExit): readonly Resource[] {
  if (exit.outcome !== 'error') return [];
  return exit.state.resources.filter((resource) => {
    const { status, end, isElement, wasPassedOn, kind, leftByFailure } = resource;
    if (status !== 'given' || end?.kind !== 'stored' || isElement || wasPassedOn || leftByFailure) return false;
    if (resourceLives[kind].releasedBy !== 'holder' || exits.some((other) => releasesFound(other, kind))) return false;
    const kept = exits.filter((other) => other.outcome !== 'error' && ofSamePlace(other, resource).length > 0);
    if (kept.length === 0 || !kept.every((other) => ofSamePlace(other, resource).every(isReleased))) return false;
    return ofSamePlace(exit, resource).some(isReleased) || isLeftAtOnce(codebase, ref, exit, resource);
  });
}

/** Whether a way out releases what it found: an earlier call may have left it there, to be tried again. */
function releasesFound({ state }: FlowExit, kind: Resource['kind']): boolean {
  return state.resources.some((one) => one.kind === kind && one.status === 'released' && one.count === 0);
}

function ofSamePlace({ state }: FlowExit, resource: Resource): readonly Resource[] {
  return state.resources.filter((same) => placeKey(same) === placeKey(resource));
}

const isReleased = ({ status, count }: Resource): boolean => status === 'released' && count > 0;

/**
 * Whether a function writes no member, and calls nothing but tests, logs and the API, from the call that acquires to the jump
 * behind the last test of a way out.
 */
function isLeftAtOnce(
  codebase: Codebase,
  ref: FunctionRef,
  exit: FlowExit,
  { function: taker, path: file, at: place }: Resource,
): boolean {
  const { program } = codebase;
  const { bodyStart, end } = ref.outline;
  const acquire = callsIn(program.lower(ref).body).filter(
    ({ name, call }) => name === taker || (file === ref.path && call.at === place),
  );
  const tests = exit.state.decisions.filter(({ path, at }) => path === ref.path && at >= bodyStart && at < end);
  const [first, ...others] = acquire;
  const test = tests.at(-1);
  if (!first || others.length > 0 || !test || test.at < first.call.end) return false;
  const code = program.file(ref.path)?.code ?? '';
  const jump = jumps.exec(code.slice(test.at, end));
  const between = code.slice(first.call.end, test.at + (jump?.index ?? 0));
  return (
    jump !== null && !writesMember.test(between) && [...between.matchAll(calls)].every(([, name = '']) => isQuiet(name))
  );
}

const jumps = /\b(?:return|goto)\b/;
const writesMember = /(?:->|\.)\s*\w+(?:\[[^\]]*\])?\s*(?:[-+|&^]?=(?!=)|\+\+|--)|(?:->|\.)\s*\w+\s*\(/;
const calls = /\b([A-Za-z_]\w*)\s*\(/g;
const keywords: ReadonlySet<string> = new Set(['if', 'while', 'for', 'switch', 'sizeof', 'likely', 'unlikely']);

const isQuiet = (name: string): boolean =>
  keywords.has(name) || isHarmless(name) || isFailureTest(name) || apiFunctions.has(name);
