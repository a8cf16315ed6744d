import { type Expression, expressionText } from '../../../c/index.js';

/** What is counted: the structure, and the member with the count, as C writes it after the object: `->ref`. */
export interface Counted {
  readonly tag: string;
  readonly member: string;
}

/** The variable and the member in `&x->ref`; undefined for anything else. */
export function countPlace(count: Expression): { readonly root: string; readonly member: string } | undefined {
  const place = count.kind === 'unary' && count.operator === '&' ? count.operand : count;
  let object = place;
  while (object.kind === 'member') object = object.object;
  if (object.kind !== 'name' || object === place) return undefined;
  return { root: object.name, member: expressionText(place).slice(object.name.length) };
}
