import type { SourceFile } from '../../c/index.js';
import { folderOf, resolveInTree } from '../paths.js';

/** Finds the files that include a .c file. */
export const includesSource: RegExp = /^[ \t]*#[ \t]*include[^\n]*\.c"/m;

/**
 * Groups the files that are compiled as one because one includes the other's .c file.
 * @param including the files that include .c files
 * @returns for each file of such a group all files of the group
 */
export function findTranslationUnits(
  including: readonly string[],
  file: (path: string) => SourceFile | undefined,
): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const path of including)
    for (const include of file(path)?.unit.includes ?? []) {
      const other = include.path.endsWith('.c') ? resolveInTree(folderOf(path), include.path) : undefined;
      if (!other || !file(other)) continue;
      const group = new Set([path, other, ...(groups.get(path) ?? []), ...(groups.get(other) ?? [])]);
      for (const member of group) groups.set(member, group);
    }
  return groups;
}
