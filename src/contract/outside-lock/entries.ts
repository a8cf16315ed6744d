// Collections of entries: which store puts an entry that holds a resource in place of another one?

import {
  type CallExpression,
  type Expression,
  expressionText,
  type FunctionUnit,
  lvalueText,
  visitExpressions,
} from '../../c/index.js';
import type { ControlFlowNode } from '../../flow/index.js';
import { entrySetterOf, loadsEntry } from '../../kernel/index.js';
import { assignmentsOf } from '../../program/index.js';
import { isCallResult } from '../calls/origins.js';
import { rootOf, withoutCasts } from '../owners/members.js';

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

/**
 * Whether a value is what a collection holds at an index: `xa_load(&s->bindings, id)`.
 * @param collection as {@link lvalueText} writes it: `s.bindings`
 * @param index as {@link indexText} writes it
 */
export function isEntryAt(value: Expression, collection: string, index: string): boolean {
  const call = withoutCasts(value);
  if (call.kind !== 'call' || call.callee.kind !== 'name' || !loadsEntry(call.callee.name)) return false;
  const [place, own] = call.arguments;
  if (!place || !own || indexText(own) !== index) return false;
  return lvalueText(place.kind === 'unary' && place.operator === '&' ? place.operand : place) === collection;
}

/** The index at which a call puts an entry into a collection, as {@link indexText} writes it; undefined for any other expression. */
export function indexOfEntry(store: Expression): string | undefined {
  if (store.kind !== 'call' || store.callee.kind !== 'name') return undefined;
  const index = store.arguments[entrySetterOf(store.callee.name)?.index ?? -1];
  return index && indexText(index);
}

/** An index as text: `eng.id` for `eng->id`. */
export function indexText(index: Expression): string {
  return lvalueText(withoutCasts(index)) ?? expressionText(index);
}

/**
 * Whether an index may be another one where it is asked for than where it is stored at: its variable gets several values.
 * @param index as {@link indexText} writes it
 */
export function mayChange(unit: FunctionUnit, index: string): boolean {
  const [root = ''] = index.split('.');
  const isParameter = unit.parameters.some(({ name }) => name === root);
  const { values } = assignmentsOf(unit);
  return (values.get(root) ?? []).length > (isParameter ? 0 : 1) || (index !== root && values.has(index));
}
