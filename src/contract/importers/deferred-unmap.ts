// Does an unmap prove that the importer gives the memory up?

import { type CallExpression, callsIn, type Expression, type FunctionUnit, lvalueText } from '../../c/index.js';
import {
  type ControlFlowNode,
  graphOf,
  isReachable,
  nodeOfCall,
  type PathQuery,
  successors,
} from '../../flow/index.js';
import {
  deviceGone,
  devicePresent,
  errorConversions,
  functionsWithRole,
  isErrorValue,
  isNullWord,
  isZeroLiteral,
  type NameTable,
  roleOf,
} from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef } from '../../program/index.js';
import { visitThroughLocals } from '../calls/local-values.js';
import { isCallResult } from '../calls/origins.js';
import type { Deferral } from '../model/callback.js';

const mapWord = new RegExp(functionsWithRole('map').join('|'));

/** Returns why an unmap does not prove that the importer gives the memory up, or null where it does prove it. */
export function deferralOf(codebase: Codebase, ref: FunctionRef, unmap: CallExpression): Deferral | null {
  if (runsOnlyWhenGone(codebase, ref, unmap)) return 'device-gone';
  return mapWord.test(textOf(codebase, ref)) && isRefresh(codebase.program.lower(ref), unmap) ? 'refresh' : null;
}

/** Returns whether every path to a call passes a test that the importer's own device is gone. */
export function runsOnlyWhenGone(codebase: Codebase, ref: FunctionRef, call: CallExpression): boolean {
  if (!deviceGone.isIn(textOf(codebase, ref)) && !devicePresent.isIn(textOf(codebase, ref))) return false;
  const unit = codebase.program.lower(ref);
  if (unit.unparsed.length > 0) return false;
  const graph = graphOf(unit);
  const target = nodeOfCall(graph, call);
  if (target < 0) return false;
  const isReached = (next: PathQuery['next']): boolean =>
    isReachable(graph, graph.entry, { isGoal: (_, index) => index === target, isBlocked: () => false, next });
  return isReached(successors) && !isReached((node) => successorsWhilePresent(unit, node));
}

function textOf(codebase: Codebase, { path, outline }: FunctionRef): string {
  return codebase.program.file(path)?.code.slice(outline.bodyStart, outline.end) ?? '';
}

/**
 * Whether the unmap belongs to a new mapping: `if (place == SYSTEM) goto out; unmap(t); t = map(); out: return 0;`. The
 * code maps again at once what it unmaps, and for another request of its caller it does neither. Where no request of the
 * caller decides, the unmap always runs, and an exporter that revokes refuses the new mapping: then it is no deferral.
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
      next: (node) => successorsWhileMapped(unit, node, names),
    });
  if (successors(graph.nodes[start]).some((next) => leavesUnmapped(next, (node) => mayBeSuccess(node)))) return false;
  const own = parametersIn(unit, table);
  return graph.nodes.some((node) => {
    const request = node.kind === 'test' ? node.test : node.kind === 'switch' ? node.subject : null;
    if (!request || ![...parametersIn(unit, request)].some((index) => !own.has(index))) return false;
    const next = successors(node);
    return next.some((one) => leavesUnmapped(one, isSuccess)) && next.some((one) => !leavesUnmapped(one, mayBeSuccess));
  });
}

/** The lvalues by which a function names a table. */
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

/** The map calls whose result a function stores into one of some lvalues. */
function mapsInto(unit: FunctionUnit, names: ReadonlySet<string>): readonly CallExpression[] {
  const { values } = assignmentsOf(unit);
  const stored = [...names].flatMap((name) => values.get(name) ?? []);
  return callsIn(unit.body)
    .filter(({ name }) => name !== null && roleOf(name) === 'map')
    .map(({ call }) => call)
    .filter((call) => stored.some((value) => isCallResult(unit, value, call.at)));
}

/** The parameters on which a value depends, by index. */
function parametersIn(unit: FunctionUnit, expression: Expression): ReadonlySet<number> {
  const found = new Set<number>();
  visitThroughLocals(unit, expression, (inner) => {
    const index = inner.kind === 'name' ? unit.parameters.findIndex((parameter) => parameter.name === inner.name) : -1;
    if (index >= 0) found.add(index);
  });
  return found;
}

/** The nodes that may follow a node while the importer's device is there. */
function successorsWhilePresent(unit: FunctionUnit, node: ControlFlowNode): readonly number[] {
  if (node.kind === 'test') {
    if (asks(unit, node.test, deviceGone)) return [node.whenFalse];
    if (asks(unit, node.test, devicePresent)) return [node.whenTrue];
  }
  return successors(node);
}

/** The nodes that may follow a node where the device is there and the table is mapped. */
function successorsWhileMapped(
  unit: FunctionUnit,
  node: ControlFlowNode,
  names: ReadonlySet<string>,
): readonly number[] {
  if (node.kind === 'test') {
    const { test } = node;
    if (names.has(lvalueText(test) ?? '')) return [node.whenTrue];
    if (test.kind === 'binary' && names.has(lvalueText(test.left) ?? '') && isNullWord(test.right)) {
      if (test.operator === '==') return [node.whenFalse];
      if (test.operator === '!=') return [node.whenTrue];
    }
  }
  return successorsWhilePresent(unit, node);
}

/** Whether an expression calls a function of the given kind, or is a variable that only ever holds the result of one. */
function asks(unit: FunctionUnit, expression: Expression, question: NameTable): boolean {
  if (expression.kind === 'call') return expression.callee.kind === 'name' && question.has(expression.callee.name);
  if (expression.kind !== 'name') return false;
  const { values, locals } = assignmentsOf(unit);
  const held = locals.has(expression.name) ? (values.get(expression.name) ?? []) : [];
  return held.length > 0 && held.every((value) => value.kind === 'call' && asks(unit, value, question));
}

/** Whether a node returns, and the value is not certainly an error. */
function mayBeSuccess(node: ControlFlowNode): boolean {
  return node.kind === 'return' && !isFailure(node.value);
}

/** Whether a node returns a value that is certainly a success. */
function isSuccess(node: ControlFlowNode): boolean {
  return node.kind === 'return' && (node.value === null || isZeroLiteral(node.value));
}

function isFailure(value: Expression | null): boolean {
  return (
    isErrorValue(value) ||
    (value?.kind === 'call' &&
      value.callee.kind === 'name' &&
      errorConversions.get(value.callee.name)?.to === 'number') ||
    (value?.kind === 'name' && value.name === 'false')
  );
}
