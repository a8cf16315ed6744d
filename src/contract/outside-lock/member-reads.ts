// Which expressions read a member, or an entry of the collection that it is?

import { type Expression, lvalueText } from '../../c/index.js';
import { isReadOfMember, transparentArgument } from '../../kernel/index.js';
import { type indexText, isEntryAt } from './entries.js';

/**
 * Whether a value is what a member holds, or what the collection that it is holds at an index.
 * @param member as {@link lvalueText} writes it: `bo.sgt`
 * @param index as {@link indexText} writes it; undefined where the member is no collection
 */
export function isValueOf(value: Expression, member: string, index: string | undefined): boolean {
  return index === undefined ? isMemberText(throughMacros(value), member) : isEntryAt(value, member, index);
}

/** The x of `READ_ONCE(x)`, of `smp_load_acquire(&x)` and of a cast. */
function throughMacros(value: Expression): Expression {
  if (value.kind === 'cast') return throughMacros(value.operand);
  if (value.kind === 'unary' && value.operator === '&') return throughMacros(value.operand);
  if (value.kind !== 'call' || value.callee.kind !== 'name') return value;
  const { name } = value.callee;
  const index = transparentArgument(name) ?? (isReadOfMember(name) ? 0 : undefined);
  const inner = index === undefined ? undefined : value.arguments[index];
  return inner ? throughMacros(inner) : value;
}

/** Whether an expression is a member, written as {@link lvalueText} writes it. */
export function isMemberText(expression: Expression, member: string): boolean {
  return expression.kind === 'member' && lvalueText(expression) === member;
}
