// Which releases and frees only undo what the same code has just done?

import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  lvalueText,
  type Statement,
  visitExpressions,
} from '../../c/index.js';
import { graphOf, isReachable, leadsTo, nodeOfCall, successors } from '../../flow/index.js';
import { functionsWithRole, type ResourceKind } from '../../kernel/index.js';
import { type FunctionRef, functionKey } from '../../program/index.js';
import type { Fate } from './fates.js';
import type { Fill } from './fills.js';
import { isFresh } from './frees.js';
import { type OwnerSearch, rootOf } from './members.js';

/** The question about one member: who fills it. */
export interface MemberQuery {
  readonly search: OwnerSearch;
  /** At least one. */
  readonly fills: readonly [Fill, ...Fill[]];
}

/** The fills that a function makes itself. */
export function fillsOf({ fills }: MemberQuery, ref: FunctionRef): readonly Fill[] {
  return fills.filter((fill) => functionKey(fill.ref) === functionKey(ref));
}

/** Whether an expression is the handle of a fill: the result of the same call, or the same variable or member. */
export function isHandleOf(value: Expression, { handle }: Fill): boolean {
  if (handle.kind === 'call') return value.kind === 'call' && value.at === handle.at;
  const text = lvalueText(handle);
  return text !== null && value.kind === handle.kind && lvalueText(value) === text;
}

/** Whether a release undoes what the same function has stored before, or what a caller stores and takes back. */
export function undoes(query: MemberQuery, { call, ref }: Fate): boolean {
  if (!call) return false;
  const { codebase } = query.search;
  const unit = codebase.program.lower(ref);
  if (fillsOf(query, ref).some((fill) => isAfter(unit, fill.call, call))) return true;
  return call.arguments.some((argument) => isFresh(codebase, ref, argument)) || isUnwinding(query, ref);
}

/**
 * Whether a call of a function comes after the function has filled the member, or has called one that fills it. The paths
 * of that function tell what it frees then: after a fill that failed there is nothing to release.
 */
export function isAfterFill(query: MemberQuery, ref: FunctionRef, call: CallExpression): boolean {
  const { codebase } = query.search;
  const unit = codebase.program.lower(ref);
  if (fillsOf(query, ref).some((fill) => isAfter(unit, fill.call, call))) return true;
  const fillers = new Set(query.fills.map((fill) => functionKey(fill.ref)));
  return callsIn(unit.body).some(({ name, call: before }) => {
    const callee = name === null ? undefined : codebase.definitions.findNear(name, ref.path);
    return callee !== undefined && fillers.has(functionKey(callee)) && isAfter(unit, before, call);
  });
}

/** The kinds of resources that are made through an attachment. */
const throughAttachment: ReadonlySet<ResourceKind> = new Set(['mapping', 'pin']);
const detaching: ReadonlySet<string> = new Set(functionsWithRole('detach'));
const attaching: ReadonlySet<string> = new Set(functionsWithRole('attach', 'dynamic-attach'));

/**
 * Whether a function comes to a call on no path on which it has not attached the device itself: where the attachment could
 * not be made, nothing was mapped or pinned through it, and the paths of the function tell what it does to one that it made.
 */
export function isAfterAttach({ search, fills }: MemberQuery, ref: FunctionRef, call: CallExpression): boolean {
  const [{ kind }] = fills;
  if (!throughAttachment.has(kind)) return false;
  const { program, definitions } = search.codebase;
  const unit = program.lower(ref);
  const freed = call.arguments.map(rootOf).filter((root) => root !== null);
  const calls = callsIn(unit.body);
  // Where it detaches the device, another attachment was there.
  if (calls.some(({ name }) => name !== null && detaching.has(name))) return false;
  const attaches = calls.filter(({ name, call: one, statement }) => {
    // Another object may be attached, before this one makes room for it.
    if (!namesIn(one, statement).some((word) => freed.includes(word))) return false;
    if (name === null) return false;
    if (attaching.has(name)) return true;
    const callee = definitions.findNear(name, ref.path);
    return callee !== undefined && callsIn(program.lower(callee).body).some((below) => attaching.has(below.name ?? ''));
  });
  if (attaches.length === 0) return false;
  const graph = graphOf(unit);
  const made = new Set(attaches.map((one) => nodeOfCall(graph, one.call)));
  const goal = nodeOfCall(graph, call);
  const isGoal = (_: unknown, index: number): boolean => index === goal;
  return (
    goal >= 0 && !isReachable(graph, graph.entry, { isGoal, isBlocked: (index) => made.has(index), next: successors })
  );
}

/** The names in a call, and in the place that its statement fills. */
function namesIn(call: CallExpression, statement: Statement): readonly string[] {
  const found: string[] = [];
  const filled =
    statement.kind === 'expression' && statement.expression.kind === 'assignment' ? [statement.expression.target] : [];
  for (const one of [call, ...filled])
    visitExpressions([{ kind: 'expression', expression: one, at: one.at }], (inner) => {
      if (inner.kind === 'name') found.push(inner.name);
    });
  return found;
}

/** Whether a path leads from one call of a function to another. */
function isAfter(unit: FunctionUnit, first: CallExpression, then: CallExpression): boolean {
  const graph = graphOf(unit);
  const from = nodeOfCall(graph, first);
  const to = nodeOfCall(graph, then);
  return from >= 0 && to >= 0 && from !== to && leadsTo(graph, from, to);
}

/** Whether a function is called only to undo: by functions that have stored the resource, or allocated the structure. */
export function isUnwinding(query: MemberQuery, ref: FunctionRef): boolean {
  const { codebase } = query.search;
  const { references } = codebase;
  const callers = references.callersOf(ref);
  if (callers.length === 0 || !references.isScopeKnown(ref) || references.slotsOf(ref).length > 0) return false;
  // What is not static, though its own file alone calls it, is for code that is not here.
  if (!ref.outline.isStatic && callers.every(({ caller }) => caller.path === ref.path)) return false;
  const named = references.of(ref.outline.name, references.scope(ref)).filter(({ inside }) => inside !== undefined);
  if (named.some(({ isCall }) => !isCall)) return false;
  return callers.every(
    ({ caller, call }) =>
      fillsOf(query, caller).some((fill) => isAfter(codebase.program.lower(caller), fill.call, call)) ||
      call.arguments.some((argument) => isFresh(codebase, caller, argument)),
  );
}
