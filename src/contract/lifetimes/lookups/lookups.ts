// Which functions look up a counted object, and return it with a reference that is the caller's?

import { callsIn, type Expression, type FunctionUnit, stripCasts } from '../../../c/index.js';
import { type ControlFlowNode, graphOf, isReachable, nodeOfCall, successors } from '../../../flow/index.js';
import { errorConversions, isAllocator, isNullPointer, kref, raisesCount } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, functionsIn } from '../../../program/index.js';
import { isCallResult } from '../../calls/origins.js';
import { variablesOfCalls } from '../../calls/result-tests.js';
import { returnedValues } from '../../calls/returned-values.js';
import { unique } from '../../unique.js';
import { type Counted, countPlace } from './count-place.js';
import { givesAway } from './object-uses.js';
import { isVariable, tellsPresence } from './presence.js';

/**
 * The functions of a file that return such an object with a reference: they raise its count on every way on which they return
 * it, or return what such a one returns. One that stores the object has given the reference to whoever finds it there.
 */
export function lookupsOf(codebase: Codebase, counted: Counted, path: string): readonly FunctionRef[] {
  const returning = new RegExp(`\\bstruct\\s+${counted.tag}\\b`);
  const candidates = functionsIn(codebase.program, path).filter(
    (ref) => returning.test(ref.outline.returnType) && !makesOne(codebase.program.lower(ref)),
  );
  const direct = candidates.filter((ref) => looksUp(codebase, ref, counted));
  const names = new Set(direct.map(({ outline }) => outline.name));
  return unique([...direct, ...candidates.filter((ref) => returnsOne(codebase, ref, names))], functionKey);
}

/** Whether a function makes the object: then the reference is the first one, which the driver keeps. */
function makesOne({ body }: FunctionUnit): boolean {
  return callsIn(body).some(({ name }) => name !== null && (isAllocator(name) || name === kref.init));
}

/** Whether a function raises the count of the object that it returns, and returns nothing else. */
function looksUp(codebase: Codebase, ref: FunctionRef, counted: Counted): boolean {
  const unit = codebase.program.lower(ref);
  const raises = callsIn(unit.body).flatMap(({ name, call }) => {
    const [count] = call.arguments;
    const place = name !== null && raisesCount(name) && count ? countPlace(count) : undefined;
    return place?.member === counted.member ? [{ call, root: place.root }] : [];
  });
  const [first] = raises;
  if (!first || raises.some(({ root }) => root !== first.root)) return false;
  if (unit.parameters.some(({ name }) => name === first.root)) return false;
  const isIt = (value: Expression): boolean => isVariable(value, first.root);
  const values = returnedValues(unit);
  if (!values.some(isIt) || !values.every((value) => isIt(value) || isNothing(value))) return false;
  const graph = graphOf(unit);
  const raising = new Set(raises.map(({ call }) => nodeOfCall(graph, call)));
  const isOther = (node: ControlFlowNode, index: number): boolean => node.kind !== 'return' && !raising.has(index);
  if (graph.nodes.some((node, index) => isOther(node, index) && isStep(codebase, ref, node, first.root))) return false;
  return !isReachable(graph, graph.entry, {
    isGoal: (node) => node.kind === 'return' && node.value !== null && isIt(node.value),
    isBlocked: (index) => raising.has(index),
    next: (node) => waysWithObject(node, first.root),
  });
}

/** Whether a step gives the object away. The head of a loop that names its cursor does not. */
function isStep(codebase: Codebase, ref: FunctionRef, node: ControlFlowNode, variable: string): boolean {
  return node.kind !== 'round' && givesAway(codebase, ref, node, variable);
}

function waysWithObject(node: ControlFlowNode, variable: string): readonly number[] {
  const isThere = node.kind === 'test' ? tellsPresence(node.test, variable) : undefined;
  if (node.kind !== 'test' || isThere === undefined) return successors(node);
  return [isThere ? node.whenTrue : node.whenFalse];
}

/** Whether a function returns what one of some look-ups returns, and nothing else, and has not stored it. */
function returnsOne(codebase: Codebase, ref: FunctionRef, names: ReadonlySet<string>): boolean {
  const unit = codebase.program.lower(ref);
  const [only, ...others] = callsIn(unit.body).filter(({ name }) => name !== null && names.has(name));
  if (!only || others.length > 0) return false;
  const values = returnedValues(unit);
  const isIt = (value: Expression): boolean => isCallResult(unit, value, only.call.at);
  if (!values.some(isIt) || !values.every((value) => isIt(value) || isNothing(value))) return false;
  const variable = variablesOfCalls(codebase, ref).get(only.call.at);
  const { nodes } = graphOf(unit);
  return (
    variable === undefined || !nodes.some((node) => node.kind !== 'return' && isStep(codebase, ref, node, variable))
  );
}

/** NULL, or an error pointer. */
function isNothing(value: Expression): boolean {
  const bare = stripCasts(value);
  if (isNullPointer(bare)) return true;
  return (
    bare.kind === 'call' && bare.callee.kind === 'name' && errorConversions.get(bare.callee.name)?.to === 'pointer'
  );
}
