// `count = desc->count; if (desc)`: a pointer through which the path has read is not NULL.

import type { Expression, FunctionUnit } from '../../c/index.js';
import type { Codebase } from '../../program/index.js';
import { structTagOf } from '../calls/escape.js';
import { isPlainType } from '../evaluate/plain-variables.js';
import { membersTouched } from '../state/heap.js';
import type { State } from '../state/state.js';
import type { Value } from '../state/value.js';

/**
 * Whether the path has read or written memory through a variable. Only a member that is declared as a pointer or a number
 * tells: the name of an array or of a struct inside another one is an address, which is taken without reading.
 */
export function isReadThrough(
  codebase: Codebase,
  unit: FunctionUnit,
  variable: Expression,
  value: Value,
  state: State,
): boolean {
  const members = membersTouched(state, value);
  const tag = members.length === 0 ? undefined : structTagOf(codebase, unit, variable);
  return tag !== undefined && members.some((member) => isHeld(codebase, tag, member, unit.path));
}

/** Whether a struct holds a member that is read where it is named. */
function isHeld(codebase: Codebase, tag: string, member: string, from: string): boolean {
  return codebase.memory.recall(`held-member\0${from}\0${tag}\0${member}`, () => {
    const struct = codebase.definitions.struct(tag, from);
    const type = struct?.fields.get(member);
    if (!struct || type === undefined || !(struct.pointers.has(member) || isPlainType(type))) return false;
    // Any array of this name in the file of the struct may be the one.
    const array = new RegExp(`(?<!->|\\.|\\w)${member}\\s*\\[[^\\]]*\\]`);
    return !array.test(codebase.program.file(struct.path)?.code ?? '');
  });
}
