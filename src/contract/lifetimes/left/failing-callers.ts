// What does a caller do with what it has passed to a function, where that function fails?

import { type CallExpression, callsIn, type Expression, expressionText, type FunctionUnit } from '../../../c/index.js';
import { type ControlFlowNode, graphOf, isReachable, nodeOfCall, successors } from '../../../flow/index.js';
import { isErrorMacro } from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../../program/index.js';
import { withoutCasts } from '../../owners/members.js';
import { mayRelease, sharesSource, sourcesOf } from './shown-sources.js';

/** How many callers up are asked. */
const highestCaller = 3;

type MayEnd = (caller: FunctionRef, call: CallExpression) => boolean;

/**
 * Returns whether a caller of a function, where that fails, calls something that may release what came from the parameters
 * named: `core_clear(x)` after `ex_bind(x)`.
 * @param sources names of variables of the function; those that are no parameters do not count
 * @param mayEnd whether a call of a caller may release it
 */
export function isEndedByCaller(
  codebase: Codebase,
  ref: FunctionRef,
  sources: readonly string[],
  mayEnd: MayEnd = (_, call) => mayRelease(call),
  height = highestCaller,
): boolean {
  const indices = ref.outline.parameters.flatMap(({ name }, index) =>
    name !== null && sources.includes(name) ? [index] : [],
  );
  if (indices.length === 0 || height === 0) return false;
  return codebase.references.callersOf(ref).some(({ caller, call }) => {
    if (functionKey(caller) === functionKey(ref)) return false;
    const unit = codebase.program.lower(caller);
    const passed = indices.flatMap((index) => {
      const argument = call.arguments[index];
      return argument ? sourcesOf(unit, argument) : [];
    });
    const mayCallerEnd = (one: CallExpression): boolean => mayEnd(caller, one);
    return endsAfter(unit, call, passed, mayCallerEnd) || isEndedByCaller(codebase, caller, passed, mayEnd, height - 1);
  });
}

/** Whether a call that may release something of a source stands on a way on which an earlier call has failed. */
function endsAfter(
  unit: FunctionUnit,
  failing: CallExpression,
  sources: readonly string[],
  mayEnd: (call: CallExpression) => boolean,
): boolean {
  const graph = graphOf(unit);
  const from = nodeOfCall(graph, failing);
  if (from < 0) return true;
  const next = nextWhere(unit, failing, true);
  return callsIn(unit.body).some(({ call }) => {
    if (call === failing || !mayEnd(call) || !sharesSource(unit, call, sources)) return false;
    const node = nodeOfCall(graph, call);
    if (node < 0) return true;
    return (
      node !== from && isReachable(graph, from, { isGoal: (_, index) => index === node, isBlocked: () => false, next })
    );
  });
}

/** The nodes that may follow a node where a call has failed, or where its result was 0, as far as tests of the result say. */
export function nextWhere(unit: FunctionUnit, failing: CallExpression, hasFailed: boolean): typeof successors {
  const { values } = assignmentsOf(unit);
  const isCall = (value: Expression): boolean => withoutCasts(value).at === failing.at;
  const results = new Set([...values].flatMap(([name, given]) => (given.some(isCall) ? [name] : [])));
  const isResult = (value: Expression): boolean => {
    const bare = withoutCasts(value);
    if (bare.kind === 'assignment') return isResult(bare.value);
    return bare.kind === 'name' ? results.has(bare.name) : bare.kind === 'call' && bare.at === failing.at;
  };
  return (node: ControlFlowNode | undefined) => {
    if (node?.kind === 'switch' && isResult(node.subject)) return casesWhere(node, hasFailed);
    const answer = node?.kind === 'test' ? answerOf(node.test, isResult) : undefined;
    return node?.kind !== 'test' || answer === undefined
      ? successors(node)
      : [answer === hasFailed ? node.whenTrue : node.whenFalse];
  };
}

/** The cases of a `switch` over a result that a failure comes to, or a success: `case 0`, or the default where there is none. */
function casesWhere({ cases }: Extract<ControlFlowNode, { kind: 'switch' }>, hasFailed: boolean): readonly number[] {
  const isZero = ({ value }: (typeof cases)[number]): boolean => value !== null && expressionText(value) === '0';
  const wanted = hasFailed
    ? cases.filter((one) => !isZero(one))
    : cases.filter((one) => (cases.some(isZero) ? isZero(one) : one.value === null));
  return wanted.map(({ next }) => next);
}

const answers: ReadonlyMap<string, boolean> = new Map([
  ['<', true],
  ['!=', true],
  ['>=', false],
  ['==', false],
]);

/** What a test answers where a result is an error; undefined where it asks for something else. */
function answerOf(test: Expression, isResult: (value: Expression) => boolean): boolean | undefined {
  if (isResult(test)) return true;
  if (test.kind === 'call' && test.callee.kind === 'name' && isErrorMacro(test.callee.name))
    return test.arguments.some(isResult) ? true : undefined;
  if (test.kind !== 'binary' || expressionText(test.right) !== '0') return undefined;
  return isResult(test.left) ? answers.get(test.operator) : undefined;
}
