import { callsIn } from '../../c/index.js';
import { unmapFunctions } from '../../kernel/api.js';
import { type Codebase, type FunctionRef, folderOf, functionKey, memoByFunction } from '../../program/index.js';
import { findReachers, type Reachers, type ReachingCall, wayFrom } from '../calls/call-paths.js';
import { type Edge, edgesFrom } from '../calls/callback-edges.js';
import { isRelease } from '../calls/harmless.js';
import { type Given, type Nearness, nearnessOf } from '../calls/same-object.js';
import { stepAt, type TraceStep } from '../places.js';
import { stubVerdict } from './callback-stub.js';
import { type Deferral, deferralOf, runsOnlyWhenGone } from './deferred-unmap.js';

/** What an importer's callback does. Each verdict has the way that proves it. */
export type CallbackVerdict =
  | { readonly kind: 'absent' }
  /** Provably only logs, asserts or returns. */
  | { readonly kind: 'stub'; readonly only: 'warns' | 'returns'; readonly trace: readonly TraceStep[] }
  | { readonly kind: 'unmaps'; readonly trace: readonly TraceStep[] }
  | { readonly kind: 'blocks-access'; readonly how: string; readonly trace: readonly TraceStep[] }
  /** All that it calls can be seen, and the unmaps that it leads to are left for another occasion. */
  | DeferringVerdict
  /** Everything that it calls can be seen, it is no stub, and no way leads to an unmap. */
  | { readonly kind: 'never-unmaps'; readonly trace: readonly TraceStep[] }
  /** Leaves what we can see, through the call that is named. */
  | {
      readonly kind: 'opaque';
      readonly through: string;
      readonly trace: readonly TraceStep[];
      /** What all unmaps that could be seen are left for. */
      readonly deferred?: DeferringVerdict | undefined;
    };

/** An unmap that is left for another occasion, and the way to it. */
export interface DeferringVerdict {
  readonly kind: 'defers';
  readonly how: Deferral;
  readonly trace: readonly TraceStep[];
}

/** Functions come to before a callback is given up as opaque: what unmaps is near, and each one read costs memory. */
const mostFunctions = 250;

/** What a callback is by itself: a stub, or something that was not looked into. */
export function classifyAtSight(codebase: Codebase, callback: FunctionRef): CallbackVerdict {
  return memoByFunction(
    codebase,
    callback,
    'callback-at-sight',
    () => stubVerdict(codebase, callback) ?? { kind: 'opaque', through: 'what was not looked into yet', trace: [] },
  );
}

/** Creates the classifier of one tree; what one callback taught is kept for the next. */
export function createCallbackClassifier(codebase: Codebase): (callback: FunctionRef) => CallbackVerdict {
  return (callback) =>
    memoByFunction(
      codebase,
      callback,
      'callback-verdict',
      () => stubVerdict(codebase, callback) ?? searchVerdict(codebase, callback, (path) => unmappersOf(codebase, path)),
    );
}

/** The ways by direct calls from the functions of a module to an unmap. */
interface Unmappers {
  /** Ways that prove that the memory is given up. */
  readonly proofs: Reachers;
  /** All ways. */
  readonly any: Reachers;
}

function unmappersOf(codebase: Codebase, path: string): Unmappers {
  const isProof = ({ ref, at, name, isLast }: ReachingCall): boolean => {
    // Whether what is released is the object of the callback, the search must see.
    if (!isLast && isRelease(name)) return false;
    const call = callsIn(codebase.program.lower(ref).body).find((entry) => entry.call.callee.at === at)?.call;
    if (!call) return true;
    return isLast ? deferralOf(codebase, ref, call) === null : !runsOnlyWhenGone(codebase, ref, call);
  };
  return codebase.memory.recall(`unmappers\0${folderOf(path)}`, () => {
    const module = codebase.definitions.module(path);
    return {
      proofs: findReachers(codebase, unmapFunctions, module, isProof),
      any: findReachers(codebase, unmapFunctions, module),
    };
  });
}

/**
 * Why what a way leads to counts for less: it runs only once the importer's own device is gone, or as part of the
 * release of an object that may be another than the one notified.
 */
type Doubt = 'gone' | 'other-object';

/** One function on the way from the callback, with the step that led to it. */
interface Visit {
  readonly ref: FunctionRef;
  readonly trace: readonly TraceStep[];
  readonly given: Given;
  readonly doubt: Doubt | null;
}

/** Where the search comes to an end without an answer. */
interface Leaving {
  readonly through: string;
  readonly trace: readonly TraceStep[];
}

/** What a search has found so far; of each kind the nearest. */
interface Findings {
  blocks?: Extract<CallbackVerdict, { kind: 'blocks-access' }>;
  /** An unmap in the release of an object that may be another. */
  released?: Leaving;
  leaves?: Leaving;
  deferred?: DeferringVerdict;
}

