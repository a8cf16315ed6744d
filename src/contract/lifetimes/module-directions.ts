// Does a module map in one direction only? Then an unmap in another one is wrong, whatever table it gets.

import { primeImport } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import { hasUnseenMaps } from '../mappings/unseen-maps.js';
import type { Direction, Mapping, Unmapping } from '../model/lifetimes.js';
import { tableImporters } from '../tables/table-importers.js';

/**
 * Returns the mappings of the module that has an unmap, where all are in one direction, and the unmap is in another; none where
 * the DRM core or code that is not seen may have mapped the table in that direction, and where all mappings are in other files.
 * @param maps those of the tree
 */
export function mappedOtherwise(
  codebase: Codebase,
  { use, direction }: Pick<Unmapping, 'use' | 'direction'>,
  maps: readonly Mapping[],
): readonly Mapping[] {
  const unmapped = onlyOf(direction);
  if (unmapped === undefined) return [];
  const files = new Set(codebase.definitions.module(use.ref.path));
  const own = maps.filter((map) => files.has(map.use.ref.path));
  const mapped = own[0] && onlyOf(own[0].direction);
  if (mapped === undefined || mapped === unmapped || !own.every((map) => onlyOf(map.direction) === mapped)) return [];
  if (!own.some((map) => map.use.ref.path === use.ref.path)) return [];
  if (unmapped === primeImport.direction && mayHaveCoreMap(codebase, files)) return [];
  return codebase.references.isVisibleEverywhere(use.ref) || hasUnseenMaps(codebase, [...files], own) ? [] : own;
}

function onlyOf({ constants }: Direction): string | undefined {
  return constants?.length === 1 ? constants[0] : undefined;
}

/** Whether the DRM core maps tables for the objects of a module. */
function mayHaveCoreMap(codebase: Codebase, files: ReadonlySet<string>): boolean {
  if (tableImporters(codebase).some(({ path }) => files.has(path))) return true;
  const begins = new RegExp(`\\b(?:${primeImport.begin}|${primeImport.standard})\\b`);
  return [...files].some((path) => begins.test(codebase.program.peek(path) ?? ''));
}
