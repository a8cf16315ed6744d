import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  lvalueText,
  subexpressions,
} from '../../c/index.js';
import {
  type ControlFlowNode,
  graphOf,
  isReachable,
  nodeOfCall,
  type PathQuery,
  successors,
} from '../../flow/index.js';
import { mapFunctions } from '../../kernel/api.js';
import { assignmentsOf, type Codebase, type FunctionRef, originsOf } from '../../program/index.js';
import { isErrorValue } from '../attachments/users.js';
import { deviceGone, devicePresent } from '../calls/harmless.js';

/**
 * Why an unmap does not take the memory away from a device that goes on: it belongs to a mapping anew, which happens
 * only when the caller asks for one; or it is left for when the importer's own device is gone.
 */
export type Deferral = 'refresh' | 'device-gone';

/** Why the unmap in a function is no proof that the memory is given up, or null where it is one. */
export function deferralOf(codebase: Codebase, ref: FunctionRef, unmap: CallExpression): Deferral | null {
  if (runsOnlyWhenGone(codebase, ref, unmap)) return 'device-gone';
  return textOf(codebase, ref).includes('dma_buf_map_attachment') && isRefresh(codebase.program.lower(ref), unmap)
    ? 'refresh'
    : null;
}

/** Whether a call is come to only behind a test that the importer's own device is gone. */
export function runsOnlyWhenGone(codebase: Codebase, ref: FunctionRef, call: CallExpression): boolean {
  if (!deviceGone.test(textOf(codebase, ref)) && !devicePresent.test(textOf(codebase, ref))) return false;
  const unit = codebase.program.lower(ref);
  if (unit.unparsed.length > 0) return false;
  const graph = graphOf(unit);
  const target = nodeOfCall(graph, call);
  if (target < 0) return false;
  const isReached = (next: PathQuery['next']): boolean =>
    isReachable(graph, graph.entry, { isGoal: (_, index) => index === target, isBlocked: () => false, next });
  return isReached(successors) && !isReached((node) => waysWhilePresent(unit, node));
}

function textOf(codebase: Codebase, { path, outline }: FunctionRef): string {
  return codebase.program.file(path)?.code.slice(outline.bodyStart, outline.end) ?? '';
}

/**
 * `if (place == SYSTEM) goto out; unmap(t); t = map(); out: return 0;`: what is unmapped is mapped again at once, and for
 * another order from the caller neither happens. Where nothing but the mapping itself decides, the unmap comes anyway,
 * and an exporter that revokes makes the mapping anew fail: that is no deferral.
 */
function isRefresh(unit: FunctionUnit, unmap: CallExpression): boolean {
  const table = unmap.arguments[1];
  if (!table || unit.unparsed.length > 0) return false;
  const names = aliases(unit, table);
  const graph = graphOf(unit);
  const start = nodeOfCall(graph, unmap);
  const maps = new Set(mapsInto(unit, names).map((call) => nodeOfCall(graph, call)));
  if (start < 0 || maps.size === 0 || maps.has(-1)) return false;
  const leavesUnmapped = (from: number, isGoal: PathQuery['isGoal']): boolean =>
    isReachable(graph, from, {
      isGoal,
      isBlocked: (index) => maps.has(index),
      next: (node) => waysWhileMapped(unit, node, names),
    });
  if (successors(graph.nodes[start]).some((next) => leavesUnmapped(next, (node) => mayBeSuccess(node)))) return false;
  const own = parametersIn(unit, table);
  return graph.nodes.some((node) => {
    const order = node.kind === 'test' ? node.test : node.kind === 'switch' ? node.subject : null;
    if (!order || ![...parametersIn(unit, order)].some((index) => !own.has(index))) return false;
    const ways = successors(node).map((next) => leavesUnmapped(next, (exit) => isSuccess(exit)));
    return ways.includes(true) && successors(node).some((next) => !leavesUnmapped(next, (exit) => mayBeSuccess(exit)));
  });
}

