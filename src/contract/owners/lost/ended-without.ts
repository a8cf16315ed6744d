// Does the end of a structure stand in its file, and forget a resource?

import type { ResourceKind } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, functionsIn } from '../../../program/index.js';
import type { Fill } from '../fills.js';
import type { Kept } from '../kept.js';
import { namesRelease, type Released, type ReleaseSearch, releasedHere } from '../release-sites.js';

/** What has to be there until a resource is released, by kind. */
const foundations: Partial<Record<ResourceKind, ResourceKind>> = {
  mapping: 'attachment',
  pin: 'attachment',
  attachment: 'reference',
  'kernel-mapping': 'reference',
};

/** The fills by which a structure holds what goes together with a resource: what its release needs, or what needs it. */
function fillsBeside({ kind, held, fills: [{ ref }] }: Kept, fills: readonly Fill[]): readonly Fill[] {
  if (held) {
    const below = foundations[kind];
    return fills.filter((one) => one.kind === below && one.held.tag === held.tag && one.ref.path === ref.path);
  }
  // A buffer that is in no member may be found by its attachment.
  const isOfSame = (one: Fill): boolean => one.kind === 'attachment' && functionKey(one.ref) === functionKey(ref);
  return kind === 'reference' ? fills.filter(isOfSame) : [];
}

/**
 * Whether a function of the file releases what goes together with the resource, out of the same structure, and names no
 * release of the resource: what ends the structure is there, though nothing in the tree enters the functions. Only this file
 * knows the structure.
 */
export function isEndedWithout(
  searchFor: (kind: ResourceKind) => ReleaseSearch,
  kept: Kept,
  fills: readonly Fill[],
): boolean {
  const { kind, fills: own } = kept;
  const [{ ref }] = own;
  const others = fillsBeside(kept, fills);
  const [first] = others;
  if (!first) return false;
  const search = searchFor(first.kind);
  const { program, definitions } = search.codebase;
  // Of a structure in a header, another file may have the rest.
  if (definitions.struct(first.held.tag, ref.path)?.path !== ref.path) return false;
  const filling = new Set([...own, ...others].map((one) => functionKey(one.ref)));
  return functionsIn(program, ref.path).some(
    (one) =>
      !namesRelease(program.bodyText(one), kind) &&
      endsOne(releasedHere(search, one), others) &&
      !filling.has(functionKey(one)) &&
      !isCalledBy(search.codebase, one, filling),
  );
}

function endsOne(released: readonly Released[], others: readonly Fill[]): boolean {
  return released.some(
    (one) =>
      one.kind === 'member' && others.some(({ held }) => held.tag === one.held.tag && held.member === one.held.member),
  );
}

/** Whether one of some functions calls a function: then that undoes what its caller has done. */
function isCalledBy({ references }: Codebase, ref: FunctionRef, functions: ReadonlySet<string>): boolean {
  return references.callersOf(ref).some(({ caller }) => functions.has(functionKey(caller)));
}
