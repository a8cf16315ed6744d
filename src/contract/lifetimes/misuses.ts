// Which resources do functions use or release wrongly?

import { type CallExpression, callsIn, type Expression, expressionText, subexpressions } from '../../c/index.js';
import {
  describeEnd,
  type FlowEvent,
  type FlowExit,
  type FunctionFlow,
  isAssumed,
  type Resource,
  saysItTakesReference,
} from '../../flow/index.js';
import { isDrop, roleOf } from '../../kernel/index.js';
import { type Codebase, functionAt, functionKey } from '../../program/index.js';
import type { Misuse } from '../model/lifetimes.js';
import { mayBeNullThere } from '../owners/errors/past-null-tests.js';
import { stepAt, type TraceStep } from '../places.js';
import { withoutConsequences } from './consequences.js';
import { dependsOnCount, mayCount } from './counted.js';
import { decisionSteps, dependsOnMove, isOfSomeKernels, placeKey } from './defects.js';
import { certaintyOfUse } from './descriptors/assumed-references.js';
import { furtherReferences } from './puts/second-references.js';

/** Finds what functions do to resources that were released before, or that they never acquired. */
export function findMisuses(codebase: Codebase, flows: readonly FunctionFlow[]): readonly Misuse[] {
  const putsOnError = new Map(
    flows.flatMap((flow) => putsOfParameters(codebase, flow)).map((put) => [placeKey(put), put]),
  );
  const byKey = new Map(flows.map((flow) => [functionKey(flow.ref), flow]));
  // Where a put on error makes a caller's put the second one, the put on error is the defect.
  const blamed = new Set<string>();
  const misuses = flows.flatMap((flow) =>
    withoutConsequences(
      codebase,
      flow.events.filter(
        (event) =>
          isFirstUse(codebase, event, flow.events) &&
          !isRefuted(event, byKey) &&
          !isUseOfOthers(codebase, flow, event) &&
          !isAskedLater(codebase, event) &&
          !mayBeNullThere(codebase, event) &&
          !endsCountTwice(event) &&
          !dependsOnCount(codebase, flow, [event, event.resource]) &&
          !mayHaveTwo(codebase, event) &&
          !mayHoldAnother(codebase, flow, event),
      ),
    ).map((event) => {
      const first = event.kind === 'double-release' ? event.resource?.end : null;
      const put = first ? putsOnError.get(placeKey(first)) : undefined;
      if (put) blamed.add(placeKey(put));
      return put ? { ...put, certainty: 'high' as const } : misuseOf(codebase, flow, event);
    }),
  );
  const expected = releasesForCallers(flows);
  // A function that puts for its callers on one way out does so on the others.
  const consuming = new Set(
    [...putsOnError].filter(([place]) => expected.has(place)).map(([, put]) => functionOf(put)),
  );
  const others = [...putsOnError].filter(([place, put]) => !consuming.has(functionOf(put)) && !blamed.has(place));
  return [...misuses, ...others.map(([, put]) => put)];
}

/**
 * Whether the flow of the function in which all of an event happens does not have it. Callees are followed less deeply from a
 * caller, which knows less then.
 */
function isRefuted({ kind, path, at, within }: FlowEvent, flows: ReadonlyMap<string, FunctionFlow>): boolean {
  const own = within === null ? undefined : flows.get(within);
  if (own === undefined || own.incomplete !== null) return false;
  return !own.events.some((event) => event.kind === kind && event.path === path && event.at === at);
}

/**
 * Whether somebody besides the descriptor may have a reference to a buffer that came from a call that cannot be
 * followed.
 */
function isUseOfOthers(codebase: Codebase, flow: FunctionFlow, event: FlowEvent): boolean {
  return isOfAssumed(event) && certaintyOfUse(codebase, flow, event) === null;
}

/**
 * Whether an event uses or puts what a descriptor took over with a buffer that came from a call that cannot be
 * followed.
 */
