// What does an importer's callback do?

import { callsIn } from '../../c/index.js';
import { isRelease, roleOf } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, memoByFunction, plain } from '../../program/index.js';
import { callPathFrom } from '../calls/call-paths.js';
import { type CallEdge, callEdgesFrom, type TargetEdge } from '../calls/callback-edges.js';
import { type ObjectRelation, type ParameterRelations, relationTo } from '../calls/same-object.js';
import type { CallbackVerdict, Deferral, DeferringVerdict } from '../model/callback.js';
import { stepAt, type TraceStep } from '../places.js';
import { stubVerdict } from './callback-stub.js';
import { deferralOf, runsOnlyWhenGone } from './deferred-unmap.js';
import { unmapPathsOf } from './unmap-paths.js';

/** The search gives up after this many functions: an unmap is never far away, and each function read costs memory. */
const mostFunctions = 250;

/** Returns the verdict of a quick look: `stub`, or `opaque` for every other callback. */
export function classifyAtSight(codebase: Codebase, callback: FunctionRef): CallbackVerdict {
  return memoByFunction(
    codebase,
    callback,
    'callback-at-sight',
    () => stubVerdict(codebase, callback) ?? { kind: 'opaque', through: 'code that was not read', trace: [] },
    plain(),
  );
}

/** Returns the verdict on a callback, for which it follows the callback's calls. */
export function classifyCallback(codebase: Codebase, callback: FunctionRef): CallbackVerdict {
  return memoByFunction(
    codebase,
    callback,
    'callback-verdict',
    () => stubVerdict(codebase, callback) ?? searchVerdict(codebase, callback),
    plain(),
  );
}

/**
 * Why a call path proves less than that the callback unmaps. `gone`: the code runs only once the importer's own device is
 * gone. `other-object`: the code is the release of an object that may be another than the one invalidated.
 */
type Doubt = 'gone' | 'other-object';

/** A function that the search has come to, with the call path to it. */
interface Visit {
  readonly ref: FunctionRef;
  readonly trace: readonly TraceStep[];
  /** How the parameters relate to the object of the callback. */
  readonly related: ParameterRelations;
  readonly doubt: Doubt | null;
}

/** A place where the search cannot go on. */
interface DeadEnd {
  readonly through: string;
  readonly trace: readonly TraceStep[];
}

/** What the search has found short of an unmap; of each kind the nearest. */
interface Findings {
  blocks?: Extract<CallbackVerdict, { kind: 'blocks-access' }>;
  /** An unmap in the release of an object that may be another. */
  released?: DeadEnd;
  opaque?: DeadEnd;
  deferred?: DeferringVerdict;
}

/** Follows the call graph from a callback, the nearest functions first, until a path reaches an unmap. */
function searchVerdict(codebase: Codebase, callback: FunctionRef): CallbackVerdict {
  const start = stepAt(codebase, callback.path, callback.outline.nameAt, `the callback is ${callback.outline.name}()`);
  const queue: Visit[] = [{ ref: callback, trace: [start], related: new Map([[0, 'same']]), doubt: null }];
  const seen = new Map<string, Visit>(queue.map((visit) => [functionKey(visit.ref), visit]));
  const edgesOf = createEdgeLookup(codebase, callback);
  const found: Findings = {};
  for (let visit = queue.shift(); visit; visit = queue.shift()) {
    const { ref, trace, doubt } = visit;
    const unmapPaths = unmapPathsOf(codebase, ref.path);
    const path = callPathFrom(doubt ? unmapPaths.any : unmapPaths.proofs, ref);
    if (path && !doubt) return { kind: 'unmaps', trace: [...trace, ...path] };
    if (path) noteDoubtful(found, visit, path);
    if (seen.size > mostFunctions) {
      found.opaque ??= { through: `more than ${mostFunctions} functions`, trace };
      break;
    }
    if (!doubt) noteDeferred(codebase, found, visit);
    for (const edge of edgesOf(ref)) {
      if (edge.kind !== 'target') {
        noteEnd(codebase, found, visit, edge);
        continue;
      }
      const next = visitOf(codebase, visit, edge);
      const key = functionKey(next.ref);
      const last = seen.get(key);
      if (last && !provesMore(next, last)) continue;
      seen.set(key, next);
      queue.push(next);
    }
  }
  return verdictFrom(found, start);
}

