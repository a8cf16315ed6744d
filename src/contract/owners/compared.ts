// Does a function put a buffer under its parameter's name, having found the structure that keeps it by comparing the two?

import { type Expression, visitExpressions } from '../../c/index.js';
import { assignmentsOf, type FunctionRef } from '../../program/index.js';
import { fatesIn } from './fates.js';
import { isMember } from './members.js';
import type { MemberQuery } from './undoing.js';

/**
 * Whether a function releases what is in the member through a parameter that it has compared with the member:
 * `if (entry->buf == buf) { dma_buf_put(buf); kfree(entry); }`. A local variable does not count: its reference may be one
 * of the function's own.
 */
export function releasesCompared({ search, fills }: MemberQuery, ref: FunctionRef): boolean {
  const [{ held, kind }] = fills;
  const unit = search.codebase.program.lower(ref);
  const { values } = assignmentsOf(unit);
  const parameters = new Set(ref.outline.parameters.map(({ name }) => name).filter((name) => !values.has(name)));
  const compared = new Set<string>();
  const note = (one: Expression, other: Expression): void => {
    if (one.kind === 'name' && parameters.has(one.name) && isMember(search, ref, other, held)) compared.add(one.name);
  };
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'binary' || (expression.operator !== '==' && expression.operator !== '!=')) return;
    note(expression.left, expression.right);
    note(expression.right, expression.left);
  });
  if (compared.size === 0) return false;
  return fatesIn(search, kind, ref, () => false, [...compared]).some((fate) => fate.kind === 'released');
}