function isOfAssumed({ kind, resource }: FlowEvent): boolean {
  return (kind === 'use-after-publish' || kind === 'over-put') && resource !== null && isAssumed(resource);
}

/**
 * Whether an event is the first of its cause. Of the uses of what one descriptor owns only the first counts: the author
 * moves the descriptor, not the uses. A use in the arguments of a put that is one too many goes with the put.
 */
function isFirstUse(codebase: Codebase, event: FlowEvent, events: readonly FlowEvent[]): boolean {
  if (event.kind === 'double-free') return isFirstFree(event, events);
  if (event.kind === 'freed-again') return isPlainSecondFree(codebase, event, events);
  if (event.kind !== 'use-after-publish') return true;
  const code = codebase.program.text(event.path) ?? '';
  const ofSame = events.filter(
    ({ path, resource }) => path === event.path && isGivenAtSamePlace(resource, event.resource),
  );
  const isInPut = ({ at, path }: FlowEvent): boolean =>
    path === event.path &&
    ofSame.some((put) => put.kind === 'over-put' && put.at < at && !code.slice(put.at, at).includes(';'));
  return (
    !isInPut(event) && !ofSame.some((other) => other.kind === event.kind && other.at < event.at && !isInPut(other))
  );
}

/**
 * Whether somebody may still hold the buffer whose reference a path found and put: the caller that handed it in, or the
 * function itself, which puts another one later.
 */
function mayHoldAnother(
  codebase: Codebase,
  { parameters }: FunctionFlow,
  { kind, resource, path, at }: FlowEvent,
): boolean {
  if (kind !== 'use-after-release' || resource?.kind !== 'reference' || resource.count > 0) return false;
  if (parameters.includes(resource.handle)) return true;
  const ref = functionAt(codebase.program, path, at);
  const puts = ref ? callsIn(codebase.program.lower(ref).body).filter(({ name }) => roleOf(name ?? '') === 'put') : [];
  const textOf = ({ arguments: [buffer] }: CallExpression): string => (buffer ? expressionText(buffer) : '');
  const own = puts.find(({ call }) => call.at === resource.end?.at);
  return own !== undefined && puts.some(({ call }) => call.at > at && textOf(call) === textOf(own.call));
}

/** Whether a buffer from outside may have come with the two references that a path puts. */
function mayHaveTwo(codebase: Codebase, { kind, resource, path }: FlowEvent): boolean {
  return isSecondPut({ kind, resource }) && furtherReferences(codebase, path) === 'others';
}

/** Whether an event puts a buffer from outside for the second time. */
function isSecondPut({ kind, resource }: Pick<FlowEvent, 'kind' | 'resource'>): boolean {
  return kind === 'double-release' && resource?.kind === 'reference' && resource.count === 0;
}

