// Collections of entries: which store puts an entry that holds a resource in place of another one?

import { type CallExpression, type Expression, type FunctionUnit, visitExpressions } from '../../c/index.js';
import type { ControlFlowNode } from '../../flow/index.js';
import { entrySetterOf } from '../../kernel/index.js';
import { isCallResult } from '../calls/origins.js';
import { rootOf } from '../owners/members.js';

/**
 * Whether a node puts an entry with the result of a call into a collection, and does not keep what stood there before:
 * `xa_store(&s->bindings, id, b, gfp)` with `b->attach`.
 */
export function isEntryWith(
  unit: FunctionUnit,
  node: ControlFlowNode,
  store: Expression,
  { at }: CallExpression,
): boolean {
  if (store.kind !== 'call' || store.callee.kind !== 'name' || store.at < at) return false;
  const entry = store.arguments[entrySetterOf(store.callee.name)?.value ?? -1];
  if (entry?.kind !== 'name') return false;
  const isKept = (value: Expression | null): boolean => value?.kind === 'call' && value.at === store.at;
  if (node.kind === 'declare' && isKept(node.value)) return false;
  let [isHeld, isFound] = [false, false];
  visitExpressions(unit.body, (one) => {
    if (one.kind !== 'assignment') return;
    if (isKept(one.value)) isHeld = true;
    if (one.target.kind === 'member' && rootOf(one.target) === entry.name && isCallResult(unit, one.value, at))
      isFound = true;
  });
  return isFound && !isHeld;
}
