// Which resources does a structure keep that nothing releases before the structure is freed?

import type { FunctionFlow } from '../../flow/index.js';
import { functionsWithRole } from '../../kernel/index.js';
import { type Codebase, filesSaying, functionKey, plain } from '../../program/index.js';
import type { ForgottenResource } from '../model/lifetimes.js';
import { functionsMatching } from '../tables/functions-matching.js';
import { unique } from '../unique.js';
import { freesAtClose } from './closing.js';
import { releasesCompared } from './compared.js';
import { type Fill, fillsByMember } from './fills.js';
import { type Free, freesOf, isFresh } from './frees.js';
import { freesOfMade, holdersOf } from './made-with.js';
import { hasUnion, type OwnerSearch } from './members.js';
import { releasersIn, releasersOnTheWay } from './releasers.js';
import { isAfterAttach, isAfterFill, isUnwinding, type MemberQuery } from './undoing.js';

/**
 * Finds the resources in members of structures that functions of the module free, where nothing on the way to that free
 * releases what is in the member. It also finds a single free that leaves the resource there, if every object gets
 * its resource when it is allocated. A member is left out if the code passes it to others, if it may have another name in
 * a union, or if the whole tree knows its structure.
 */
export function findForgotten(
  search: OwnerSearch,
  flows: readonly FunctionFlow[],
  fills: readonly Fill[],
): readonly ForgottenResource[] {
  return [...fillsByMember(search, fills).values()].flatMap((ones) =>
    keptForgotten(search, ones, holdersOf(flows, ones)),
  );
}

/** The same as in an earlier run where that is known. The fills tell the question, and their functions belong to the answer. */
function keptForgotten(
  search: OwnerSearch,
  fills: readonly [Fill, ...Fill[]],
  holders: readonly string[],
): readonly ForgottenResource[] {
  const { memory, program } = search.codebase;
  const about = fills.map(({ kind, api, held, ref, call, handle }) => [
    kind,
    api,
    held,
    functionKey(ref),
    call.at,
    handle.at,
  ]);
  const find = (): readonly ForgottenResource[] => {
    for (const { ref } of fills) program.lower(ref);
    return forgottenIn(search, fills, holders);
  };
  return memory.recall(`forgotten\0${JSON.stringify([about, holders])}`, find, plain());
}

function forgottenIn(
  search: OwnerSearch,
  fills: readonly [Fill, ...Fill[]],
  holders: readonly string[],
): readonly ForgottenResource[] {
  const { codebase } = search;
  const [{ held, kind, api, ref }] = fills;
  const struct = codebase.definitions.struct(held.tag, ref.path);
  if (!struct || struct.path.startsWith('include/') || hasUnion(codebase, struct.path, held.tag)) return [];
  const query: MemberQuery = { search, fills };
  const visible = filesSeeing(codebase, struct.path, ref.path);
  if (kind === 'kernel-mapping' && visible.some((path) => rebuildsMap(codebase, path))) return [];
  const near = filesSaying(codebase, visible, held.member);
  const releasers = releasersIn(query, near);
  if (releasers === null) return [];
  const tags = new Set([held.tag, ...fills.flatMap((fill) => fill.held.container ?? [])]);
  const files = [...new Set([...tags].flatMap((tag) => filesSaying(codebase, visible, tag)))];
  const frees = freesOf(search, tags, files).filter(
    (free) =>
      !isFresh(codebase, free.ref, free.object) &&
      !isUnwinding(query, free.ref) &&
      !releasesCompared(query, free.ref) &&
      !isAfterFill(query, free.ref, free.call) &&
      !isAfterAttach(query, free.ref, free.call),
  );
  const released = new Set(releasers.map(functionKey));
  const forgetting =
    releasers.length === 0
      ? frees
      : unique([...freesBesides(search, frees, released), ...freesAtClose(search, frees, released)], ({ call }) =>
          String(call.at),
        );
  const made =
    forgetting.length === 0 && releasers.length > 0
      ? freesOfMade(query, files, new Set(holders), releasers)
      : { ...held, frees: forgetting };
  if (!made || made.frees.length === 0) return [];
  const isWhole = codebase.definitions.isSmallModule(ref.path) && !near.some((path) => isOpenIn(query, path));
  return [
    {
      kind,
      api,
      tag: made.tag,
      member: made.member,
      fills: fills.map((fill) => ({ ref: fill.ref, at: fill.call.at })),
      frees: made.frees.map((free) => ({ ref: free.ref, at: free.call.at })),
      releasedElsewhere: releasers.map((releaser) => ({ ref: releaser, at: releaser.outline.nameAt })),
      isWholeModule: isWhole,
    },
  ];
}

const vunmapOfLocal = new RegExp(`\\b(?:${functionsWithRole('vunmap').join('|')})\\s*\\([^;]*,\\s*&\\s*\\w+\\s*\\)`);

/** Whether a file makes a map anew for a vunmap, from an address that it has kept: whose mapping that ends cannot be told. */
function rebuildsMap({ program }: Codebase, path: string): boolean {
  return vunmapOfLocal.test(program.peek(path) ?? '');
}

/** The files that can name the members of a structure: one that a .c file defines is known to nobody else. */
export function filesSeeing(codebase: Codebase, definedIn: string, from: string): readonly string[] {
  return definedIn.endsWith('.c') ? codebase.program.translationUnit(definedIn) : codebase.definitions.module(from);
}

const releases = new RegExp(
  `\\b(?:${functionsWithRole('detach', 'unmap', 'unpin', 'put', 'vunmap').join('|')})\\s*\\(`,
);

/**
 * The frees on whose way this resource is not released, where another free has all the releases on its way. Where a
 * release is on no such way, an order of calls that cannot be seen may lead through it. A function that frees and
 * releases nothing of the API may be for objects of another kind.
 */
function freesBesides(search: OwnerSearch, frees: readonly Free[], releasers: ReadonlySet<string>): readonly Free[] {
  const ways = frees.map((free) => ({ free, on: releasersOnTheWay(search, free.ref, releasers) }));
  const covered = new Set(ways.flatMap(({ on }) => [...on]));
  return covered.size < releasers.size
    ? []
    : ways
        .filter(({ free, on }) => on.size === 0 && releases.test(search.codebase.program.bodyText(free.ref)))
        .map(({ free }) => free);
}

/** Whether a file may do more with the member than can be seen. */
function isOpenIn({ search, fills }: MemberQuery, path: string): boolean {
  const { codebase } = search;
  const file = codebase.program.file(path);
  if (!file) return true;
  const mention = new RegExp(`(?:->|\\.)\\s*${fills[0].held.member}\\b`, 'g');
  return (
    file.unit.macros.some(({ body }) => body.search(mention) >= 0) ||
    functionsMatching(codebase, path, mention).some((ref) => codebase.program.lower(ref).unparsed.length > 0)
  );
}