/** Whether a path goes through the last drop of one count twice, as no path does: counts are not followed. */
function endsCountTwice({ kind, decisions }: FlowEvent): boolean {
  if (kind !== 'double-release' && kind !== 'use-after-release' && kind !== 'freed-again') return false;
  const seen = new Set<string>();
  return decisions.some((decision) => {
    if (decision.kind !== 'test' || !countsDown(decision.test)) return false;
    // `while (n--)` goes on where it is true: the count ends where it is false.
    if (decision.test.kind === 'update' && decision.answer) return false;
    const key = `${placeKey(decision)}:${decision.answer}`;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}

function countsDown(test: Expression): boolean {
  const isDown =
    (test.kind === 'call' && test.callee.kind === 'name' && isDrop(test.callee.name)) ||
    (test.kind === 'update' && test.operator === '--');
  return isDown || subexpressions(test).some(countsDown);
}

/**
 * Whether code of the module asks whether the member, or a variable that gets it, is an error. PTR_ERR() asks only where its
 * result is compared: an author who tests for NULL reads the error of what is not NULL, too.
 */
function isAskedLater(codebase: Codebase, { keptIn, path }: FlowEvent): boolean {
  if (keptIn === undefined) return false;
  const copy = new RegExp(`\\b(\\w+)\\s*=\\s*[^;={}]*(?:->|\\.)\\s*${keptIn}\\s*;`, 'g');
  return codebase.program.translationUnit(path).some((file) => {
    if (!codebase.program.includes(file, keptIn)) return false;
    const code = codebase.program.file(file)?.code ?? '';
    const names = [`(?:->|\\.)\\s*${keptIn}`, ...[...code.matchAll(copy)].map(([, name = '']) => `\\b${name}`)];
    const asked = names.join('|');
    const argument = `\\((?:[^;{}()]|\\([^()]*\\))*(?:${asked})\\b`;
    const test = new RegExp(
      `\\b(?:(?:IS_ERR|PTR_ERR_OR)\\w*\\s*${argument}|PTR_ERR\\s*${argument}[^;{}()]*\\)\\s*[=!<>])`,
    );
    return test.test(code);
  });
}

/** Whether nothing else that the same put of an export has freed was freed again before. */
function isFirstFree(event: FlowEvent, events: readonly FlowEvent[]): boolean {
  return !events.some(
    (other) =>
      other.kind === event.kind &&
      other.path === event.path &&
      other.at < event.at &&
      isGivenAtSamePlace(other.resource, event.resource),
  );
}

/** Whether something is freed twice though nothing counts, and no other event of the path reports the second release. */
function isPlainSecondFree(codebase: Codebase, event: FlowEvent, events: readonly FlowEvent[]): boolean {
  if (event.earlier && mayCount(codebase, event.earlier)) return false;
  return !events.some((other) => secondEnds.has(other.kind) && isBefore(other, event));
}

const secondEnds: ReadonlySet<FlowEvent['kind']> = new Set([
  'double-free',
  'double-release',
  'freed-by-put',
  'over-put',
  'use-after-release',
]);

/** Whether the path to the second event begins with the decisions of the first event. */
function isBefore({ decisions }: FlowEvent, event: FlowEvent): boolean {
  const keyOf = (decision: FlowEvent['decisions'][number] | undefined): string =>
    decision ? `${placeKey(decision)}:${decision.kind === 'test' ? decision.answer : ''}` : '';
  return decisions.every((decision, index) => keyOf(decision) === keyOf(event.decisions[index]));
}

function isGivenAtSamePlace(one: Resource | null, other: Resource | null): boolean {
  return one?.end != null && other?.end != null && placeKey(one.end) === placeKey(other.end);
}

const functionOf = ({ path, function: name }: Misuse): string => `${path}:${name}`;

/** The places where a function releases what one of its callers acquired, by {@link placeKey}: the caller relies on it. */
function releasesForCallers(flows: readonly FunctionFlow[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const flow of flows)
    for (const exit of flow.exits)
      for (const { count, end, status } of exit.state.resources)
        if (count > 0 && status === 'released' && end) found.add(placeKey(end));
  return found;
}

/** The puts of a buffer from the caller that a function makes only where it fails: the reference is the caller's. */
function putsOfParameters(codebase: Codebase, flow: FunctionFlow): readonly Misuse[] {
  if (flow.exits.every((exit) => exit.outcome === 'error') || saysItTakesReference(codebase, flow.ref)) return [];
  const takesOver = (exit: FlowExit): boolean => putsAt(flow, exit).length > 0 || givesToDescriptor(flow, exit);
  if (flow.exits.some((exit) => exit.outcome !== 'error' && takesOver(exit))) return [];
  return flow.exits.flatMap((exit) =>
    putsAt(flow, exit)
      .filter((put) => put.function === flow.ref.outline.name)
      .map((put) => overPut(codebase, flow, exit, put)),
  );
}

function putsAt({ ref, parameters }: FunctionFlow, { state }: FlowExit): readonly Resource[] {
  return state.resources.filter(
    ({ kind, count, status, handle, path }) =>
      kind === 'reference' && count === 0 && status === 'released' && path === ref.path && parameters.includes(handle),
  );
}

/** Whether a descriptor has the caller's buffer and its reference: the function has taken over the reference. */
function givesToDescriptor({ parameters }: FunctionFlow, { state }: FlowExit): boolean {
  return state.resources.some(({ kind, of }) => kind === 'fd' && of !== null && parameters.includes(of));
}

function overPut(codebase: Codebase, { ref }: FunctionFlow, exit: FlowExit, put: Resource): Misuse {
  return {
    kind: 'over-put',
    resource: put.kind,
    path: put.path,
    at: put.at,
    function: put.function,
    api: `${put.api}()`,
    certainty: 'medium',
    trace: [
      stepAt(
        codebase,
        ref.path,
        ref.outline.nameAt,
        `${put.function}() gets the buffer from its caller, and takes no reference`,
      ),
      ...decisionSteps(codebase, exit.state.decisions, null),
    ],
  };
}

function misuseOf(codebase: Codebase, flow: FunctionFlow, event: FlowEvent): Misuse {
  const { resource, origin } = event;
  const steps: TraceStep[] = [];
  if (origin && event.askedAt)
    steps.push(
      stepAt(codebase, event.askedAt.path, event.askedAt.at, 'this test says that it is an error'),
      stepAt(codebase, event.path, event.at, `${event.use} uses it here all the same`),
    );
  else if (event.nullTest)
    steps.push(
      stepAt(
        codebase,
        event.nullTest.path,
        event.nullTest.at,
        'this test asks only whether it is NULL, which it never is',
      ),
    );
  else if (origin && event.keptIn === undefined)
    steps.push(stepAt(codebase, event.path, event.at, `${event.use} uses it here without a test`));
  else if (origin)
    steps.push(stepAt(codebase, event.path, event.at, `${flow.ref.outline.name}() succeeds here, and leaves it there`));
  if (event.earlier) steps.push(stepAt(codebase, event.earlier.path, event.earlier.at, 'freed here before'));
  if (resource && resource.count > 0)
    steps.push(stepAt(codebase, resource.path, resource.at, `taken here by ${resource.api}()`));
  if (resource?.end)
    steps.push({
      ...stepAt(codebase, resource.end.path, resource.end.at, `${describeEnd(resource.end)} here`),
      ...(event.kind === 'double-release' && { isEarlier: true as const }),
    });
  const place = origin ?? event;
  return {
    kind: event.kind,
    resource: resource?.kind ?? null,
    path: place.path,
    at: place.at,
    function: origin?.function ?? event.function,
    api: origin?.api ?? event.use,
    ...(event.nullTest && { isPastNullTest: true }),
    ...(event.askedAt && { usedBy: event.use }),
    ...(event.keptIn !== undefined && { keptIn: event.keptIn }),
    certainty: certaintyOf(codebase, flow, event),
    trace: [...steps, ...decisionSteps(codebase, event.decisions, resource ?? origin)],
  };
}

/** An error pointer that is left in a member, and of which nothing was asked, may be asked of in a way that is not seen. */
function certaintyOf(codebase: Codebase, flow: FunctionFlow, event: FlowEvent): Misuse['certainty'] {
  const { incomplete } = flow;
  if (isOfAssumed(event)) return certaintyOfUse(codebase, flow, event) ?? 'low';
  if (event.keptIn !== undefined && !event.isAskedForNull) return 'low';
  const isDoubtful =
    event.isDoubtful === true ||
    event.kind === 'freed-again' ||
    (isSecondPut(event) && furtherReferences(codebase, event.path) !== 'none') ||
    isOfSomeKernels(event.decisions) ||
    dependsOnMove(event.decisions);
  return incomplete === null && !isDoubtful ? 'high' : 'medium';
}
