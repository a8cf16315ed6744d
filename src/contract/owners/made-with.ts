// Does every object of a structure have a resource from its making on? Then whoever frees one must release it.

import { callsIn, isLoop } from '../../c/index.js';
import type { FunctionFlow } from '../../flow/index.js';
import { isAllocator } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { functionsMatching } from '../tables/functions-matching.js';
import { unique } from '../unique.js';
import type { Fill } from './fills.js';
import { alwaysFrees, dependsOnObject } from './freed-later.js';
import { type Free, freesOf, isFresh } from './frees.js';
import { type HeldMember, heldMember, type OwnerSearch, tagOf, withoutCasts } from './members.js';
import { releasersOnTheWay } from './releasers.js';
import { isUnwinding, type MemberQuery } from './undoing.js';

/** Returns the keys of the functions that have a resource of one of some fills wherever they succeed. */
export function holdersOf(flows: readonly FunctionFlow[], fills: readonly Fill[]): readonly string[] {
  const isFill = (kind: string, path: string, at: number): boolean =>
    fills.some((fill) => fill.kind === kind && fill.ref.path === path && fill.call.at === at);
  return flows.flatMap(({ ref, exits, incomplete }) => {
    const successes = exits.filter(({ outcome }) => outcome !== 'error');
    const isHeld = ({ state }: (typeof successes)[number]): boolean =>
      state.resources.some(
        ({ kind, path, at, status, count }) => status !== 'released' && count > 0 && isFill(kind, path, at),
      );
    return incomplete === null && successes.length > 0 && successes.every(isHeld) ? [functionKey(ref)] : [];
  });
}

/** The structure that is freed with the resource in it, and the member, as text: `db.sgt` of the structure around it. */
export interface MadeWith {
  readonly tag: string;
  readonly member: string;
  readonly frees: readonly Free[];
}

/**
 * Returns the frees of a structure on whose way a resource is not released, where all functions that make one fill it, and
 * each release leads to a free on every path. A free that depends on how the object is, is left out. A function that is
 * named and not called, as in a table, may be called after the release.
 * @param holders the functions that have the resource wherever they succeed, by key
 * @param releasers the functions that release it, at least one
 */
export function freesOfMade(
  query: MemberQuery,
  files: readonly string[],
  holders: ReadonlySet<string>,
  releasers: readonly FunctionRef[],
): MadeWith | undefined {
  const { search, fills } = query;
  const [{ held }] = fills;
  if (holders.size === 0) return undefined;
  const outer = structureAround(search, fills);
  const { tag, member } = outer ? { tag: outer.tag, member: `${outer.member}.${held.member}` } : held;
  const makers = makersOf(search, tag, files);
  if (!makers || makers.length === 0 || !makers.every((ref) => holders.has(functionKey(ref)))) return undefined;
  const frees = freesOf(search, new Set([tag]), files);
  const keys = new Set(releasers.map(functionKey));
  const ways = frees.map((free) => ({ free, on: releasersOnTheWay(search, free.ref, keys) }));
  const covered = ways.flatMap(({ free, on }) => (on.size > 0 ? [free] : []));
  if (covered.length === 0 || !releasers.every((ref) => alwaysFrees(search.codebase, ref, covered))) return undefined;
  const left = ways.flatMap(({ free, on }) => {
    const isLeft = on.size === 0 && isUnreleased(search.codebase, free) && !isOfMaking(query, free, makers);
    return isLeft && !dependsOnObject(search, free) ? [free] : [];
  });
  return left.length > 0 ? { tag, member, frees: left } : undefined;
}

/** The structure that holds the filled one as a part: `&ctx->db` is what the callers of each filling function pass. */
function structureAround(search: OwnerSearch, fills: readonly Fill[]): HeldMember | undefined {
  const around = fills.flatMap(({ ref, held }) =>
    search.codebase.references.callersOf(ref).flatMap(({ caller, call }) =>
      call.arguments.flatMap((argument, index) => {
        const isPart = argument.kind === 'unary' && argument.operator === '&' && argument.operand.kind === 'member';
        const isHeld = new RegExp(`\\b${held.tag}\\b`).test(ref.outline.parameters[index]?.type ?? '');
        return isPart && isHeld ? [heldMember(search, caller, argument.operand)] : [];
      }),
    ),
  );
  const [first, ...others] = unique(around, (one) => `${one?.tag}.${one?.member}`);
  return others.length === 0 ? first : undefined;
}

