// Does an importer put its only reference to a buffer while the attachment lives on?

import { type CallExpression, callsIn, type Expression, type FunctionUnit, visitExpressions } from '../../c/index.js';
import { type ControlFlowNode, graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { apiRow, dmaBufCore, isFailureTest, isHarmless, isZeroLiteral, roleOf } from '../../kernel/index.js';
import { type Codebase, originsOf } from '../../program/index.js';
import type { AttachSite } from '../model/attachment.js';
import type { UnkeptBuffer } from '../model/importer.js';

/**
 * Finds the attaches to a buffer that the function itself got, whose attachment a structure keeps, and after which the
 * function puts the buffer on its way to success. An attachment holds no reference on its buffer.
 */
export function findUnkeptBuffers(codebase: Codebase, sites: readonly AttachSite[]): readonly UnkeptBuffer[] {
  return sites.flatMap((site) => {
    if (site.ref.path === dmaBufCore) return [];
    const unit = codebase.program.lower(site.ref);
    const [buffer] = site.call.arguments;
    const got = buffer ? gotBy(unit, buffer) : undefined;
    if (!got || mayKeepOtherwise(unit, got) || !isStored(unit, site.call)) return [];
    const put = callsIn(unit.body).find(
      ({ call, name }) =>
        name !== null &&
        roleOf(name) === 'put' &&
        isOf(unit, call.arguments[0], got) &&
        leads(unit, got, site.call, call),
    );
    return put ? [{ site, at: put.call.at, gotAt: got.at }] : [];
  });
}

/** The call that looks the buffer up by its descriptor, where it can come from nowhere else. */
function gotBy(unit: FunctionUnit, buffer: Expression): CallExpression | undefined {
  const [origin, ...others] = originsOf(unit, buffer);
  if (origin?.kind !== 'call' || others.length > 0 || origin.path.length > 0) return undefined;
  const { callee } = origin.call;
  return callee.kind === 'name' && roleOf(callee.name) === 'get' ? origin.call : undefined;
}

function isOf(unit: FunctionUnit, value: Expression | undefined, from: CallExpression): boolean {
  if (!value) return false;
  return originsOf(unit, value).some(
    (origin) => origin.kind === 'call' && origin.call.at === from.at && origin.path.length === 0,
  );
}

/** Whether the function takes a further reference, or hands the buffer to code that may. */
function mayKeepOtherwise(unit: FunctionUnit, got: CallExpression): boolean {
  return callsIn(unit.body).some(({ call, name }) => {
    if (name !== null && roleOf(name) === 'ref') return true;
    if (name !== null && (apiRow(name) || isHarmless(name) || isFailureTest(name))) return false;
    return call.arguments.some((argument) => isOf(unit, argument, got));
  });
}

/** Whether a structure that is reached by a pointer keeps the attachment. */
function isStored(unit: FunctionUnit, attach: CallExpression): boolean {
  let stored = false;
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' && expression.target.kind === 'member' && expression.target.arrow)
      stored ||= isOf(unit, expression.value, attach);
  });
  return stored;
}

/** Whether a way leads from the attach over the put to a return of 0, past no detach, and past no other buffer of a loop. */
function leads(unit: FunctionUnit, got: CallExpression, attach: CallExpression, put: CallExpression): boolean {
  const graph = graphOf(unit);
  const detaches = new Set(
    callsIn(unit.body).flatMap(({ name, call }) =>
      name !== null && roleOf(name) === 'detach' ? [nodeOfCall(graph, call)] : [],
    ),
  );
  const from = nodeOfCall(graph, attach);
  const next = nodeOfCall(graph, got);
  const isBlocked = (index: number): boolean => detaches.has(index) || (index === next && index !== from);
  const over = nodeOfCall(graph, put);
  const reaches = (start: number, isGoal: (node: ControlFlowNode, index: number) => boolean): boolean =>
    start >= 0 && isReachable(graph, start, { isGoal, isBlocked, next: whereItWorked });
  return (
    over >= 0 &&
    reaches(from, (_, index) => index === over) &&
    reaches(over, (node) => node.kind === 'return' && node.value !== null && isZeroLiteral(node.value))
  );
}

/** The nodes after a node, without those where a test found an error. */
function whereItWorked(node: ControlFlowNode): readonly number[] {
  const isFailure =
    node.kind === 'test' &&
    node.test.kind === 'call' &&
    node.test.callee.kind === 'name' &&
    isFailureTest(node.test.callee.name);
  return node.kind === 'test' && isFailure ? [node.whenFalse] : successors(node);
}
