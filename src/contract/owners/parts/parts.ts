// Which parts of structures do helpers fill that get the address of the part?

import type { CallExpression, Expression } from '../../../c/index.js';
import type { FunctionRef } from '../../../program/index.js';
import type { Fill } from '../fills.js';
import type { HeldMember, OwnerSearch } from '../members.js';

/** A part of a structure that a helper fills: `meta` of `struct picture`, by `plane_get(dev, &picture->meta)`. */
export interface Part {
  readonly whole: HeldMember;
  readonly fills: readonly PartFill[];
}

/** A call by which a helper fills a part with a resource. */
export interface PartFill {
  readonly fill: Fill;
  readonly ref: FunctionRef;
  readonly call: CallExpression;
}

/** The parts that are filled in the file of the helper, by file and member. */
export function partsByMember(search: OwnerSearch, fills: readonly Fill[]): ReadonlyMap<string, Part> {
  const found = new Map<string, Part>();
  for (const fill of fills) {
    const index = partParameter(fill.ref, fill.held.tag);
    if (index === undefined) continue;
    for (const { caller, call } of search.codebase.references.callersOf(fill.ref)) {
      const whole = partOf(search, caller, call.arguments[index]);
      if (!whole || whole.tag === fill.held.tag || caller.path !== fill.ref.path) continue;
      const key = `${caller.path} ${whole.tag}.${whole.member}`;
      const one = { fill, ref: caller, call };
      found.set(key, { whole, fills: [...(found.get(key)?.fills ?? []), one] });
    }
  }
  return found;
}

/** The only parameter of a function that points to a structure. */
export function partParameter({ outline }: FunctionRef, tag: string): number | undefined {
  const pointer = new RegExp(`\\bstruct\\s+${tag}\\s*\\*`);
  const found = outline.parameters.flatMap(({ type }, index) => (pointer.test(type) ? [index] : []));
  return found.length === 1 ? found[0] : undefined;
}

/** The member that an argument is the address of, or of an element of. */
export function partOf(
  { fields }: OwnerSearch,
  ref: FunctionRef,
  argument: Expression | undefined,
): HeldMember | undefined {
  return argument?.kind === 'unary' && argument.operator === '&' ? fields.memberOf(ref, argument.operand) : undefined;
}
