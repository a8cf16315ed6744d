// Which functions set a member to NULL while the resource in it is still held?

import { visitExpressions } from '../../../c/index.js';
import { isNullPointer, type ResourceKind } from '../../../kernel/index.js';
import { filesSaying, functionKey, plain } from '../../../program/index.js';
import type { ClearedMember } from '../../model/lifetimes.js';
import { functionsMatching } from '../../tables/functions-matching.js';
import { unique } from '../../unique.js';
import { type Fill, fillsByMember } from '../fills.js';
import { filesSeeing } from '../forgotten.js';
import { hasUnion, heldMember, type OwnerSearch } from '../members.js';
import { releasersIn } from '../releasers.js';
import type { MemberQuery } from '../undoing.js';
import { isLostAt, type MemberStore } from './cleared-paths.js';

/** The kinds of which a pointer is kept, that says whether there is one. */
const pointedTo: ReadonlySet<ResourceKind> = new Set(['attachment', 'mapping', 'reference']);

/**
 * Finds the functions that set a member to NULL which the module fills with a resource, and release it neither before nor
 * after, where they have asked that it is there, or release something else of the same structure. A member is left out that the
 * module also fills with something else, or hands on to code that is not followed.
 */
export function findCleared(search: OwnerSearch, fills: readonly Fill[]): readonly ClearedMember[] {
  return [...fillsByMember(search, fills).values()].flatMap((ones) => keptCleared(search, ones));
}

/** The same as in an earlier run where that is known. */
function keptCleared(search: OwnerSearch, fills: readonly [Fill, ...Fill[]]): readonly ClearedMember[] {
  const { memory, program } = search.codebase;
  if (!pointedTo.has(fills[0].kind)) return [];
  const about = fills.map(({ kind, api, held, ref, call, handle }) => [
    kind,
    api,
    held,
    functionKey(ref),
    call.at,
    handle.at,
  ]);
  const find = (): readonly ClearedMember[] => {
    for (const { ref } of fills) program.lower(ref);
    return clearedIn(search, fills);
  };
  return memory.recall(`cleared\0${JSON.stringify(about)}`, find, plain());
}

function clearedIn(search: OwnerSearch, fills: readonly [Fill, ...Fill[]]): readonly ClearedMember[] {
  const { codebase } = search;
  const [{ held, kind, api, ref }] = fills;
  const struct = codebase.definitions.struct(held.tag, ref.path);
  if (!struct || hasUnion(codebase, struct.path, held.tag)) return [];
  const visible = [...new Set(fills.flatMap((fill) => filesSeeing(codebase, struct.path, fill.ref.path)))];
  const files = filesSaying(codebase, visible, held.member);
  const stores = storesOf(search, fills, files);
  const clears = stores.filter(({ value }) => isNullPointer(value));
  if (clears.length === 0 || clears.length < stores.length) return [];
  const query: MemberQuery = { search, fills };
  const releasers = releasersIn(query, files);
  if (releasers === null) return [];
  const keys = new Set(releasers.map(functionKey));
  const lost = clears.filter((store) => isLostAt(query, store, keys));
  return unique(lost, (store) => functionKey(store.ref)).map((store) => ({
    kind,
    api,
    member: held.member,
    ref: store.ref,
    at: store.at,
    fills: fills.map((fill) => ({ ref: fill.ref, at: fill.call.at })),
    releasedElsewhere: releasers.map((releaser) => ({ ref: releaser, at: releaser.outline.nameAt })),
  }));
}

function storesOf(
  search: OwnerSearch,
  fills: readonly [Fill, ...Fill[]],
  files: readonly string[],
): readonly MemberStore[] {
  const { codebase } = search;
  const [{ held }] = fills;
  const filling = new Set(fills.map((fill) => functionKey(fill.ref)));
  const store = new RegExp(`(?:->|\\.)\\s*${held.member}\\s*=[^=]`, 'g');
  return files
    .flatMap((path) => functionsMatching(codebase, path, store))
    .filter((ref) => !filling.has(functionKey(ref)))
    .flatMap((ref) => {
      const found: MemberStore[] = [];
      visitExpressions(codebase.program.lower(ref).body, (expression) => {
        if (expression.kind !== 'assignment' || expression.target.kind !== 'member') return;
        const { target, value, at } = expression;
        if (target.member !== held.member) return;
        const tag = heldMember(search, ref, target)?.tag;
        if (tag === undefined || tag === held.tag) found.push({ ref, at, target, value });
      });
      return found;
    });
}
