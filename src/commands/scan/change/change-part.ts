// How much of a tree does a change reach? A commit to one driver is judged by that driver, not by the whole kernel.

import type { WorkTreeSince } from '../../../input/git/work-tree.js';
import type { FileChange } from '../../../input/series/series.js';
import { partOfTree } from '../../../input/tree/part.js';
import type { SourceTree } from '../../../input/tree/tree.js';
import { identityOfPart } from '../../series/part/part-of-series.js';
import { reachOf } from '../../series/part/reach.js';

/** A tree before and after a change, both whole or both the same part. */
export interface ChangedTrees {
  readonly before: SourceTree;
  /** Identifies the content of the tree before the change; null where it changed too recently to be sure. */
  readonly identity: string | null;
  readonly tree: SourceTree;
  /** The folders around which the part lies; null for the whole tree. */
  readonly part: readonly string[] | null;
}

/** Both trees as they are. */
export function wholeTrees({ before, tree }: WorkTreeSince): ChangedTrees {
  return { before: before.tree, identity: before.identity, tree, part: null };
}

/** The part of both trees that decides what the change does to the contract; null where that is the whole. */
export async function partTrees(opened: WorkTreeSince): Promise<ChangedTrees | null> {
  const { before, tree } = opened;
  const reach = await reachOf(before.tree, changesOf(opened));
  if (reach.kind === 'whole') return null;
  const { folders, isPart } = reach;
  const old = partOfTree(before.tree, isPart);
  const changed = changedPaths(tree).filter(isPart);
  return {
    before: old,
    identity: identityOfPart(before.identity, reach),
    tree: { ...partOfTree(tree, isPart), origin: { tree: old, changed } },
    part: folders,
  };
}

function changesOf({ before, tree, renames }: WorkTreeSince): readonly FileChange[] {
  return changedPaths(tree).map((path) => {
    const oldPath = renames.get(path) ?? null;
    return {
      path,
      oldPath,
      before: before.tree.read(oldPath ?? path) ?? null,
      after: tree.read(path) ?? null,
    };
  });
}

function changedPaths({ origin }: SourceTree): readonly string[] {
  return origin?.changed ?? [];
}