const allocation = /\b\w*alloc\w*\s*\(/g;

/** The functions that allocate a structure into a local variable; null where some code allocates one into a member. */
function makersOf(search: OwnerSearch, tag: string, files: readonly string[]): readonly FunctionRef[] | null {
  const { codebase } = search;
  if (files.some((path) => allocatesMember(codebase, tag, path))) return null;
  const word = new RegExp(`\\bstruct\\s+${tag}\\b`);
  return files
    .flatMap((path) => functionsMatching(codebase, path, allocation))
    .filter((ref) => {
      if (!word.test(codebase.program.bodyText(ref))) return false;
      const { values } = assignmentsOf(codebase.program.lower(ref));
      return [...values].some(
        ([name, ones]) =>
          ones.some((one) => one.kind === 'call' && one.callee.kind === 'name' && isAllocator(one.callee.name)) &&
          tagOf(search, ref, { kind: 'name', name, at: ref.outline.end }) === tag,
      );
    });
}

/** Whether a file allocates what a member of a structure in it points to: `dev->ctx = kzalloc(sizeof(*dev->ctx), gfp)`. */
function allocatesMember({ program }: Codebase, tag: string, path: string): boolean {
  const fields = (program.file(path)?.unit.structs ?? []).flatMap((struct) => struct.fields);
  const names = fields.filter(({ type }) => new RegExp(`\\bstruct ${tag}\\b`).test(type)).map(({ name }) => name);
  const store = new RegExp(`(?:->|\\.)\\s*(?:${names.join('|')})\\s*=\\s*\\w*alloc`);
  return names.length > 0 && store.test(program.peek(path) ?? '');
}

/**
 * Whether nobody can have released what a free finds. Who gets the object as an argument may get it from a caller that is not
 * seen; an entry that a loop takes from a list is one that nobody has freed.
 */
function isUnreleased(codebase: Codebase, free: Free): boolean {
  const { ref } = free;
  return (ref.outline.isStatic || isEntry(codebase, free)) && isOnlyCalled(codebase, ref);
}

/** Whether what is freed is the entry that a loop over a list stands at: `list_for_each_entry_safe(entry, next, …)`. */
function isEntry({ program }: Codebase, { ref, call, object }: Free): boolean {
  const bare = withoutCasts(object);
  if (bare.kind !== 'name') return false;
  const { body } = program.lower(ref);
  const isParameter = ref.outline.parameters.some(({ name }) => name === bare.name);
  if (isParameter || (assignmentsOf(program.lower(ref)).values.get(bare.name) ?? []).length > 0) return false;
  return callsIn(body).some(
    (one) =>
      one.call === call &&
      one.around.some((loop) => {
        const [cursor] = loop.kind === 'macro-block' && isLoop(loop) ? loop.arguments : [];
        return cursor?.kind === 'name' && cursor.name === bare.name;
      }),
  );
}

function isOnlyCalled({ references }: Codebase, ref: FunctionRef): boolean {
  if (references.slotsOf(ref).length > 0) return false;
  return references
    .of(ref.outline.name, references.scope(ref))
    .every(({ isCall, at }) => isCall || at === ref.outline.nameAt);
}

/** Whether a free belongs to the making: the maker's own, of what it has just allocated, or of what a caller undoes. */
function isOfMaking(query: MemberQuery, { ref, object }: Free, makers: readonly FunctionRef[]): boolean {
  const { codebase } = query.search;
  const making = new Set(makers.map(functionKey));
  if (making.has(functionKey(ref)) || isFresh(codebase, ref, object) || isUnwinding(query, ref)) return true;
  return codebase.references.callersOf(ref).some(({ caller }) => making.has(functionKey(caller)));
}
