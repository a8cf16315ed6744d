import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { rememberingTree } from '../tree/remembering.js';
import { openWalked, type SourceTree, walkStamped } from '../tree/tree.js';
import type { PatchBase } from './patching.js';
import { type Repository, treeOf } from './repository.js';
import { openRevision } from './revision-tree.js';

/** A tree to apply patches to. */
export interface Ground {
  readonly commit: string | null;
  readonly tree: SourceTree;
  readonly identity: string | null;
  readonly patchBase: PatchBase;
}

/** A revision of a repository. */
export async function revisionGround(repository: Repository, commit: string, scratch: string): Promise<Ground> {
  const { tree, entries } = await openRevision(repository, commit, scratch);
  return {
    commit,
    tree: rememberingTree(tree),
    identity: await treeOf(repository, commit),
    patchBase: {
      objects: [repository.objects],
      objectFormat: repository.objectFormat,
      file: (path) => entries.get(path) ?? null,
    },
  };
}

/**
 * An unpacked tree, without git.
 * @param name what messages call the folder
 */
export async function folderGround(folder: string, name: string): Promise<Ground> {
  const root = resolve(folder);
  const walk = await walkStamped(folder, name);
  return {
    commit: null,
    tree: rememberingTree(openWalked(folder, walk, name)),
    identity: walk.stamp,
    patchBase: { objects: [], objectFormat: 'sha1', file: (path) => fileOnDisk(root, path) },
  };
}

/** A file of an unpacked tree as git would store it. What a link leads to is not looked at. */
function fileOnDisk(root: string, path: string): ReturnType<PatchBase['file']> {
  let folder = root;
  for (const part of relative(root, join(root, path)).split('/').slice(0, -1)) {
    folder = join(folder, part);
    if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return null;
  }
  const status = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (status?.isSymbolicLink()) return { mode: '120000', bytes: Buffer.from(readlinkSync(join(root, path))) };
  if (!status?.isFile()) return null;
  return { mode: status.mode & 0o100 ? '100755' : '100644', bytes: readFileSync(join(root, path)) };
}
