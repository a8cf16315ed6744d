import type { SourceTree } from './tree.js';

/**
 * The paths in which two trees may differ, if one was made from the other, or both from a third; undefined if their
 * relation is unknown.
 */
export function changedPaths(from: SourceTree, to: SourceTree): readonly string[] | undefined {
  const above = new Map<SourceTree, ReadonlySet<string>>();
  for (const [tree, changed] of lineOf(from)) above.set(tree, changed);
  for (const [tree, changed] of lineOf(to)) {
    const other = above.get(tree);
    if (other) return [...new Set([...other, ...changed])].sort();
  }
  return undefined;
}

/** A tree and its origins, each with the paths that changed since. */
function* lineOf(tree: SourceTree): Iterable<readonly [SourceTree, ReadonlySet<string>]> {
  const changed = new Set<string>();
  for (let at: SourceTree | undefined = tree; at; at = at.origin?.tree) {
    yield [at, new Set(changed)];
    for (const path of at.origin?.changed ?? []) changed.add(path);
  }
}
