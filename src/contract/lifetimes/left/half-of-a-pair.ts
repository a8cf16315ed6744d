// Which resources does a failing function leave in a member, though no function releases them alone?

import { type FlowExit, type FunctionFlow, objectOfKey, type Resource } from '../../../flow/index.js';
import { resourceLives } from '../../../kernel/index.js';
import { type Codebase, functionKey } from '../../../program/index.js';

/** A resource that is left, and the function that releases it together with others that the failed function has not made. */
export interface Half {
  readonly resource: Resource;
  readonly releaser: FunctionFlow;
}

/**
 * Returns the resources that a function leaves in members when it fails in the middle. It must keep more of that kind when
 * it succeeds. And every function of the module that releases such a resource must also release, without a test, one that
 * the failed function has not made.
 */
export function halvesOfPairs(
  codebase: Codebase,
  flow: FunctionFlow,
  exit: FlowExit,
  flows: readonly FunctionFlow[],
): readonly Half[] {
  if (exit.outcome !== 'error' || flow.incomplete !== null) return [];
  return exit.state.resources.flatMap((resource): readonly Half[] => {
    if (!isKept(resource) || resource.leftByFailure || resource.wasPassedOn) return [];
    const own = pathsOf(exit, resource);
    const missing = missingOf(flow, exit, resource, own);
    if (own.size === 0 || missing.length === 0) return [];
    const releaser = onlyReleaser(codebase, flow, flows, resource.kind, own, missing);
    return releaser ? [{ resource, releaser }] : [];
  });
}

function isKept({ kind, status, end, count, isElement }: Resource): boolean {
  const isStored = status === 'given' && end?.kind === 'stored';
  return isStored && count > 0 && !isElement && resourceLives[kind].releasedBy === 'holder';
}

/** The members of each resource of the same kind that the function keeps when it succeeds, and that the failure lacks. */
function missingOf(
  { exits }: FunctionFlow,
  failure: FlowExit,
  { kind }: Resource,
  own: ReadonlySet<string>,
): readonly ReadonlySet<string>[] {
  const made = new Set(failure.state.resources.flatMap((one) => (one.kind === kind ? [...pathsOf(failure, one)] : [])));
  return exits
    .filter(({ outcome }) => outcome === 'success')
    .flatMap((exit) =>
      exit.state.resources
        .filter((one) => one.kind === kind && isKept(one))
        .map((one) => pathsOf(exit, one))
        .filter((paths) => paths.size > 0 && !meet(paths, made) && !meet(paths, own)),
    );
}

/**
 * The paths of members that lead from the caller's object to a resource, or to what it depends on: `out.sgt`. Where code
 * clears the member after the release, what the resource depends on still identifies it.
 */
function pathsOf({ state }: FlowExit, { handle, of, kind }: Resource): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const [place, value] of state.heap) {
    if (value !== handle && (value !== of || kind === 'attachment')) continue;
    const member = place.slice(place.indexOf('.') + 1);
    const object = objectOfKey(place);
    const wholes = [...state.heap].filter(([, held]) => held === object).map(([whole]) => whole);
    if (wholes.length === 0) paths.add(member);
    for (const whole of wholes) paths.add(`${whole.slice(whole.indexOf('.') + 1)}.${member}`);
  }
  return paths;
}

function meet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((path) => other.has(path));
}

/**
 * Returns a function that releases the resource of these members, if each such function also releases a missing one, on
 * every path.
 */
function onlyReleaser(
  codebase: Codebase,
  { ref }: FunctionFlow,
  flows: readonly FunctionFlow[],
  kind: Resource['kind'],
  own: ReadonlySet<string>,
  missing: readonly ReadonlySet<string>[],
): FunctionFlow | undefined {
  const module = new Set(codebase.definitions.module(ref.path));
  const others = flows.filter((one) => module.has(one.ref.path) && functionKey(one.ref) !== functionKey(ref));
  const ends = (exit: FlowExit, paths: ReadonlySet<string>): boolean =>
    exit.state.resources.some((one) => isEnded(one, kind) && meet(pathsOf(exit, one), paths));
  const members = [...own].map((path) => path.slice(path.lastIndexOf('.') + 1));
  const namesOne = ({ path }: FunctionFlow['ref']): boolean =>
    members.some((member) => codebase.program.includes(path, member));
  const mayEnd = ({ ref: other, exits }: FunctionFlow): boolean =>
    exits.some((exit) =>
      exit.state.resources.some((one) => {
        const paths = pathsOf(exit, one);
        return isEnded(one, kind) && (paths.size === 0 ? namesOne(other) : meet(paths, own));
      }),
    );
  const releasers = others.filter(mayEnd);
  const isWhole = ({ exits, incomplete }: FunctionFlow): boolean =>
    incomplete === null && exits.every((exit) => ends(exit, own) && missing.some((paths) => ends(exit, paths)));
  return releasers.every(isWhole) ? releasers[0] : undefined;
}

function isEnded(resource: Resource, kind: Resource['kind']): boolean {
  return resource.kind === kind && resource.status === 'released' && resource.count === 0;
}
