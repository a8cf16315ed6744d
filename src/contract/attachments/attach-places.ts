// Where does a driver attach? An inline function of a header, such as a compat layer has, attaches for whom it is called by.

import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { AttachPath } from '../model/attachment.js';
import { type Place, placeOf } from '../places.js';
import { unique } from '../unique.js';

/** The places at which drivers attach by a path: the call itself, or the calls of the inline function that it stands in. */
export function attachPlaces(codebase: Codebase, { site, frames }: AttachPath): readonly Place[] {
  if (!isInline(site.ref)) return [site.place];
  const outside = frames.find(({ ref }) => !isInline(ref));
  if (outside) return [placeOf(codebase, outside.ref.path, outside.at, outside.ref)];
  const last = frames.at(-1)?.ref ?? site.ref;
  const callers = callersOutside(codebase, last, new Set());
  return callers.length > 0 ? unique(callers, ({ file, line }) => `${file}:${line}`) : [site.place];
}

function callersOutside(codebase: Codebase, ref: FunctionRef, seen: Set<string>): readonly Place[] {
  if (seen.has(functionKey(ref))) return [];
  seen.add(functionKey(ref));
  return codebase.references
    .callersOf(ref)
    .flatMap(({ caller, call }) =>
      isInline(caller) ? callersOutside(codebase, caller, seen) : [placeOf(codebase, caller.path, call.at, caller)],
    );
}

function isInline({ path }: FunctionRef): boolean {
  return path.endsWith('.h');
}
