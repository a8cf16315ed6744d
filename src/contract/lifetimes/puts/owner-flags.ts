// Where is the flag stored that says who owns a buffer, and where is it asked?

import { callsIn, type Expression, type FunctionUnit, visitExpressions } from '../../../c/index.js';
import { type Codebase, type FunctionRef, filesSaying, functionKey } from '../../../program/index.js';
import { functionsMatching } from '../../tables/functions-matching.js';

/** How many calls deep a function may store the flag. */
const deepest = 2;

/**
 * Whether it is for the callers to say who owns the buffer: neither the function nor a callee stores the flag, or a caller does.
 * Then the function may take the reference over whether it succeeds or not.
 */
export function isDecidedByCallers(codebase: Codebase, ref: FunctionRef, flag: string): boolean {
  const { program, definitions } = codebase;
  const stores = (one: FunctionRef, depth: number): boolean =>
    storesMember(program.lower(one), flag) ||
    (depth > 0 &&
      callsIn(program.lower(one).body).some(({ name }) => {
        const target = name === null ? undefined : definitions.findInModule(name, one.path);
        return target !== undefined && functionKey(target) !== functionKey(one) && stores(target, depth - 1);
      }));
  if (!stores(ref, deepest)) return true;
  const { name } = ref.outline;
  const call = new RegExp(`\\b${name}\\s*\\(`, 'g');
  return filesSaying(codebase, definitions.module(ref.path), name).some((path) =>
    functionsMatching(codebase, path, call).some(
      (caller) => functionKey(caller) !== functionKey(ref) && storesMember(program.lower(caller), flag),
    ),
  );
}

function storesMember({ body }: FunctionUnit, member: string): boolean {
  let found = false;
  visitExpressions(body, (one) => {
    if (one.kind === 'assignment' && one.target.kind === 'member' && one.target.member === member) found = true;
  });
  return found;
}

/** Whether a function asks a flag, or stores it behind an offset: then what is known of it at the end was not so before. */
export function isAskedOrStoredAfter({ body }: FunctionUnit, flag: string, at: number): boolean {
  const isFlag = (one: Expression): boolean => one.kind === 'member' && one.member === flag;
  const stored = new Set<Expression>();
  let found = false;
  visitExpressions(body, (one) => {
    if (one.kind !== 'assignment' || !isFlag(one.target)) return;
    stored.add(one.target);
    if (one.at > at) found = true;
  });
  visitExpressions(body, (one) => {
    if (isFlag(one) && !stored.has(one)) found = true;
  });
  return found;
}
