// Who looks up a counted object, and leaves without the put?

import { type CallExpression, callsIn, type Expression, stripCasts, visitExpressions } from '../../../c/index.js';
import { type ControlFlowGraph, graphOf, leadsTo, nodeOfCall, successors } from '../../../flow/index.js';
import { errorConversions, isHarmless, isPlainLock, isPlainUnlock } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../../program/index.js';
import { variablesOfCalls } from '../../calls/result-tests.js';
import type { Leak } from '../../model/lifetimes.js';
import { describeWayOut, stepAt } from '../../places.js';
import { type CountedObjects, countedObjects } from './counted-objects.js';
import { createUses, type ObjectUses } from './object-uses.js';
import { isVariable } from './presence.js';

/**
 * Finds the functions that get a counted object from a look-up of the driver and leave without it, and without a put: with an
 * error, where other ways put it or hand it on (medium confidence), or on every way, where they only look at it (low
 * confidence, since another function may put it twice). The object holds what it has of a buffer for ever then.
 */
export function findKeptLookups(codebase: Codebase): readonly Leak[] {
  return countedObjects(codebase).flatMap((objects) =>
    objects.lookups.flatMap((lookup) =>
      codebase.references
        .callersOf(lookup)
        .flatMap(({ caller, call }) =>
          memoByFunction(
            codebase,
            caller,
            `kept-lookup\0${call.at}`,
            () => keptBy(codebase, objects, lookup, { ref: caller, at: call.at }),
            plain(),
          ),
        ),
    ),
  );
}

interface Place {
  readonly ref: FunctionRef;
  /** The call of the look-up. */
  readonly at: number;
}

function keptBy(codebase: Codebase, { put }: CountedObjects, lookup: FunctionRef, { ref, at }: Place): readonly Leak[] {
  const unit = codebase.program.lower(ref);
  const variable = variablesOfCalls(codebase, ref).get(at);
  const call = callsIn(unit.body).find((one) => one.call.at === at)?.call;
  const uses = variable === undefined ? undefined : createUses(codebase, ref, variable);
  if (!call || !uses || unit.unparsed.length > 0) return [];
  const graph = graphOf(unit);
  const from = nodeOfCall(graph, call);
  if (from < 0) return [];
  const ending = graph.nodes.flatMap((node, index) => (index !== from && uses.givesAway(node) ? [index] : []));
  if (ending.length === 0 && !onlyLooks(codebase, ref, call)) return [];
  const exit = exitsWithout(graph, from, uses, new Set(ending)).find(
    (one) => !ending.some((index) => leadsTo(graph, index, one)) && (ending.length === 0 || fails(graph, one)),
  );
  const node = exit === undefined ? undefined : graph.nodes[exit];
  if (node?.kind !== 'return' || variable === undefined) return [];
  // A handle of the object, or what else the object has, may lead whoever gets it to the put.
  if (ending.length === 0 && node.value && isMemberOf(node.value, variable)) return [];
  const { name } = ref.outline;
  return [
    {
      kind: 'reference',
      outcome: ending.length > 0 ? 'error' : 'unknown',
      leaver: name,
      refused: null,
      wasTold: false,
      closedBy: null,
      failedAfter: null,
      path: ref.path,
      at,
      function: name,
      api: lookup.outline.name,
      certainty: ending.length > 0 ? 'medium' : 'low',
      trace: [
        stepAt(codebase, put.path, put.outline.nameAt, `${put.outline.name}() would put it`),
        stepAt(
          codebase,
          ref.path,
          node.at,
          `${name}() ${describeWayOut(codebase, ref.path, node.at)}, and nothing has put it`,
        ),
      ],
    },
  ];
}

/**
 * The returns that a function comes to with the object. A test that stands in the function twice may be answered as it was
 * before: such a way is not followed.
 */
function exitsWithout(
  graph: ControlFlowGraph,
  from: number,
  uses: ObjectUses,
  ending: ReadonlySet<number>,
): readonly number[] {
  const found: number[] = [];
  const seen = new Set<number>([from]);
  const open = [...successors(graph.nodes[from])];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const node = graph.nodes[index];
    if (!node || seen.has(index) || ending.has(index)) continue;
    seen.add(index);
    if (node.kind === 'return') found.push(index);
    else open.push(...uses.waysWithObject(node));
  }
  return found;
}

/** Whether a return gives an error: a negative code, an error pointer, or the variable that a test before it has found set. */
function fails({ nodes }: ControlFlowGraph, index: number): boolean {
  const node = nodes[index];
  const value = node?.kind === 'return' && node.value ? stripCasts(node.value) : undefined;
  if (value?.kind === 'unary') return value.operator === '-';
  if (value?.kind === 'call') return value.callee.kind === 'name' && errorConversions.has(value.callee.name);
  return (
    value?.kind === 'name' &&
    nodes.some((one) => one.kind === 'test' && one.whenTrue === index && isVariable(one.test, value.name))
  );
}

/** Whether a function does nothing but look at things: it makes no other call that does more, and fills no member. */
function onlyLooks(codebase: Codebase, ref: FunctionRef, lookup: CallExpression): boolean {
  const { body } = codebase.program.lower(ref);
  let fills = false;
  visitExpressions(body, (expression) => {
    if (expression.kind === 'assignment' && expression.target.kind === 'member') fills = true;
  });
  const isLook = ({ name, call }: ReturnType<typeof callsIn>[number]): boolean =>
    call === lookup || (name !== null && (isHarmless(name) || isPlainLock(name) || isPlainUnlock(name)));
  return !fills && callsIn(body).every(isLook);
}

/** Whether a value is a member of the object of a variable. */
function isMemberOf(value: Expression, variable: string): boolean {
  const bare = stripCasts(value);
  if (bare.kind === 'conditional')
    return [bare.then ?? bare.test, bare.otherwise].some((one) => isMemberOf(one, variable));
  return bare.kind === 'member' && isVariable(bare.object, variable);
}
