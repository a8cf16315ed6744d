import type { FlowEvent, FlowExit, FunctionFlow, Resource } from '../../flow/index.js';
import { describeEnd, leaksAt } from '../../flow/index.js';
import type { ResourceKind } from '../../kernel/resources.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import { type NotAnalysed, placeOf, stepAt, type TraceStep } from '../places.js';

/** Something that goes wrong on one path, with the way to it. */
export interface PathFact {
  readonly path: string;
  readonly at: number;
  /** The function that the fact is about, for its fingerprint. */
  readonly function: string;
  /** The API function, or the use, that it is about. */
  readonly api: string;
  readonly certainty: 'high' | 'medium' | 'low';
  readonly trace: readonly TraceStep[];
}

/** Something taken that nobody is left to release. */
export interface Leak extends PathFact {
  readonly kind: ResourceKind;
  readonly outcome: FlowExit['outcome'];
  /** The function that leaves it: that which took it, or one of its callers. */
  readonly leaver: string;
  /** For a reference: where dma_buf_fd() failed to take it over. */
  readonly refused: { readonly path: string; readonly at: number } | null;
}

/** Something done to what was released before, or never taken. */
export interface Misuse extends PathFact {
  readonly kind: FlowEvent['kind'] | 'over-put';
  readonly resource: ResourceKind | null;
}

/** What following the paths of a tree showed. */
export interface PathFacts {
  readonly leaks: readonly Leak[];
  readonly misuses: readonly Misuse[];
  /** Functions of which not every path was followed. */
  readonly notAnalysed: readonly NotAnalysed[];
}

/** Reads the facts off the flows of a tree: one for each place, the most certain and shortest. */
export function readPathFacts(codebase: Codebase, flows: readonly FunctionFlow[]): PathFacts {
  const released = cleanedUpByCallers(flows);
  const leaks = flows.flatMap((flow) => flow.exits.flatMap((exit) => leaksOf(codebase, flow, exit, released)));
  const putsOnError = new Map(
    flows.flatMap((flow) => putsOfParameters(codebase, flow)).map((put) => [placeKey(put), put]),
  );
  const blamed = new Set<string>();
  const misuses = flows.flatMap((flow) =>
    flow.events.map((event) => {
      const first = event.kind === 'double-release' ? event.resource?.end : null;
      const put = first ? putsOnError.get(placeKey(first)) : undefined;
      if (put) blamed.add(placeKey(put));
      return put ? { ...put, certainty: 'high' as const } : misuseOf(codebase, flow, event);
    }),
  );
  const relied = releasesOfOthers(flows);
  for (const [place, put] of putsOnError) if (!relied.has(place) && !blamed.has(place)) misuses.push(put);
  return {
    leaks: best(leaks, (leak) => `${leak.kind}${leak.refused ? placeKey(leak.refused) : ''}`),
    misuses: best(misuses, (misuse) => misuse.kind),
    notAnalysed: incompleteFlows(codebase, flows),
  };
}

/** What was not followed to its end, named where it stands. */
export function incompleteFlows(codebase: Codebase, flows: readonly FunctionFlow[]): readonly NotAnalysed[] {
  return flows.flatMap(({ ref, incomplete }) => {
    if (incomplete === null) return [];
    const { line } = placeOf(codebase, ref.path, ref.outline.nameAt, null);
    return [{ file: ref.path, line, function: ref.outline.name, reason: `paths of the function: ${incomplete}` }];
  });
}

function best<T extends PathFact>(facts: readonly T[], kindOf: (fact: T) => string): readonly T[] {
  const kept = new Map<string, T>();
  const weight = { high: 0, medium: 1000, low: 2000 };
  const cost = (fact: T): number => weight[fact.certainty] + fact.trace.length;
  for (const fact of facts) {
    const key = `${kindOf(fact)}|${fact.path}|${fact.at}`;
    const known = kept.get(key);
    if (!known || cost(fact) < cost(known)) kept.set(key, fact);
  }
  return [...kept.values()];
}

/** Where something was taken that a caller released after the taker had failed: `path:at`. */
function cleanedUpByCallers(flows: readonly FunctionFlow[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const flow of flows)
    for (const exit of flow.exits)
      for (const resource of exit.state.resources)
        if (resource.leftByFailure && resource.status === 'released') found.add(placeKey(resource));
  return found;
}

/** Where a function releases what one of its callers took: the caller relies on it. */
function releasesOfOthers(flows: readonly FunctionFlow[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const flow of flows)
    for (const exit of flow.exits)
      for (const { count, end, status } of exit.state.resources)
        if (count > 0 && status === 'released' && end) found.add(placeKey(end));
  return found;
}

function placeKey({ path, at }: { readonly path: string; readonly at: number }): string {
  return `${path}:${at}`;
}

function leaksOf(
  codebase: Codebase,
  flow: FunctionFlow,
  exit: FlowExit,
  released: ReadonlySet<string>,
): readonly Leak[] {
  return leaksAt(exit).flatMap(({ resource, isKnownOutside }): Leak[] => {
    // A descriptor that a caller keeps in a table is closed from there.
    if (resource.kind === 'fd' && exit.outcome === 'error' && resource.function !== flow.ref.outline.name) return [];
    if (isKnownOutside && !isLostThough(flow, exit, resource, released)) return [];
    return [
      {
        kind: resource.kind,
        outcome: exit.outcome,
        leaver: flow.ref.outline.name,
        refused: resource.refused,
        path: resource.path,
        at: resource.at,
        function: resource.function,
        api: resource.api,
        certainty: flow.incomplete === null && !isKnownOutside ? 'high' : 'medium',
        trace: leakTrace(codebase, flow.ref, resource, exit),
      },
    ];
  });
}

