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
import { type Codebase, type FunctionRef, filesSaying, functionKey, functionsIn } from '../../../program/index.js';
import type { Leak } from '../../model/lifetimes.js';
import { describeWayOut, stepAt } from '../../places.js';
import { unique } from '../../unique.js';
import { decisionSteps } from '../defects.js';

/** How many calls deep an unpin or a flag is looked for. */
const deepest = 3;

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
      if (flag === undefined || !setter || mayBeDoneElsewhere(codebase, flow, flag)) return [];
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
    return reached.some((one) => sets(codebase, one, flag)) && !reached.some((one) => calls(codebase, one, 'unpin'));
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

/** Whether a function pins or unpins itself, or with a macro. */
function calls({ definitions, program }: Codebase, ref: FunctionRef, role: 'pin' | 'unpin'): boolean {
  const isCall = new RegExp(`\\b(?:${functionsWithRole(role).join('|')})\\s*\\(`);
  if (isCall.test(program.bodyText(ref))) return true;
  return callsIn(program.lower(ref).body).some(({ name }) => isCall.test(macroText(name) ?? ''));

  function macroText(name: string | null): string | undefined {
    return name === null ? undefined : definitions.macro(name, ref.path);
  }
}

/** A function and those that it calls. */
function reachedFrom(codebase: Codebase, ref: FunctionRef, depth: number): readonly FunctionRef[] {
  if (depth === 0) return [ref];
  const callees = callsIn(codebase.program.lower(ref).body).flatMap(({ name }) => {
    const callee = name === null ? undefined : codebase.definitions.findCandidate(name, ref.path);
    return callee && functionKey(callee) !== functionKey(ref) ? reachedFrom(codebase, callee, depth - 1) : [];
  });
  return [ref, ...callees];
}

/**
 * Whether another function of the files that know the flag, or a helper that unpins for the release, unpins, too: with its own
 * call or with such a helper, and not to undo its own pin. A caller of the release does not count.
 */
function mayBeDoneElsewhere(codebase: Codebase, { ref }: FunctionFlow, flag: string): boolean {
  const { definitions, program } = codebase;
  const below = reachedFrom(codebase, ref, deepest);
  const own = new Set(below.map(functionKey));
  const helpers = below.filter(
    (one) =>
      functionKey(one) !== functionKey(ref) &&
      reachedFrom(codebase, one, deepest).some((inner) => calls(codebase, inner, 'unpin')),
  );
  const words = [flag, ...helpers.map(({ outline }) => outline.name)];
  const isHelper = (name: string): boolean => helpers.some(({ outline }) => outline.name === name);
  const module = definitions.module(ref.path);
  return unique(
    words.flatMap((word) => filesSaying(codebase, module, word)),
    (path) => path,
  )
    .flatMap((path) => functionsIn(program, path))
    .filter((one) => !own.has(functionKey(one)) && !calls(codebase, one, 'pin'))
    .some((one) => calls(codebase, one, 'unpin') || namesIn(codebase, one).some(isHelper));
}

/** The words of a function's body: a helper may be called, or be handed over to be called later. */
function namesIn({ program }: Codebase, ref: FunctionRef): readonly string[] {
  return program.bodyText(ref).match(/\b[A-Za-z_]\w*/g) ?? [];
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
