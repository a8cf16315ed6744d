// Which release leaves a pin where a flag says that the callback has been there, though the callback leaves it, too?

import { callsIn, type Expression, visitExpressions } from '../../../c/index.js';
import {
  type Decision,
  type FlowExit,
  type FunctionFlow,
  functionsInTables,
  type Resource,
} from '../../../flow/index.js';
import { functionsWithRole, importerOpsTag } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, functionsIn } from '../../../program/index.js';
import type { Leak } from '../../model/lifetimes.js';
import { describeWayOut, stepAt } from '../../places.js';
import { decisionSteps } from '../defects.js';
import { deepest, mayBeDoneElsewhere, mayUnpin, reachedFrom } from './pins/who-unpins.js';

/**
 * Finds the releases that detach on every way, and unpin on those only where a flag is not set: the importer's callback sets
 * the flag and does not unpin either. Where another function may do it later, nothing is said. Of a mapping the callback
 * itself is told that it never unmaps.
 */
export function findLeftWhenRevoked(codebase: Codebase, flows: readonly FunctionFlow[]): readonly Leak[] {
  return flows.flatMap((flow) =>
    flow.exits.flatMap((exit) => {
      if (!releases(exit, 'attachment') || exit.state.resources.some(({ kind }) => kind === 'pin')) return [];
      const flag = flagThatSkips(flow, exit);
      const setter = flag === undefined ? undefined : callbackThatSets(codebase, flow.ref, flag);
      if (flag === undefined || !setter || mayBeDoneElsewhere(codebase, flow.ref, flag)) return [];
      // One report for a flag, however many calls pin.
      return takersIn(codebase, flow.ref)
        .slice(0, 1)
        .map((taker) => leakOf(codebase, flow, exit, { taker, flag, setter }));
    }),
  );
}

/** Whether an exit has released one that the function found. */
function releases({ state }: FlowExit, kind: Resource['kind']): boolean {
  return state.resources.some((one) => one.kind === kind && one.status === 'released' && one.count === 0);
}

/** The member that an exit found to be set, and another one, which unpins, found not to be. */
function flagThatSkips({ exits }: FunctionFlow, exit: FlowExit): string | undefined {
  for (const other of exits) {
    if (!releases(other, 'pin') || !releases(other, 'attachment')) continue;
    for (const decision of exit.state.decisions) {
      const flag = flagSetAt(decision);
      const isOther = flag !== undefined && other.state.decisions.some((one) => isOpposite(one, decision));
      if (isOther) return flag;
    }
  }
  return undefined;
}

function isOpposite(one: Decision, other: Decision): boolean {
  const isSame = one.kind === 'test' && other.kind === 'test' && one.path === other.path && one.at === other.at;
  return isSame && one.answer !== other.answer;
}

/** The member that a decision found to be set: `mr->revoked` true, or `!mr->revoked` false. */
function flagSetAt(decision: Decision): string | undefined {
  if (decision.kind !== 'test') return undefined;
  let { test, answer }: { test: Expression; answer: boolean } = decision;
  for (; test.kind === 'unary' && test.operator === '!'; test = test.operand) answer = !answer;
  return answer && test.kind === 'member' ? test.member : undefined;
}

/** The callback of the same file that sets a flag and does not unpin. */
function callbackThatSets(codebase: Codebase, ref: FunctionRef, flag: string): FunctionRef | undefined {
  const callbacks = functionsInTables(codebase, ref.path, (type) => type.includes(importerOpsTag));
  return callbacks.find((callback) => {
    const reached = reachedFrom(codebase, callback, deepest);
    return (
      reached.some((one) => sets(codebase, one, flag)) && !reached.some((one) => mayUnpin(codebase, callback, one))
    );
  });
}

function sets({ program }: Codebase, ref: FunctionRef, flag: string): boolean {
  let found = false;
  visitExpressions(program.lower(ref).body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind !== 'member' || expression.target.member !== flag)
      return;
    const { value } = expression;
    found ||= (value.kind === 'name' && value.name === 'true') || (value.kind === 'literal' && value.text === '1');
  });
  return found;
}

/** The calls that pin, in the function's file. */
function takersIn({ program }: Codebase, { path }: FunctionRef): readonly Taker[] {
  const names = new Set(functionsWithRole('pin'));
  return functionsIn(program, path).flatMap((ref) =>
    callsIn(program.lower(ref).body).flatMap(({ name, call }) =>
      name !== null && names.has(name) ? [{ ref, api: name, at: call.at }] : [],
    ),
  );
}

interface Taker {
  readonly ref: FunctionRef;
  readonly api: string;
  readonly at: number;
}

interface LeftOut {
  readonly taker: Taker;
  readonly flag: string;
  readonly setter: FunctionRef;
}

function leakOf(codebase: Codebase, { ref }: FunctionFlow, exit: FlowExit, { taker, flag, setter }: LeftOut): Leak {
  return {
    kind: 'pin',
    outcome: exit.outcome,
    leaver: ref.outline.name,
    refused: null,
    wasTold: false,
    closedBy: null,
    failedAfter: null,
    path: taker.ref.path,
    at: taker.at,
    function: taker.ref.outline.name,
    api: taker.api,
    certainty: 'medium',
    trace: [
      stepAt(
        codebase,
        setter.path,
        setter.outline.nameAt,
        `${setter.outline.name}() sets '${flag}', and does not unpin`,
      ),
      ...decisionSteps(codebase, exit.state.decisions, null),
      stepAt(
        codebase,
        ref.path,
        exit.at,
        `${ref.outline.name}() ${describeWayOut(codebase, ref.path, exit.at)}, and has not unpinned`,
      ),
    ],
  };
}