/**
 * A pin or a reference of a buffer that the caller knows as well is lost where the function fails, unless its callers
 * release it then: of a reference only where another way to fail releases it, since a structure may count it.
 */
function isLostThough(flow: FunctionFlow, exit: FlowExit, resource: Resource, released: ReadonlySet<string>): boolean {
  if (exit.outcome !== 'error' || resource.isElement || released.has(placeKey(resource))) return false;
  if (resource.kind === 'pin' || isDetachedBelow(exit, resource) || isOwnReference(flow, exit, resource)) return true;
  return (
    resource.kind === 'reference' &&
    resource.function === flow.ref.outline.name &&
    flow.exits.some(
      (other) =>
        other.outcome === 'error' &&
        other.state.resources.some((same) => placeKey(same) === placeKey(resource) && same.status === 'released'),
    )
  );
}

/** Whoever may still know a mapping cannot unmap it once this function has detached the attachment below it. */
function isDetachedBelow({ state }: FlowExit, { kind, of, function: taker }: Resource): boolean {
  return (
    kind === 'mapping' &&
    state.resources.some(
      (below) =>
        below.kind === 'attachment' &&
        below.handle === of &&
        below.status === 'released' &&
        below.count > 0 &&
        below.function === taker,
    )
  );
}

/** A further reference of a buffer that was handed in, and that is stored nowhere: nobody else can count it. */
function isOwnReference({ ref, parameters }: FunctionFlow, { state }: FlowExit, resource: Resource): boolean {
  const attachments = new Set(
    state.resources.filter(({ kind }) => kind === 'attachment').map(({ handle }) => `${handle}.dmabuf`),
  );
  return (
    resource.kind === 'reference' &&
    resource.api === 'get_dma_buf' &&
    resource.function === ref.outline.name &&
    parameters.includes(resource.handle) &&
    ![...state.heap].some(([place, value]) => value === resource.handle && !attachments.has(place))
  );
}

function leakTrace(codebase: Codebase, ref: FunctionRef, resource: Resource, exit: FlowExit): readonly TraceStep[] {
  return [
    ...decisionSteps(codebase, exit.state.decisions, resource),
    stepAt(codebase, ref.path, exit.at, `${ref.outline.name}() leaves here, and nothing has released it`),
  ];
}

/** The tests that led from where something was taken to where it is lost. */
function decisionSteps(
  codebase: Codebase,
  decisions: FlowExit['state']['decisions'],
  after: { readonly path: string; readonly at: number } | null,
): readonly TraceStep[] {
  const later = after
    ? decisions.filter((decision) => decision.path === after.path && decision.at > after.at)
    : decisions;
  return later
    .slice(-4)
    .map(({ path, at, text }) =>
      stepAt(codebase, path, at, text === 'true' || text === 'false' ? `where this is ${text}` : `under ${text}`),
    );
}

/** Puts of a buffer that was handed in, made only where the function fails: the reference is the caller's. */
function putsOfParameters(codebase: Codebase, flow: FunctionFlow): readonly Misuse[] {
  const puts = (exit: FlowExit) =>
    exit.state.resources.filter(
      ({ kind, count, status, handle, path }) =>
        kind === 'reference' &&
        count === 0 &&
        status === 'released' &&
        path === flow.ref.path &&
        flow.parameters.includes(handle),
    );
  if (flow.exits.every((exit) => exit.outcome === 'error')) return [];
  if (flow.exits.some((exit) => exit.outcome !== 'error' && puts(exit).length > 0)) return [];
  return flow.exits.flatMap((exit) =>
    puts(exit)
      .filter((put) => put.function === flow.ref.outline.name)
      .map((put) => ({
        kind: 'over-put' as const,
        resource: put.kind,
        path: put.path,
        at: put.at,
        function: put.function,
        api: `${put.api}()`,
        certainty: 'medium' as const,
        trace: [
          stepAt(
            codebase,
            flow.ref.path,
            flow.ref.outline.nameAt,
            `${put.function}() was handed the buffer, and takes no reference`,
          ),
          ...decisionSteps(codebase, exit.state.decisions, null),
        ],
      })),
  );
}

function misuseOf(codebase: Codebase, flow: FunctionFlow, event: FlowEvent): Misuse {
  const { resource, origin } = event;
  const steps: TraceStep[] = [];
  if (origin) steps.push(stepAt(codebase, event.path, event.at, `${event.use} uses it here, untested`));
  if (resource && resource.count > 0)
    steps.push(stepAt(codebase, resource.path, resource.at, `taken here by ${resource.api}()`));
  if (resource?.end)
    steps.push(stepAt(codebase, resource.end.path, resource.end.at, `${describeEnd(resource.end)} here`));
  const place = origin ?? event;
  return {
    kind: event.kind,
    resource: resource?.kind ?? null,
    path: place.path,
    at: place.at,
    function: origin?.function ?? event.function,
    api: origin?.api ?? event.use,
    certainty: flow.incomplete === null ? 'high' : 'medium',
    trace: [...steps, ...decisionSteps(codebase, event.decisions, resource ?? origin)],
  };
}
