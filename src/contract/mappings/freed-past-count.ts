// Does a driver free the private data of its buffers though other references keep it?

import { callsIn, type Expression } from '../../c/index.js';
import { functionsWithRole, isKrefPut, mentionsCount } from '../../kernel/index.js';
import {
  type Codebase,
  type FunctionRef,
  filesSaying,
  functionKey,
  functionsIn,
  originsOf,
} from '../../program/index.js';
import type { OutlivedPrivate } from '../model/mappings.js';
import { freesOf, isFresh } from '../owners/frees.js';
import { type OwnerSearch, searchOwners, tagOf } from '../owners/members.js';
import { type OpsTable, opFunction } from '../tables/ops-table.js';

/**
 * Returns where a driver frees an object to which its exporter's `release` only drops a reference. The driver uses
 * kfree(), though the last put would free the object, or directly calls the function that the last kref_put() calls.
 * Only objects that were found in a list or a member count: one that was just made or passed in may never have been
 * exported.
 */
export function freedPastCount(codebase: Codebase, table: OpsTable): OutlivedPrivate | null {
  const release = opFunction(codebase, table, 'release');
  const counted = release && !table.unreadable ? countedBy(codebase, release) : undefined;
  if (!release || !counted) return null;
  const { tag, end } = counted;
  const search = searchOwners(codebase);
  const files = filesSaying(codebase, codebase.definitions.module(table.path), tag);
  const frees = freesOf(search, new Set([tag]), files);
  // A release function that keeps the object for later use leaves it to other code to free it.
  if (!frees.some(({ ref }) => functionKey(ref) === functionKey(end))) return null;
  const [first] = [
    ...frees.map(({ ref, call, object }) => ({ ref, at: call.at, object })),
    ...callsOfEnd(codebase, end, files),
  ].filter(({ ref, object }) => functionKey(ref) !== functionKey(end) && isFoundThere(search, ref, object));
  return first ? { why: { kind: 'freed-past-count', tag }, release, ref: first.ref, at: first.at } : null;
}

/**
 * The structure to which a function or its callee drops a reference with kref_put(), and the function that the last put
 * calls.
 */
function countedBy(
  codebase: Codebase,
  ref: FunctionRef,
  depth = 1,
): { readonly tag: string; readonly end: FunctionRef } | undefined {
  const search = searchOwners(codebase);
  for (const { name, call } of callsIn(codebase.program.lower(ref).body)) {
    const [counter, given] = call.arguments;
    if (isKrefPut(name) && counter && given?.kind === 'name') {
      const end = codebase.definitions.findNear(given.name, ref.path);
      const tag = tagOfWhole(search, ref, counter);
      if (end && tag !== undefined) return { tag, end };
    }
    const callee = depth > 0 && name !== null ? codebase.definitions.findNear(name, ref.path) : undefined;
    const below = callee && countedBy(codebase, callee, depth - 1);
    if (below) return below;
  }
  return undefined;
}

/** The structure of which `&object->ref` is a member. */
function tagOfWhole(search: OwnerSearch, ref: FunctionRef, counter: Expression): string | undefined {
  const object = wholeOf(counter);
  return object && tagOf(search, ref, object);
}

function wholeOf(counter: Expression): Expression | undefined {
  if (counter.kind !== 'unary' || counter.operator !== '&' || counter.operand.kind !== 'member') return undefined;
  return counter.operand.arrow ? counter.operand.object : undefined;
}

/** The direct calls of the function that the last kref_put() calls. */
function callsOfEnd(codebase: Codebase, end: FunctionRef, files: readonly string[]) {
  return files
    .flatMap((path) => functionsIn(codebase.program, path))
    .filter((ref) => codebase.program.bodyText(ref).includes(end.outline.name))
    .flatMap((ref) =>
      callsIn(codebase.program.lower(ref).body).flatMap(({ name, call }) => {
        const [counter] = call.arguments;
        const object = name === end.outline.name && counter ? wholeOf(counter) : undefined;
        return object ? [{ ref, at: call.at, object }] : [];
      }),
    );
}

const exportsOne = new RegExp(`\\b(?:${functionsWithRole('export').join('|')})\\s*\\(`);

/** Whether a function has found an object in a list or a member, and does not test its count. */
function isFoundThere({ codebase }: OwnerSearch, ref: FunctionRef, object: Expression): boolean {
  const body = codebase.program.bodyText(ref);
  if (mentionsCount(body) || exportsOne.test(body) || isFresh(codebase, ref, object)) return false;
  if (object.kind === 'member' && object.arrow) return true;
  if (object.kind !== 'name') return false;
  const origins = originsOf(codebase.program.lower(ref), object);
  return origins.every(({ kind, ...rest }) =>
    kind === 'parameter' ? 'path' in rest && rest.path.length > 0 : kind !== 'call',
  );
}
