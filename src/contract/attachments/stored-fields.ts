// Into which struct fields does code store an attachment?

import { callsIn, type Expression } from '../../c/index.js';
import { assignmentsOf, type FunctionRef } from '../../program/index.js';
import { isCallResult, isParameterValue } from '../calls/origins.js';
import { returnedValues } from '../calls/returned-values.js';
import type { AttachSite } from '../model/attachment.js';
import { type OwnerSearch, tagOf } from '../owners/members.js';

/** A member of a struct, whose tag is undefined where the code does not show it. */
export interface StoredField {
  readonly name: string;
  readonly tag: string | undefined;
}

/**
 * Returns the struct fields into which code stores the attachment of a site: the attaching function, a function that
 * gets the attachment as an argument, or a caller that gets it as the result.
 */
export function storedFields(search: OwnerSearch, site: AttachSite): readonly StoredField[] {
  const { codebase } = search;
  const unit = codebase.program.lower(site.ref);
  const isAttachment = (value: Expression): boolean => isCallResult(unit, value, site.call.at);
  const found = [...fieldsHolding(search, site.ref, isAttachment)];
  for (const { call, name } of callsIn(unit.body)) {
    const index = call.arguments.findIndex(isAttachment);
    const target = index >= 0 && name ? codebase.definitions.findNear(name, site.ref.path) : undefined;
    if (!target) continue;
    const callee = codebase.program.lower(target);
    found.push(...fieldsHolding(search, target, (value) => isParameterValue(callee, value, index)));
  }
  if (!returnedValues(unit).some(isAttachment)) return found;
  for (const { caller, call } of codebase.references.callersOf(site.ref)) {
    const above = codebase.program.lower(caller);
    found.push(...fieldsHolding(search, caller, (value) => isCallResult(above, value, call.at)));
  }
  return found;
}

function fieldsHolding(
  search: OwnerSearch,
  ref: FunctionRef,
  holds: (value: Expression) => boolean,
): readonly StoredField[] {
  const fields: StoredField[] = [];
  for (const [target, values] of assignmentsOf(search.codebase.program.lower(ref)).values) {
    const path = target.split('.');
    const name = path.at(-1);
    if (name && path.length > 1 && values.some(holds))
      fields.push({ name, tag: holderTag(search, ref, { kind: 'name', name: path[0] ?? '', at: 0 }, path.slice(1)) });
  }
  return fields;
}

/** The tag of the struct whose member a path ends with; undefined where the code does not show it. */
export function holderTag(
  search: OwnerSearch,
  ref: FunctionRef,
  root: Expression,
  path: readonly string[],
): string | undefined {
  return tagOf(search, ref, withMembers(root, path.slice(0, -1)));
}

/** The expression of a member, or of a member of a member: `x->a`, `x->a->b`. */
export function withMembers(value: Expression, path: readonly string[]): Expression {
  return path.reduce<Expression>(
    (object, member) => ({ kind: 'member', object, member, arrow: true, at: object.at }),
    value,
  );
}