/** Follows calls, nearest first, until one reaches an unmap, or nothing is left to follow. */
function searchVerdict(
  codebase: Codebase,
  callback: FunctionRef,
  unmappersOf: (path: string) => Unmappers,
): CallbackVerdict {
  const start = stepAt(codebase, callback.path, callback.outline.nameAt, `the callback is ${callback.outline.name}()`);
  const queue: Visit[] = [{ ref: callback, trace: [start], given: new Map([[0, 'self']]), doubt: null }];
  const seen = new Map<string, Visit>(queue.map((visit) => [functionKey(visit.ref), visit]));
  const module = new Set(codebase.definitions.module(callback.path));
  const edges = new Map<string, readonly Edge[]>();
  const found: Findings = {};
  for (let visit = queue.shift(); visit; visit = queue.shift()) {
    const { ref, trace } = visit;
    const unmappers = unmappersOf(ref.path);
    const way = wayFrom(visit.doubt ? unmappers.any : unmappers.proofs, ref);
    if (way && !visit.doubt) return { kind: 'unmaps', trace: [...trace, ...way] };
    if (way) noteDoubtful(found, visit, way);
    if (seen.size > mostFunctions) {
      found.leaves ??= { through: `more than ${mostFunctions} functions`, trace };
      break;
    }
    if (!visit.doubt) noteDeferred(codebase, found, visit);
    const key = functionKey(ref);
    const ways = edges.get(key) ?? edgesFrom(codebase, ref, module);
    edges.set(key, ways);
    for (const edge of ways) {
      noteEdge(codebase, found, visit, edge);
      const next = edge.target && visitOf(codebase, visit, edge, edge.target);
      const last = next && seen.get(functionKey(next.ref));
      if (!next || (last && !isNearer(next, last))) continue;
      seen.set(functionKey(next.ref), next);
      queue.push(next);
    }
  }
  if (found.blocks) return found.blocks;
  const leaves = found.released ?? found.leaves;
  if (leaves) return { kind: 'opaque', ...leaves, deferred: found.deferred };
  return found.deferred ?? { kind: 'never-unmaps', trace: [start] };
}

function noteDoubtful(found: Findings, { ref, trace, doubt }: Visit, way: readonly TraceStep[]): void {
  const whole = [...trace, ...way];
  if (doubt === 'gone') found.deferred ??= { kind: 'defers', how: 'device-gone', trace: whole };
  else found.released ??= { through: `${ref.outline.name}(), which may release another object`, trace: whole };
}

/** Unmaps in the function itself that prove nothing. */
function noteDeferred(codebase: Codebase, found: Findings, { ref, trace }: Visit): void {
  if (found.deferred) return;
  for (const { call, name } of callsIn(codebase.program.lower(ref).body)) {
    const how = name !== null && unmapFunctions.includes(name) ? deferralOf(codebase, ref, call) : null;
    if (how === null) continue;
    const step = stepAt(codebase, ref.path, call.at, `${ref.outline.name}() calls ${name}() ${deferralTexts[how]}`);
    found.deferred ??= { kind: 'defers', how, trace: [...trace, step] };
  }
}

const deferralTexts: Readonly<Record<Deferral, string>> = {
  refresh: 'only to map again',
  'device-gone': 'only once its own device is gone',
};

function noteEdge(codebase: Codebase, found: Findings, { ref, trace, doubt }: Visit, edge: Edge): void {
  if (doubt === 'gone' || !(edge.blocks || edge.unknown)) return;
  const whole = [...trace, stepAt(codebase, ref.path, edge.at, edge.message)];
  if (edge.blocks && !doubt) found.blocks ??= { kind: 'blocks-access', how: edge.blocks, trace: whole };
  if (edge.unknown) found.leaves ??= { through: edge.unknown, trace: whole };
}

function visitOf(codebase: Codebase, from: Visit, edge: Edge, ref: FunctionRef): Visit {
  const unit = codebase.program.lower(from.ref);
  const given = new Map<number, Nearness>();
  for (const [index, values] of (edge.handed ?? []).entries()) {
    const near = values.map((value) => nearnessOf(unit, value, from.given));
    if (near.includes('self')) given.set(index, 'self');
    else if (near.includes('reached')) given.set(index, 'reached');
  }
  const isGone = from.doubt === 'gone' || (edge.call !== undefined && runsOnlyWhenGone(codebase, from.ref, edge.call));
  const releases = isRelease(edge.slot ?? '') || isRelease(ref.outline.name);
  const isOther = from.doubt === 'other-object' || (releases && given.size === 0);
  return {
    ref,
    trace: [...from.trace, stepAt(codebase, from.ref.path, edge.at, edge.message)],
    given,
    doubt: isGone ? 'gone' : isOther ? 'other-object' : null,
  };
}

/** Whether a further way to a function lets more be concluded than the one known. */
function isNearer(next: Visit, known: Visit): boolean {
  const order: readonly Visit['doubt'][] = [null, 'other-object', 'gone'];
  const [better, worse] = [order.indexOf(next.doubt), order.indexOf(known.doubt)];
  if (better !== worse) return better < worse;
  const rank = (near: Nearness | undefined): number => (near === 'self' ? 2 : near === 'reached' ? 1 : 0);
  return [...next.given].some(([index, near]) => rank(near) > rank(known.given.get(index)));
}
