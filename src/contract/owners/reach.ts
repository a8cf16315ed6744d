// Which functions can get at a resource that a function keeps?

import { isOfAttribute } from '../../kernel/index.js';
import {
  type Codebase,
  type FunctionRef,
  filesSaying,
  functionKey,
  functionsIn,
  memoByFunction,
  plain,
} from '../../program/index.js';
import { functionsMatching } from '../tables/functions-matching.js';
import { fatesIn } from './fates.js';
import type { Kept } from './kept.js';
import { type HeldMember, hasUnion, isMember } from './members.js';
import type { ReleaseSearch } from './release-sites.js';

/** How many calls lie between a function and the table, the export or the macro by which it is entered. */
const highestEntrance = 4;

/**
 * Whether something in the tree enters a function: a table, another module, or a callee that gets it. Where nothing does,
 * what ends the resource may come with what begins it.
 */
export function isEntered(codebase: Codebase, ref: FunctionRef): boolean {
  return memoByFunction(codebase, ref, 'is entered', () => isEnteredFrom(codebase, ref, highestEntrance), plain());
}

function isEnteredFrom(codebase: Codebase, ref: FunctionRef, height: number): boolean {
  const { references } = codebase;
  if (height === 0 || !references.isScopeKnown(ref) || references.isVisibleEverywhere(ref)) return true;
  if (isOfAttribute(ref.outline.name, codebase.program.file(ref.path)?.code ?? '')) return true;
  const uses = references.of(ref.outline.name, references.scope(ref));
  return uses.some(({ inside, isCall }) => {
    if (inside && functionKey(inside) === functionKey(ref)) return false;
    return inside && isCall ? isEnteredFrom(codebase, inside, height - 1) : !isCall;
  });
}

/** The functions that can get at a kept resource. */
export interface Reach {
  readonly roots: readonly FunctionRef[];
  /** Whether it is passed to functions that cannot be seen. */
  readonly isPassed: boolean;
  /** Whether it is in other places than the member, so that a release of another member may be of it. */
  readonly isCopied: boolean;
}

/** Returns who can get at a resource; null where somebody may who cannot be seen. */
export function reachOf(search: ReleaseSearch, { held, fills, kind }: Kept): Reach | null {
  const { codebase } = search;
  const own = fills.flatMap(({ ref }) =>
    codebase.program.translationUnit(ref.path).flatMap((path) => functionsIn(codebase.program, path)),
  );
  if (held === null) {
    const callers = fills.flatMap(({ ref }) => callersAbove(codebase, ref, 2));
    return { roots: [...own, ...callers], isPassed: true, isCopied: true };
  }
  const mention = new RegExp(`(?:->|\\.)\\s*${held.member}\\b`, 'g');
  const readers = filesKnowing(codebase, held, fills).flatMap((path) => functionsMatching(codebase, path, mention));
  const fates = readers.flatMap((ref) =>
    fatesIn(search, kind, ref, (value) => isMember(search, ref, value, held)).map((fate) => ({ ref, fate })),
  );
  const open = fates.filter(({ fate }) => fate.kind === 'handed-on');
  const copies = open.filter(({ fate }) => fate.call === null);
  // Who empties the member when he copies it moves the resource to another owner.
  const emptied = new RegExp(`(?:->|\\.)\\s*${held.member}\\s*=\\s*(?:NULL|0)\\s*;`);
  if (copies.some(({ ref }) => emptied.test(codebase.program.bodyText(ref)))) return null;
  const getters = copies.flatMap(({ ref }) => callersAbove(codebase, ref, 1));
  const struct = codebase.definitions.struct(held.tag, fills[0].ref.path);
  const isCopied = copies.length > 0 || !struct || hasUnion(codebase, struct.path, held.tag);
  return { roots: [...own, ...readers, ...getters], isPassed: open.length > 0, isCopied };
}

/** The files that may name the member of the structure. */
function filesKnowing(codebase: Codebase, { tag, member }: HeldMember, fills: Kept['fills']): readonly string[] {
  const [{ ref }] = fills;
  const struct = codebase.definitions.struct(tag, ref.path);
  if (struct?.path.endsWith('.c')) return codebase.program.translationUnit(struct.path);
  const others = struct?.path.startsWith('include/') ? filesSaying(codebase, codebase.program.candidates, tag) : [];
  return filesSaying(codebase, [...new Set([...codebase.definitions.module(ref.path), ...others])], member);
}

/** The callers of a function that stand in other files, and their callers. */
function callersAbove(codebase: Codebase, ref: FunctionRef, height: number): readonly FunctionRef[] {
  if (height === 0) return [];
  return codebase.references
    .callersOf(ref)
    .flatMap(({ caller }) => [caller, ...callersAbove(codebase, caller, height - 1)]);
}