/** The lvalues that a table is known by in a function. */
function aliases(unit: FunctionUnit, table: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  const text = lvalueText(table);
  if (text === null) return names;
  names.add(text);
  const { values, locals } = assignmentsOf(unit);
  if (locals.has(text))
    for (const value of values.get(text) ?? []) {
      const other = lvalueText(value);
      if (other !== null) names.add(other);
    }
  return names;
}

/** The map calls whose result is stored into one of the lvalues. */
function mapsInto(unit: FunctionUnit, names: ReadonlySet<string>): readonly CallExpression[] {
  const { values } = assignmentsOf(unit);
  const stored = [...names].flatMap((name) => (values.get(name) ?? []).flatMap((value) => originsOf(unit, value)));
  return callsIn(unit.body)
    .filter(({ name }) => name !== null && mapFunctions.includes(name))
    .map(({ call }) => call)
    .filter((call) =>
      stored.some((origin) => origin.kind === 'call' && origin.call.at === call.at && origin.path.length === 0),
    );
}

/** The parameters that a value depends on, through local variables too. */
function parametersIn(unit: FunctionUnit, expression: Expression): ReadonlySet<number> {
  const found = new Set<number>();
  const seen = new Set<string>();
  const { values } = assignmentsOf(unit);
  const enter = (inner: Expression): void => {
    if (inner.kind === 'name' && !seen.has(inner.name)) {
      seen.add(inner.name);
      const index = unit.parameters.findIndex((parameter) => parameter.name === inner.name);
      if (index >= 0) found.add(index);
      for (const value of values.get(inner.name) ?? []) enter(value);
    }
    for (const part of subexpressions(inner)) enter(part);
  };
  enter(expression);
  return found;
}

function waysWhilePresent(unit: FunctionUnit, node: ControlFlowNode): readonly number[] {
  if (node.kind === 'test') {
    if (asks(unit, node.test, deviceGone)) return [node.whenFalse];
    if (asks(unit, node.test, devicePresent)) return [node.whenTrue];
  }
  return successors(node);
}

/** What is unmapped was mapped, and the device is there. */
function waysWhileMapped(unit: FunctionUnit, node: ControlFlowNode, names: ReadonlySet<string>): readonly number[] {
  if (node.kind === 'test') {
    const { test } = node;
    if (names.has(lvalueText(test) ?? '')) return [node.whenTrue];
    if (test.kind === 'binary' && names.has(lvalueText(test.left) ?? '') && isNull(test.right)) {
      if (test.operator === '==') return [node.whenFalse];
      if (test.operator === '!=') return [node.whenTrue];
    }
  }
  return waysWhilePresent(unit, node);
}

function isNull(expression: Expression): boolean {
  return expression.kind === 'name' && expression.name === 'NULL';
}

/** Whether an expression is a question of the given kind, or a variable that only ever holds the answer to one. */
function asks(unit: FunctionUnit, expression: Expression, question: RegExp): boolean {
  if (expression.kind === 'call') return expression.callee.kind === 'name' && question.test(expression.callee.name);
  if (expression.kind !== 'name') return false;
  const { values, locals } = assignmentsOf(unit);
  const held = locals.has(expression.name) ? (values.get(expression.name) ?? []) : [];
  return held.length > 0 && held.every((value) => value.kind === 'call' && asks(unit, value, question));
}

/** A return that no text shows to be a failure. */
function mayBeSuccess(node: ControlFlowNode): boolean {
  return node.kind === 'return' && !isFailure(node.value);
}

/** A return that the text shows to be a success. */
function isSuccess(node: ControlFlowNode): boolean {
  return (
    node.kind === 'return' &&
    (node.value === null || (node.value.kind === 'literal' && /^0[uUlL]*$/.test(node.value.text)))
  );
}

function isFailure(value: Expression | null): boolean {
  return (
    isErrorValue(value) ||
    (value?.kind === 'call' && value.callee.kind === 'name' && value.callee.name === 'PTR_ERR') ||
    (value?.kind === 'name' && value.name === 'false')
  );
}
