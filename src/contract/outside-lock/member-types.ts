// Are two members, each written in its own function, members of one structure?

import type { Codebase, FunctionRef } from '../../program/index.js';
import { declaredTypes } from '../tables/declared-types.js';

/** The types with which a function declares the variable that leads to a member. */
export function rootTypes({ program }: Codebase, ref: FunctionRef, member: string): readonly string[] {
  return declaredTypes(program.lower(ref), member.replace(/[.[].*/s, '')).map((type) => type.replace(/[\s*]+$/, ''));
}

/** Whether the types are known, and none is the same. */
export function areOfOtherTypes(some: readonly string[], others: readonly string[]): boolean {
  return some.length > 0 && others.length > 0 && !some.some((type) => others.includes(type));
}

/** `sgt` of `bo.sgt`. */
export const lastName = (member: string): string => member.slice(member.lastIndexOf('.') + 1);
