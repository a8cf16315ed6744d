// Which resources does a module keep that nothing in it ever releases?

import { callsIn } from '../../c/index.js';
import type { FunctionFlow } from '../../flow/index.js';
import {
  apiRow,
  isBorrower,
  isHarmless,
  isMappingStep,
  type ResourceKind,
  releasesHoldings,
  resourceLives,
} from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionAt, functionsIn } from '../../program/index.js';
import type { OrphanedResource } from '../model/lifetimes.js';
import type { Fill } from './fills.js';
import { findKept, type Kept } from './kept.js';
import { isEndedWithout } from './lost/ended-without.js';
import { bufferOfAttachment, isMember, type OwnerSearch, tagOf, withAliases } from './members.js';
import { isEntered, type Reach, reachOf } from './reach.js';
import { namesRelease, type Released, type ReleaseSearch, releasedBy, releasedHere } from './release-sites.js';

/**
 * Finds the resources that functions keep when they succeed, where no function that can get at them releases one of that
 * kind: neither the files that know the member, nor what they call. A release that only undoes a failed attempt does not
 * count. A resource is left out that is returned, or is passed to code that cannot be seen.
 */
export function findOrphaned(
  search: OwnerSearch,
  flows: readonly FunctionFlow[],
  fills: readonly Fill[],
): readonly OrphanedResource[] {
  const takers = takersOf(flows);
  const searches = new Map<ResourceKind, ReleaseSearch>();
  const searchFor = (kind: ResourceKind): ReleaseSearch => {
    const known = searches.get(kind) ?? { ...search, kind, takers: takers.get(kind) ?? new Set(), known: new Map() };
    searches.set(kind, known);
    return known;
  };
  return findKept(search, flows, fills).flatMap((kept) => {
    const releases = searchFor(kept.kind);
    const isEnded = (): boolean => isEndedWithout(searchFor, kept, fills);
    if (!kept.fills.some(({ ref }) => isEntered(search.codebase, ref)) && !isEnded()) return [];
    if (isReleasedNear(releases, kept)) return [];
    const reach = reachOf(releases, kept);
    return reach === null || mayBeReleased(releases, kept, reach) ? [] : [orphanOf(search, kept, reach)];
  });
}

function orphanOf({ codebase }: OwnerSearch, { kind, api, held, fills }: Kept, { isPassed }: Reach): OrphanedResource {
  const [{ ref }] = fills;
  const struct = held && codebase.definitions.struct(held.tag, ref.path);
  const isPrivate = struct && !struct.path.startsWith('include/');
  return {
    kind,
    api,
    member: held?.member ?? null,
    fills: fills.map((fill) => ({ ref: fill.ref, at: fill.call.at })),
    isWholeModule: isPrivate === true && !isPassed && codebase.definitions.isSmallModule(ref.path),
  };
}

/** The names of the functions that leave a resource behind when they succeed, by its kind. */
function takersOf(flows: readonly FunctionFlow[]): ReadonlyMap<ResourceKind, ReadonlySet<string>> {
  const found = new Map<ResourceKind, Set<string>>();
  for (const { ref, exits } of flows)
    for (const { outcome, state } of exits)
      for (const { kind, status, count } of state.resources) {
        if (outcome === 'error' || status === 'released' || count <= 0) continue;
        const names = found.get(kind);
        if (names) names.add(ref.outline.name);
        else found.set(kind, new Set([ref.outline.name]));
      }
  return found;
}

/** Whether its own file releases it: the quick answer for nearly all. */
function isReleasedNear(search: ReleaseSearch, kept: Kept): boolean {
  return unitsOf(search.codebase, kept).some((path) =>
    functionsIn(search.codebase.program, path).some((ref) => releasedHere(search, ref).some((one) => isOf(one, kept))),
  );
}

function mayBeReleased(search: ReleaseSearch, kept: Kept, { roots, isCopied }: Reach): boolean {
  const { codebase } = search;
  const isIt = (one: Released): boolean => isCopied || isOf(one, kept);
  if (roots.some((root) => releasedHere(search, root).some(isIt))) return true;
  const files = unitsOf(codebase, kept);
  if (files.some((path) => namesReleaseOutside(codebase, path, kept.kind))) return true;
  if (roots.some((root) => codebase.program.lower(root).unparsed.length > 0)) return true;
  return (
    mayEndUnseen(search, kept, roots) ||
    roots.some((root) => releasedBy(search, root).some(isIt)) ||
    files.some((path) => functionsInTables(codebase, path).some((target) => releasedBy(search, target).some(isIt)))
  );
}

/** Whether what a function releases may be the resource. */
function isOf(one: Released, { held, kind }: Kept): boolean {
  if (one.kind !== 'member' || held === null) return true;
  if (kind === 'reference' && one.held.tag === bufferOfAttachment.tag) return true;
  return one.held.tag === held.tag && one.held.member === held.member;
}

/** The files that are compiled together with those in which it is taken. */
function unitsOf({ program }: Codebase, { fills }: Kept): readonly string[] {
  return [...new Set(fills.flatMap(({ ref }) => program.translationUnit(ref.path)))];
}

/**
 * Whether a function that cannot be seen gets the handle out of its member; or one whose name says that it ends a life gets
 * some handle of the kind, or the known object.
 */
function mayEndUnseen(search: ReleaseSearch, { held, fills, kind }: Kept, roots: readonly FunctionRef[]): boolean {
  const { codebase } = search;
  const struct = held && codebase.definitions.struct(held.tag, fills[0].ref.path);
  const isPrivate = struct && !struct.path.startsWith('include/');
  const tags = new Set([...resourceLives[kind].structs, ...(held && !isPrivate ? [held.tag] : [])]);
  return roots.some((root) => {
    const unit = codebase.program.lower(root);
    const isHeld = withAliases(unit, (value) => held !== null && isMember(search, root, value, held));
    return callsIn(unit.body).some(({ name, call }) => {
      if (name === null || isKnown(name) || codebase.definitions.findNear(name, root.path)) return false;
      const mayEnd = releasesHoldings(name);
      return call.arguments.some(
        (argument) => isHeld(argument) || (mayEnd && tags.has(tagOf(search, root, argument) ?? '')),
      );
    });
  });
}

/** Whether it is known what a function does: it is of the API, undoes a step of an exporter, or only looks. */
function isKnown(name: string): boolean {
  return apiRow(name) !== undefined || isMappingStep(name) || isHarmless(name) || isBorrower(name);
}

/** Whether a file names a release outside of functions: in a macro, or a table. */
function namesReleaseOutside({ program }: Codebase, path: string, kind: ResourceKind): boolean {
  const file = program.file(path);
  if (!file) return true;
  return (
    file.unit.macros.some(({ body }) => namesRelease(body, kind)) ||
    [...namesInTables(program, path)].some((name) => namesRelease(name, kind))
  );
}

/** The functions of other files that the tables of a file name. */
function functionsInTables({ program, definitions }: Codebase, path: string): readonly FunctionRef[] {
  return [...namesInTables(program, path)]
    .flatMap((name) => definitions.findNear(name, path) ?? [])
    .filter((target) => target.path !== path);
}

function namesInTables(program: Codebase['program'], path: string): ReadonlySet<string> {
  const code = program.file(path)?.code ?? '';
  return new Set(
    [...code.matchAll(/\.\s*\w+\s*=\s*(\w+)\s*[,}]/g)].flatMap(({ 1: name, index }) =>
      name && !functionAt(program, path, index) ? [name] : [],
    ),
  );
}
