// Does an importer put its only reference to a buffer while the attachment lives on?

import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import {
  type ControlFlowNode,
  expansionsOf,
  expressionsIn,
  graphOf,
  isReachable,
  nodeOfCall,
  successors,
} from '../../flow/index.js';
import {
  apiRow,
  dmaBufCore,
  isFailureTest,
  isHarmless,
  isZeroLiteral,
  returnPointer,
  roleOf,
  takers,
} from '../../kernel/index.js';
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
        leads(unit, site.call, got, nodeOfCall(graphOf(unit), call)),
    );
    if (put) return [{ site, at: put.call.at, gotAt: got.at }];
    const scoped = putByScope(codebase, unit, got);
    return scoped !== undefined && leads(unit, site.call, got, null) ? [{ site, at: scoped, gotAt: got.at }] : [];
  });
}

/** Offset of the variable with `__free()` that gets the buffer and puts it when its scope ends, where nothing takes it out. */
function putByScope(codebase: Codebase, unit: FunctionUnit, got: CallExpression): number | undefined {
  const { freeActions } = expansionsOf(codebase);
  let at: number | undefined;
  visitStatements(unit.body, (statement) => {
    if (statement.kind !== 'declaration' || statement.cleanup === null || statement.value?.at !== got.at) return;
    const action = freeActions.get(statement.cleanup);
    const isTaken = callsIn(unit.body).some(
      ({ name, call }) =>
        (takers.has(name ?? '') || name === returnPointer) && isNamed(call.arguments[0], statement.name),
    );
    if (action && roleOf(action.name) === 'put' && !isTaken) at = statement.at;
  });
  return at;
}

const isNamed = (value: Expression | undefined, name: string): boolean => value?.kind === 'name' && value.name === name;

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

/**
 * Whether a way leads from the attach over the put to success, past no detach, and past no other buffer of a loop.
 * @param put the node of the put; null where the end of the scope puts
 */
function leads(unit: FunctionUnit, attach: CallExpression, got: CallExpression, put: number | null): boolean {
  const graph = graphOf(unit);
  const detaches = new Set(
    callsIn(unit.body).flatMap(({ name, call }) =>
      name !== null && roleOf(name) === 'detach' ? [nodeOfCall(graph, call)] : [],
    ),
  );
  const from = nodeOfCall(graph, attach);
  const next = nodeOfCall(graph, got);
  const holders = holdersOf(unit, attach);
  // A variable that is set to an error is returned, too.
  const isReset = (index: number): boolean => {
    const node = graph.nodes[index];
    return index !== from && node !== undefined && resets(node, holders, attach.at);
  };
  const isBlocked = (index: number): boolean =>
    detaches.has(index) || (index === next && index !== from) || isReset(index);
  const reaches = (start: number, isGoal: (node: ControlFlowNode, index: number) => boolean): boolean =>
    start >= 0 && isReachable(graph, start, { isGoal, isBlocked, next: whereItWorked });
  const isSuccess = (node: ControlFlowNode): boolean =>
    node.kind === 'return' &&
    node.value !== null &&
    (isZeroLiteral(node.value) || (node.value.kind === 'name' && holders.has(node.value.name)));
  if (put === null) return reaches(from, isSuccess);
  return put >= 0 && reaches(from, (_, index) => index === put) && reaches(put, isSuccess);
}

/** Whether a node after an offset gives one of some variables another value. */
function resets(node: ControlFlowNode, names: ReadonlySet<string>, after: number): boolean {
  return expressionsIn(node).some(
    (expression) =>
      expression.kind === 'assignment' &&
      expression.target.kind === 'name' &&
      names.has(expression.target.name) &&
      expression.at > after,
  );
}

/** The variables in whose structure the attachment is kept: to return one is to succeed. */
function holdersOf(unit: FunctionUnit, attach: CallExpression): ReadonlySet<string> {
  const found = new Set<string>();
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind !== 'member' || !expression.target.arrow) return;
    const { object } = expression.target;
    if (object.kind === 'name' && isOf(unit, expression.value, attach)) found.add(object.name);
  });
  return found;
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