function createEdgeLookup(codebase: Codebase, callback: FunctionRef): (ref: FunctionRef) => readonly CallEdge[] {
  const module = new Set(codebase.definitions.module(callback.path));
  const known = new Map<string, readonly CallEdge[]>();
  return (ref) => {
    const edges = known.get(functionKey(ref)) ?? callEdgesFrom(codebase, ref, module);
    known.set(functionKey(ref), edges);
    return edges;
  };
}

function verdictFrom({ blocks, released, opaque, deferred }: Findings, start: TraceStep): CallbackVerdict {
  if (blocks) return blocks;
  const deadEnd = released ?? opaque;
  if (deadEnd) return { kind: 'opaque', ...deadEnd, deferred };
  return deferred ?? { kind: 'never-unmaps', trace: [start] };
}

function noteDoubtful(found: Findings, { ref, trace, doubt }: Visit, path: readonly TraceStep[]): void {
  const whole = [...trace, ...path];
  if (doubt === 'gone') found.deferred ??= { kind: 'defers', how: 'device-gone', trace: whole };
  else found.released ??= { through: `${ref.outline.name}(), which may release another object`, trace: whole };
}

/** Notes an unmap in the function itself that is deferred. */
function noteDeferred(codebase: Codebase, found: Findings, { ref, trace }: Visit): void {
  if (found.deferred) return;
  for (const { call, name } of callsIn(codebase.program.lower(ref).body)) {
    const how = name !== null && roleOf(name) === 'unmap' ? deferralOf(codebase, ref, call) : null;
    if (how === null) continue;
    const step = stepAt(codebase, ref.path, call.at, `${ref.outline.name}() calls ${name}() ${deferralTexts[how]}`);
    found.deferred ??= { kind: 'defers', how, trace: [...trace, step] };
  }
}

const deferralTexts: Readonly<Record<Deferral, string>> = {
  refresh: 'only to map again',
  'device-gone': 'only once its own device is gone',
};

/** Notes an edge that leads to no known function. */
function noteEnd(
  codebase: Codebase,
  found: Findings,
  { ref, trace, doubt }: Visit,
  edge: Exclude<CallEdge, TargetEdge>,
): void {
  if (doubt === 'gone') return;
  const whole = [...trace, stepAt(codebase, ref.path, edge.at, edge.message)];
  if (edge.kind === 'opaque') found.opaque ??= { through: edge.through, trace: whole };
  else if (!doubt) found.blocks ??= { kind: 'blocks-access', how: edge.how, trace: whole };
}

/** The visit of the target of an edge. */
function visitOf(codebase: Codebase, from: Visit, edge: TargetEdge): Visit {
  const { target, call } = edge;
  const unit = codebase.program.lower(from.ref);
  const related = new Map<number, ObjectRelation>();
  for (const [index, values] of edge.passed.entries()) {
    const relations = values.map((value) => relationTo(unit, value, from.related));
    if (relations.includes('same')) related.set(index, 'same');
    else if (relations.includes('reachable')) related.set(index, 'reachable');
  }
  const isGone = from.doubt === 'gone' || runsOnlyWhenGone(codebase, from.ref, call);
  const releases = isRelease(edge.slot ?? '') || isRelease(target.outline.name);
  const isOther = from.doubt === 'other-object' || (releases && related.size === 0);
  return {
    ref: target,
    trace: [...from.trace, stepAt(codebase, from.ref.path, edge.at, edge.message)],
    related,
    doubt: isGone ? 'gone' : isOther ? 'other-object' : null,
  };
}

/** Whether a further path to a function proves more than the path known so far. */
function provesMore(next: Visit, known: Visit): boolean {
  const order: readonly Visit['doubt'][] = [null, 'other-object', 'gone'];
  const [better, worse] = [order.indexOf(next.doubt), order.indexOf(known.doubt)];
  if (better !== worse) return better < worse;
  const rank = (relation: ObjectRelation | undefined): number =>
    relation === 'same' ? 2 : relation === 'reachable' ? 1 : 0;
  return [...next.related].some(([index, relation]) => rank(relation) > rank(known.related.get(index)));
}
