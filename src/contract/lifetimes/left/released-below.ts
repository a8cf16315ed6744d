// Can what a function calls release what it leaves?

import { callsIn } from '../../../c/index.js';
import type { Resource } from '../../../flow/index.js';
import { apiFunctions } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../../program/index.js';
import { namesRelease } from '../../owners/release-sites.js';

/** How many calls deep a release is looked for. */
const deepest = 3;

/**
 * Whether a function, or what it calls besides the function that acquired, may release a resource of this kind, as a call
 * through a pointer may. What gets the object and cannot be followed has it in the flow.
 */
export function mayBeReleasedBelow(codebase: Codebase, ref: FunctionRef, { kind, function: taker }: Resource): boolean {
  return mayRelease(codebase, ref, kind, taker, deepest);
}

function mayRelease(
  codebase: Codebase,
  ref: FunctionRef,
  kind: Resource['kind'],
  taker: string,
  depth: number,
): boolean {
  const { program, definitions } = codebase;
  return memoByFunction(
    codebase,
    ref,
    `may-release\0${kind}\0${taker}\0${depth}`,
    () =>
      namesRelease(program.bodyText(ref), kind) ||
      callsIn(program.lower(ref).body).some(({ name }) => {
        if (name === null) return true;
        if (name === taker || apiFunctions.has(name)) return false;
        const callee = definitions.findCandidate(name, ref.path);
        return callee !== undefined && depth > 0 && mayRelease(codebase, callee, kind, taker, depth - 1);
      }),
    plain(),
  );
}
