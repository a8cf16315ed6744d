// Which object does a call tear down?

import { type Expression, type FunctionUnit, lvalueText } from '../../c/index.js';
import { assignmentsOf } from '../../program/index.js';

/** The members that lead to an object, as text; through a local variable that holds a member, and nothing else: `imp.space`. */
export function placeOf(unit: FunctionUnit, object: Expression): string | null {
  const text = lvalueText(object);
  const [root = '', ...members] = text?.split('.') ?? [];
  const { values, locals } = assignmentsOf(unit);
  const [held, ...others] = values.get(root) ?? [];
  const place = held && others.length === 0 && locals.has(root) ? lvalueText(held) : null;
  // A member that the function writes may hold another object by then.
  return place?.includes('.') && !values.has(place) ? [place, ...members].join('.') : text;
}
