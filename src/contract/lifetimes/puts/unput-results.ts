// Does a function leave a reference that came with what a helper of its own returned, though it puts that on another way?

import { type CallExpression, callsIn, type FunctionUnit } from '../../../c/index.js';
import {
  type FlowExit,
  type FunctionFlow,
  graphOf,
  leadsTo,
  nodeOfCall,
  type Resource,
  saysItTakesReference,
} from '../../../flow/index.js';
import { isResourceType, roleOf } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, functionAt, functionKey } from '../../../program/index.js';
import { placeKey } from '../defects.js';
import { mayRelease, sharesSource, sourcesOf } from '../left/shown-sources.js';

/**
 * Whether a way out leaves a further reference to a buffer that others know, where a helper took it and returned the buffer:
 * on another way out of the same outcome, the function puts what the same call of the helper returned. Nothing that may put
 * the reference under another name may be called after that.
 */
export function isUnputResult(
  codebase: Codebase,
  { ref, exits, incomplete }: FunctionFlow,
  exit: FlowExit,
  resource: Resource,
): boolean {
  const { kind, status, count, api, isElement, leftByFailure, path, at } = resource;
  if (incomplete !== null || kind !== 'reference' || status !== 'held' || count !== 1 || roleOf(api) !== 'ref')
    return false;
  const getter = functionAt(codebase.program, path, at);
  if (isElement || leftByFailure || !getter || functionKey(getter) === functionKey(ref)) return false;
  if (!isResourceType(getter.outline.returnType) || saysItTakesReference(codebase, ref)) return false;
  const call = onlyCall(codebase, ref, getter.outline.name);
  const puts = exits.flatMap((other) =>
    other.outcome === exit.outcome ? other.state.resources.filter((one) => isPutResult(codebase, getter, one)) : [],
  );
  return (
    call !== undefined &&
    puts.some((one) => placeKey(one) !== placeKey(resource) || exit.outcome === 'error') &&
    puts.every((one) => !mayPutOtherwise(codebase, ref, exit, call, one))
  );
}

/** Whether a way out has put the reference that came with the result of a helper. */
function isPutResult(codebase: Codebase, getter: FunctionRef, { kind, status, count, path, at }: Resource): boolean {
  if (kind !== 'reference' || status !== 'released' || count === 0) return false;
  const taker = functionAt(codebase.program, path, at);
  return taker !== undefined && functionKey(taker) === functionKey(getter);
}

function onlyCall({ program }: Codebase, ref: FunctionRef, name: string): CallExpression | undefined {
  const [first, ...others] = callsIn(program.lower(ref).body).filter((one) => one.name === name);
  return others.length === 0 ? first?.call : undefined;
}

/**
 * Whether something besides the put of the other way out may put the reference: a callee that gets what the helper got, in the
 * function, on a way to the return; or, where another function has the put, any callee there.
 */
function mayPutOtherwise(
  codebase: Codebase,
  ref: FunctionRef,
  exit: FlowExit,
  getting: CallExpression,
  { end }: Resource,
): boolean {
  const { program } = codebase;
  const putter = end ? functionAt(program, end.path, end.at) : undefined;
  if (!putter) return true;
  const unit = program.lower(ref);
  const isOwn = functionKey(putter) === functionKey(ref);
  if (!isOwn && callsIn(program.lower(putter).body).some(({ call }) => mayRelease(call))) return true;
  const sources = getting.arguments.flatMap((argument) => sourcesOf(unit, argument));
  return callsIn(unit.body).some(
    ({ name, call }) =>
      call.at > getting.at &&
      !(name === putter.outline.name && !isOwn) &&
      mayRelease(call) &&
      sharesSource(unit, call, sources) &&
      mayLeadTo(unit, call, exit),
  );
}

/** Whether a way may lead from a call to a return. */
function mayLeadTo(unit: FunctionUnit, call: CallExpression, { at }: FlowExit): boolean {
  const graph = graphOf(unit);
  const from = nodeOfCall(graph, call);
  const goal = graph.nodes.findIndex((node) => node.kind === 'return' && node.at === at);
  return from < 0 || goal < 0 || leadsTo(graph, from, goal);
}
