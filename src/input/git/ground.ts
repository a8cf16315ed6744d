import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { decodeSource } from '../tree/decode.js';
import { rememberingTree } from '../tree/remembering.js';
import { openWalked, type SourceTree, walkStamped } from '../tree/tree.js';
import { readText } from './blobs.js';
import type { PatchBase } from './patching.js';
import { type Repository, treeOf } from './repository.js';
import { openRevision } from './revision-tree.js';

/** A tree that patches can be applied to. */
export interface Ground {
  /** Null without git. */
  readonly commit: string | null;
  readonly tree: SourceTree;
  /** Identifies the content of the tree; null if it changed too recently to be sure. */
  readonly identity: string | null;
  readonly patchBase: PatchBase;
  /** The text of any file of the tree; null if there is none. @throws UserError if git does not have its content */
  text(path: string): Promise<string | null>;
}

/** Opens a revision of a repository. @param scratch an empty folder that must stay while the tree is in use */
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
    text: (path) => readText(path, entries.get(path), repository.git),
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
    text: async (path) => textOnDisk(folder, path),
  };
}

/** The text of a file of a folder, or where a symbolic link leads to; null if there is none. */
export function textOnDisk(folder: string, path: string): string | null {
  const file = fileOnDisk(resolve(folder), path);
  return file && decodeSource(file.bytes);
}

interface DiskFile {
  readonly mode: string;
  readonly bytes: Buffer;
}

/** A file of an unpacked tree as git would store it. Symbolic links are not followed. */
function fileOnDisk(root: string, path: string): DiskFile | null {
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
