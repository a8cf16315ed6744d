import { createHash } from 'node:crypto';
import { openFolder, openWalked, type SourceTree, walkStamped } from '../../tree/tree.js';
import { readText } from '../blobs.js';
import { textOnDisk } from '../ground.js';
import { leftOutFiles } from '../left-out.js';
import { findRepository, type Repository, resolveCommit, treeOf } from '../repository.js';
import { treeRevision } from '../revision.js';
import { openEntries, openRevision } from '../revision-tree.js';
import { repositoryAt } from './repository-at.js';
import { indexEntries, openStaged } from './staged.js';
import type { SideRequest } from './tree-side.js';

/** A state of a tree. */
export interface OpenedSide {
  readonly tree: SourceTree;
  /** Identifies the content of the tree; null if it changed too recently to be sure, or if nobody knows. */
  readonly identity: string | null;
  /** The commit that the files belong to; null without git. */
  readonly revision: string | null;
  /** The text of any file of the tree; null if there is none. @throws UserError if git does not have its content */
  text(path: string): Promise<string | null>;
}

/**
 * Opens a state of a tree.
 * @param scratch a folder that need not exist, and that must stay while the tree is in use
 * @param known the repository of the folder, where it was looked for
 * @throws InputError, RevisionError, GitError
 */
export async function openSide(request: SideRequest, scratch: string, known?: Repository): Promise<OpenedSide> {
  const { folder, name, side, env } = request;
  if (side.kind === 'work-tree') return await openWorkTree(request, scratch, known);
  const what = side.kind === 'staged' ? '--staged' : `--revision ${side.revision}`;
  const repository = known ?? (await repositoryAt({ folder, name, env }, { what, side }));
  if (side.kind === 'revision') {
    const commit = await resolveCommit(repository, side.revision);
    const { tree, entries } = await openRevision(repository, commit, scratch);
    const text = (path: string) => readText(path, entries.get(path), repository.git);
    return { tree, identity: await treeOf(repository, commit), revision: commit, text };
  }
  const { workTree } = repository;
  if (workTree === null) throw new Error('what is staged needs a work tree');
  const opened = await openStaged({ ...repository, workTree }, side.index, scratch);
  const text = (path: string) => readText(path, opened.entries.get(path), repository.git);
  return { tree: opened.tree, identity: opened.identity, revision: await treeRevision(folder, env), text };
}

async function openWorkTree(
  { folder, name, env }: SideRequest,
  scratch: string,
  known: Repository | undefined,
): Promise<OpenedSide> {
  const found = known ? Promise.resolve(known) : findRepository(folder, env, name).catch(() => null);
  const [revision, leftOut] = await Promise.all([treeRevision(folder, env), found.then(leftOutIn)]);
  const text = async (path: string) => textOnDisk(folder, path);
  if (leftOut === null) return { tree: openFolder(folder, name), identity: null, revision, text };
  return { ...(await openSparse({ folder, name, leftOut }, scratch)), revision };
}

/** The files that a sparse checkout leaves out, and the repository that has them. */
interface LeftOut {
  readonly repository: Repository;
  readonly paths: readonly string[];
}

/** What the checkout of a work tree leaves out; null if that is nothing. */
async function leftOutIn(repository: Repository | null): Promise<LeftOut | null> {
  if (!repository || repository.workTree === null) return null;
  const paths = await leftOutFiles(repository.git);
  return paths.length === 0 ? null : { repository, paths };
}

/** Opens a sparse checkout: what is not checked out is read from git. */
async function openSparse(
  {
    folder,
    name,
    leftOut: { repository, paths },
  }: Pick<SideRequest, 'folder' | 'name'> & { readonly leftOut: LeftOut },
  scratch: string,
): Promise<Omit<OpenedSide, 'revision'>> {
  const walk = await walkStamped(folder, name);
  const there = new Set([...walk.sources, ...walk.documentation]);
  const index = await indexEntries(repository, { file: null });
  const missing = paths.flatMap((path) => {
    const entry = index.get(path);
    return entry && !there.has(path) ? [[path, entry] as const] : [];
  });
  if (missing.length === 0)
    return {
      tree: openWalked(folder, walk, name),
      identity: walk.stamp,
      text: async (path) => textOnDisk(folder, path),
    };
  const onDisk = [...there, 'Makefile'].map((path) => [path, { mode: '100644', blob: '' }] as const);
  const entries = new Map([...onDisk, ...missing]);
  const different = new Set(missing.map(([path]) => path));
  const { tree } = await openEntries(repository, { what: 'the checkout', entries, different }, scratch);
  const disk = openWalked(folder, walk, name);
  const digest = createHash('sha256').update(JSON.stringify(missing)).digest('hex');
  return {
    // What is neither source nor documentation, as MAINTAINERS, is no entry: it is on disk, or nowhere.
    tree: { ...tree, name, read: (path) => tree.read(path) ?? disk.read(path) },
    identity: walk.stamp && `sparse ${walk.stamp} ${digest}`,
    text: async (path) =>
      different.has(path) ? await readText(path, entries.get(path), repository.git) : textOnDisk(folder, path),
  };
}
