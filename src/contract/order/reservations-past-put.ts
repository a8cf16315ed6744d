// Does a structure keep the reservation object of a buffer whose only reference its function puts?

import {
  type CallExpression,
  callsIn,
  type Expression,
  expressionText,
  stripCasts,
  visitExpressions,
} from '../../c/index.js';
import { expressionsIn, graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { isFailureTest, isHarmless, namesKeeper, reservationMember, roleOf } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef } from '../../program/index.js';
import { type HeldMember, heldMember, type OwnerSearch } from '../owners/members.js';
import { leads } from './ways-to-success.js';

/** A put after which a member still has the reservation object, though nothing keeps the buffer. */
export interface PutReservation {
  readonly held: HeldMember;
  readonly ref: FunctionRef;
  /** The call that puts the buffer, and its 0-based offset. */
  readonly put: string;
  readonly at: number;
}

/**
 * Finds where a function gets a buffer by its descriptor, stores the reservation object of it in a member, and puts the buffer
 * on its way to success. Silent where the function does anything else with the buffer or its descriptor: that may keep it.
 */
export function reservationsPastPut(search: OwnerSearch, ref: FunctionRef): readonly PutReservation[] {
  const { codebase } = search;
  const unit = codebase.program.lower(ref);
  const found: PutReservation[] = [];
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind !== 'member' || !expression.target.arrow) return;
    const value = stripCasts(expression.value);
    if (value.kind !== 'member' || value.member !== reservationMember || value.object.kind !== 'name') return;
    const buffer = value.object.name;
    const got = onlyLookup(codebase, ref, buffer);
    const held = heldMember(search, ref, expression.target);
    if (!got || !held || isReset(codebase, ref, expression.target)) return;
    if (mayKeep(codebase, ref, buffer, got) || hasKeeper(codebase, ref, held)) return;
    const graph = graphOf(unit);
    const from = graph.nodes.findIndex((node) => expressionsIn(node).includes(expression));
    const put = callsIn(unit.body).find(
      ({ name, call }) =>
        roleOf(name ?? '') === 'put' &&
        isReachable(graph, from, {
          isGoal: (_, index) => index === nodeOfCall(graph, call),
          isBlocked: () => false,
          next: successors,
        }) &&
        leads(codebase, unit, call, null, null),
    );
    if (from >= 0 && put?.name) found.push({ held, ref, put: put.name, at: put.call.at });
  });
  return found;
}

/** The call that looks a local variable's buffer up, where the variable gets nothing else. */
function onlyLookup({ program }: Codebase, ref: FunctionRef, name: string): CallExpression | undefined {
  const { values, locals } = assignmentsOf(program.lower(ref));
  const [value, ...others] = locals.has(name) ? (values.get(name) ?? []) : [];
  if (value?.kind !== 'call' || others.length > 0 || value.callee.kind !== 'name') return undefined;
  return roleOf(value.callee.name) === 'get' ? value : undefined;
}

/** Whether the function stores into the member more than once: the last one may be a buffer that lives, or nothing. */
function isReset({ program }: Codebase, ref: FunctionRef, target: Expression): boolean {
  const text = expressionText(target);
  let stores = 0;
  visitExpressions(program.lower(ref).body, (one) => {
    if (one.kind === 'assignment' && expressionText(one.target) === text) stores++;
  });
  return stores > 1;
}

/** Whether the function does more with a buffer than to test it, read its reservation and put it, or uses its descriptor twice. */
function mayKeep({ program }: Codebase, ref: FunctionRef, buffer: string, got: CallExpression): boolean {
  const unit = program.lower(ref);
  const plain = new Set<Expression>();
  const descriptors = new Set(got.arguments.map(expressionText));
  let isOther = unit.unparsed.length > 0;
  for (const { name, call } of callsIn(unit.body)) {
    if (roleOf(name ?? '') === 'put' || isFailureTest(name ?? '') || isHarmless(name ?? '')) {
      for (const argument of call.arguments) plain.add(stripCasts(argument));
    } else if (call.at !== got.at && call.arguments.some((argument) => descriptors.has(expressionText(argument))))
      isOther = true;
  }
  visitExpressions(unit.body, (one) => {
    if (one.kind === 'member' && one.member === reservationMember) plain.add(one.object);
    if (one.kind === 'assignment') plain.add(one.target);
    if (one.kind === 'unary' && one.operator === '!') plain.add(one.operand);
  });
  visitExpressions(unit.body, (one) => {
    if (one.kind === 'name' && one.name === buffer && !plain.has(one)) isOther = true;
  });
  return isOther;
}

/** Whether the structure has a member that may keep the buffer. What cannot be seen may. */
function hasKeeper({ definitions }: Codebase, { path }: FunctionRef, { tag }: HeldMember): boolean {
  const fields = definitions.struct(tag, path)?.fields;
  return !fields || [...fields.values()].some(namesKeeper);
}
