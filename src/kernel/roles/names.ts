import { exchanged, type NamedTree, plainTree, renameTree } from '../../input/tree/renamed.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { isCoreFile } from './core-files.js';
import { learnApi, type UnknownApi } from './learned-api.js';

/** A tree that is read in the names of our table, with what of its API is not known. */
export interface LearnedTree {
  readonly names: NamedTree;
  readonly unknown: readonly UnknownApi[];
}

/**
 * Reads a tree in the names of the table: a function of its core that has another name there, going by its role, is read by
 * the name that the table has for the role. The two names change places, so that a leftover of the old name stays a
 * name that this tree does not have. Where the tree has both, the old one by a wrapper, drivers may use either: the new
 * one is read as the old one, but in the core itself, which defines them.
 */
export function readInOurNames(tree: SourceTree): LearnedTree {
  const { names, structs, declared, unknown } = learnApi(tree);
  if (names.size === 0 && structs.size === 0) return { names: plainTree(tree), unknown };
  const words = new Map(exchanged(structs));
  const aliases = new Map<string, string>();
  const taken = new Set<string>();
  for (const [name, ours] of names) {
    if (declared.has(ours) || taken.has(ours)) aliases.set(name, ours);
    else words.set(name, ours).set(ours, name);
    taken.add(ours);
  }
  return { names: renameTree(tree, { words, aliases, keepsAliases: isCoreFile }), unknown };
}
