// Where does an importer overwrite the direction of a mapping that it keeps?

import { type Expression, lvalueText, subexpressions } from '../../c/index.js';
import { type ControlFlowNode, expressionsIn, graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { directionNames, parameterIndex } from '../../kernel/index.js';
import { type Codebase, functionKey, originsOf } from '../../program/index.js';
import { isCallResult } from '../calls/origins.js';
import type { AttachmentUse } from '../model/attachment.js';
import type { OverwrittenDirection } from '../model/lifetimes.js';

/**
 * Finds the stores into the member that keeps a mapping's direction which come before the question whether the buffer is
 * mapped already: where it is, the unmap gets the new direction, and the mapping has the old one.
 */
export function findOverwrittenDirections(
  codebase: Codebase,
  uses: readonly AttachmentUse[],
): readonly OverwrittenDirection[] {
  return uses.flatMap((use) => {
    if (use.kind !== 'map') return [];
    const given = use.call.arguments[parameterIndex('map', 'direction')];
    const direction = given?.kind === 'member' ? lvalueText(given) : null;
    const table = direction === null ? undefined : keptIn(codebase, use);
    if (direction === null || table === undefined || rootOf(table) !== rootOf(direction)) return [];
    const unmap = uses.find((one) => one.kind === 'unmap' && isOfBoth(codebase, use, one, table, direction));
    const found = unmap && overwrittenIn(codebase, use, table, direction);
    return found && unmap
      ? [{ ...found, ref: use.ref, member: direction, unmap: { ref: unmap.ref, at: unmap.call.at } }]
      : [];
  });
}

/** The member that gets the table. */
function keptIn({ program }: Codebase, { ref, call }: AttachmentUse): string | undefined {
  const unit = program.lower(ref);
  for (const node of graphOf(unit).nodes)
    for (const one of expressionsIn(node))
      if (one.kind === 'assignment' && one.target.kind === 'member' && isCallResult(unit, one.value, call.at))
        return lvalueText(one.target) ?? undefined;
  return undefined;
}

/** Whether an unmap of the module ends the mapping of the one member in the direction of the other. */
function isOfBoth(
  codebase: Codebase,
  map: AttachmentUse,
  unmap: AttachmentUse,
  table: string,
  direction: string,
): boolean {
  const named = (role: 'table' | 'direction'): string | undefined => {
    const given = unmap.call.arguments[parameterIndex('unmap', role)];
    return given?.kind === 'member' ? given.member : undefined;
  };
  return (
    named('table') === lastName(table) &&
    named('direction') === lastName(direction) &&
    functionKey(unmap.ref) !== functionKey(map.ref) &&
    codebase.definitions.module(map.ref.path).includes(unmap.ref.path)
  );
}

/** The store of a direction that may be another one than before, and the question after it; undefined where there is none. */
function overwrittenIn(
  codebase: Codebase,
  { ref, call }: AttachmentUse,
  table: string,
  direction: string,
): Pick<OverwrittenDirection, 'at' | 'askedAt' | 'isPassed'> | undefined {
  const unit = codebase.program.lower(ref);
  const graph = graphOf(unit);
  const map = nodeOfCall(graph, call);
  const reads = (node: ControlFlowNode, text: string): boolean => expressionsIn(node).some((one) => names(one, text));
  const indices = [...graph.nodes.keys()];
  const isQuestion = (index: number): boolean => {
    const node = graph.nodes[index];
    return node?.kind === 'test' && reads(node, table);
  };
  const leads = (from: number, to: number, isBlocked: (index: number) => boolean): boolean =>
    isReachable(graph, from, { isGoal: (_, index) => index === to, isBlocked, next: successors });
  const stores = indices.flatMap((index) => {
    const node = graph.nodes[index];
    const one = node?.kind === 'evaluate' ? node.expression : undefined;
    const isStore = one?.kind === 'assignment' && lvalueText(one.target) === direction;
    return isStore ? [{ index, value: one.value, at: one.at }] : [];
  });
  const [store, ...others] = stores;
  if (map < 0 || !store || others.length > 0 || isSame(store.value)) return undefined;
  // Who compares with the old direction, or has asked before the store, knows what is overwritten.
  if (indices.some((index) => graph.nodes[index]?.kind === 'test' && reads(graph.nodes[index], direction)))
    return undefined;
  if (!leads(graph.entry, store.index, isQuestion)) return undefined;
  for (const index of indices.filter(isQuestion)) {
    const node = graph.nodes[index];
    const branches = successors(node).filter((from) => leads(from, map, (other) => other === index));
    if (!node || branches.length !== 1 || !leads(store.index, index, (other) => other === map)) continue;
    const isPassed =
      originsOf(unit, store.value).some(({ kind }) => kind === 'parameter') && store.value.kind === 'name';
    return { at: store.at, askedAt: node.at, isPassed };
  }
  return undefined;
}

/** Whether a value is the same each time: a constant. */
function isSame(value: Expression): boolean {
  return value.kind === 'literal' || (value.kind === 'name' && directionNames.includes(value.name));
}

function names(expression: Expression, text: string): boolean {
  return (
    (expression.kind === 'member' && lvalueText(expression) === text) ||
    subexpressions(expression).some((inner) => names(inner, text))
  );
}

const rootOf = (member: string): string => member.slice(0, member.lastIndexOf('.'));
const lastName = (member: string): string => member.slice(member.lastIndexOf('.') + 1);
