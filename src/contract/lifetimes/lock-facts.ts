import { type FunctionUnit, visitExpressions, visitStatements } from '../../c/index.js';
import type { FlowExit, FunctionFlow, LockFinding, LockFlows, Resource } from '../../flow/index.js';
import { describeEnd, describeLockOrigin, describeVia, mayHideLock, saysItLeavesLock } from '../../flow/index.js';
import type { Codebase } from '../../program/index.js';
import { type NotAnalysed, placeOf, stepAt, type TraceStep } from '../places.js';
import { incompleteFlows, type PathFact } from './leaks-and-misuses.js';

/** A place where the state of the reservation lock is not what it must be. */
export interface LockFact extends PathFact {
  /** `required`: it is not held; `forbidden`: it is held; `leak`: a way out leaves it in another state than the others. */
  readonly kind: 'required' | 'forbidden' | 'leak';
  readonly verdict: LockFinding['event']['verdict'] | 'left-held' | 'left-dropped' | 'never-dropped';
}

export interface LockFacts {
  readonly facts: readonly LockFact[];
  readonly notAnalysed: readonly NotAnalysed[];
}

/** Reads the facts off the lock flows of a tree: one for each place, the most certain. */
export function readLockFacts(codebase: Codebase, flows: LockFlows): LockFacts {
  const facts = [
    ...flows.findings.map((finding) => factOf(codebase, finding)),
    ...flows.flows.flatMap((flow) => leftLocks(codebase, flow)),
    ...neverDropped(codebase, flows.flows),
  ];
  const kept = new Map<string, LockFact>();
  const order = ['high', 'medium', 'low'];
  for (const fact of facts) {
    const key = `${fact.kind}|${fact.path}|${fact.at}`;
    const known = kept.get(key);
    if (!known || order.indexOf(fact.certainty) < order.indexOf(known.certainty)) kept.set(key, fact);
  }
  return {
    facts: [...kept.values()],
    notAnalysed: [...incompleteFlows(codebase, flows.flows), ...undecidedCalls(codebase, flows)],
  };
}

/** Calls of which cannot be said whether the lock is held. */
function undecidedCalls(codebase: Codebase, flows: LockFlows): readonly NotAnalysed[] {
  return flows.undecided.map(({ event, reason }) => {
    const { line } = placeOf(codebase, event.path, event.at, null);
    return {
      file: event.path,
      line,
      function: event.function,
      reason: `whether the reservation lock is held at ${event.api}(): ${reason}`,
    };
  });
}

function factOf(codebase: Codebase, { event, root, entry, certainty }: LockFinding): LockFact {
  const steps: TraceStep[] = [];
  if (entry)
    steps.push(
      stepAt(codebase, entry.path, entry.at, `${root.outline.name}() is entered from ${describeVia(entry.via)}`),
    );
  else if (event.function !== root.outline.name)
    steps.push(stepAt(codebase, root.path, root.outline.nameAt, `the way here begins in ${root.outline.name}()`));
  if (event.lock) steps.push(stepAt(codebase, event.lock.path, event.lock.at, describeLockOrigin(event.lock)));
  const isPlain = event.verdict === 'same' || event.verdict === 'dropped' || event.verdict === 'never';
  return {
    kind: event.kind,
    verdict: event.verdict,
    path: event.path,
    at: event.at,
    function: event.function,
    api: event.api,
    certainty: certainty === 'unknown' ? 'low' : isPlain ? 'high' : 'medium',
    trace: steps,
  };
}

/** Ways out of one function that leave the lock in another state than its other ways out. */
function leftLocks(codebase: Codebase, flow: FunctionFlow): readonly LockFact[] {
  if (flow.incomplete !== null) return [];
  const sites = new Map<string, Resource>();
  const exits = flow.exits.filter(({ state }) => !mayHideLock(state));
  const takesOne = exits.some(({ state }) => state.resources.some((lock) => lock.kind === 'lock' && !lock.isCallers));
  const loops = loopRanges(codebase.program.lower(flow.ref));
  for (const { state } of exits)
    for (const lock of state.resources) if (lock.kind === 'lock') sites.set(siteOf(lock), lock);
  return [...sites.values()].flatMap((site) => {
    const isTaken = !site.isCallers;
    if (saysItLeavesLock(codebase, flow.ref, isTaken ? 'held' : 'dropped')) return [];
    // A lock that was asked for in vain, and dropped all the same, is another matter than a caller's lock.
    if (!isTaken && takesOne) return [];
    const isInLoop = site.isElement || loops.some(({ start, end }) => start <= site.at && site.at <= end);
    const bearing = (exit: FlowExit, status: Resource['status']): boolean =>
      exit.state.resources.some(
        (lock) => lock.kind === 'lock' && siteOf(lock) === siteOf(site) && lock.status === status,
      );
    const odd = exits.filter((exit) => bearing(exit, isTaken ? 'held' : 'released'));
    const others = exits.filter((exit) =>
      isTaken ? bearing(exit, 'released') : !odd.includes(exit) && !hasDropped(exit),
    );
    return odd
      .filter((exit) => !isInLoop || leavesAtOnce(codebase, flow, site, exit))
      .filter((exit) => others.some((other) => isInconsistent(exit, other)))
      .map((exit) => leftFact(codebase, flow, site, exit));
  });
}

