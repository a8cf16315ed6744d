// Into which struct fields does code store an attachment?

import { callsIn, type Expression, type FunctionUnit } from '../../c/index.js';
import { assignmentsOf, type Codebase } from '../../program/index.js';
import { isCallResult, isParameterValue } from '../calls/origins.js';
import { returnedValues } from '../calls/returned-values.js';
import type { AttachSite } from '../model/attachment.js';

/**
 * Returns the struct fields into which code stores the attachment of a site: the attaching function, a function that
 * gets the attachment as an argument, or a caller that gets it as the result.
 */
export function storedFields(codebase: Codebase, site: AttachSite): ReadonlySet<string> {
  const unit = codebase.program.lower(site.ref);
  const isAttachment = (value: Expression): boolean => isCallResult(unit, value, site.call.at);
  const found = new Set(fieldsHolding(unit, isAttachment));
  for (const { call, name } of callsIn(unit.body)) {
    const index = call.arguments.findIndex(isAttachment);
    const target = index >= 0 && name ? codebase.definitions.findNear(name, site.ref.path) : undefined;
    if (!target) continue;
    const callee = codebase.program.lower(target);
    for (const field of fieldsHolding(callee, (value) => isParameterValue(callee, value, index))) found.add(field);
  }
  if (!returnedValues(unit).some(isAttachment)) return found;
  for (const { caller, call } of codebase.references.callersOf(site.ref)) {
    const above = codebase.program.lower(caller);
    for (const field of fieldsHolding(above, (value) => isCallResult(above, value, call.at))) found.add(field);
  }
  return found;
}

function fieldsHolding(unit: FunctionUnit, holds: (value: Expression) => boolean): readonly string[] {
  const fields: string[] = [];
  for (const [target, values] of assignmentsOf(unit).values) {
    const field = /\.(\w+)$/.exec(target)?.[1];
    if (field && values.some(holds)) fields.push(field);
  }
  return fields;
}