/**
 * Locks that a function takes and leaves held on each of its ways out, though nothing says so: unless another function
 * of the same file drops a lock that it has not taken, and so may be the other half.
 */
function neverDropped(codebase: Codebase, flows: readonly FunctionFlow[]): readonly LockFact[] {
  const halves = new Set<string>();
  const dropped = new Set<string>();
  for (const { exits } of flows)
    for (const { state } of exits)
      for (const lock of state.resources)
        if (lock.kind === 'lock' && lock.status === 'released') {
          dropped.add(siteOf(lock));
          if (lock.isCallers) halves.add(lock.path);
        }
  return flows.flatMap((flow): readonly LockFact[] => {
    const { ref, exits, incomplete } = flow;
    if (incomplete !== null || halves.has(ref.path) || saysItLeavesLock(codebase, ref, 'held')) return [];
    if (exits.some(({ state }) => mayHideLock(state))) return [];
    return exits.flatMap((exit) =>
      exit.state.resources
        .filter((lock) => lock.kind === 'lock' && lock.status === 'held' && !lock.isCallers && !lock.isElement)
        .filter((lock) => lock.function === ref.outline.name && !dropped.has(siteOf(lock)))
        .map((lock) => ({ ...leftFact(codebase, flow, lock, exit), verdict: 'never-dropped', certainty: 'medium' })),
    );
  });
}

/** Where the bodies of a function's loops begin and end. */
function loopRanges(unit: FunctionUnit): readonly { readonly start: number; readonly end: number }[] {
  const ranges: { readonly start: number; readonly end: number }[] = [];
  visitStatements(unit.body, (statement) => {
    if (!/^(?:while|do|for|macro-block)$/.test(statement.kind)) return;
    let end = statement.at;
    visitExpressions([statement], (expression) => {
      end = Math.max(end, expression.at);
    });
    ranges.push({ start: statement.at, end });
  });
  return ranges;
}

/** Of locks in an array one may be dropped in a loop that the path did not enter: only a way straight out tells. */
function leavesAtOnce(codebase: Codebase, { ref }: FunctionFlow, site: Resource, exit: FlowExit): boolean {
  const between = codebase.program.file(ref.path)?.code.slice(site.at, exit.at) ?? '';
  return site.path === ref.path && site.at < exit.at && !/\b(?:for|while|do|goto|\w*for_each\w*)\b/.test(between);
}

function hasDropped({ state }: FlowExit): boolean {
  return state.resources.some((lock) => lock.kind === 'lock' && lock.isCallers && lock.status === 'released');
}

/** A function that fails leaves the lock as it found it; two ways to succeed leave it alike. */
function isInconsistent(odd: FlowExit, other: FlowExit): boolean {
  return odd.outcome === 'error' || other.outcome === odd.outcome;
}

function siteOf({ path, at, api }: Resource): string {
  return `${path}:${at}:${api}`;
}

function leftFact(codebase: Codebase, { ref }: FunctionFlow, site: Resource, exit: FlowExit): LockFact {
  const isHeld = !site.isCallers;
  const end = exit.state.resources.find((lock) => lock.kind === 'lock' && siteOf(lock) === siteOf(site))?.end;
  return {
    kind: 'leak',
    verdict: isHeld ? 'left-held' : 'left-dropped',
    path: ref.path,
    at: exit.at,
    function: ref.outline.name,
    api: site.api,
    certainty: exit.outcome === 'error' ? 'high' : 'medium',
    trace: isHeld
      ? [stepAt(codebase, site.path, site.at, `taken here by ${site.api}()`)]
      : end
        ? [stepAt(codebase, end.path, end.at, `${describeEnd(end)} here, and not taken in ${ref.outline.name}()`)]
        : [],
  };
}
