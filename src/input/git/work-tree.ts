import { existsSync, realpathSync } from 'node:fs';
import type { Environment } from '../../base/environment.js';
import { parseDiff } from '../diff/diff.js';
import { openFolder, type SourceTree } from '../tree/tree.js';
import { isDocument, isSource } from '../tree/walk.js';
import { entriesOf } from './git.js';
import { type Ground, revisionGround } from './ground.js';
import { findRepository, type Repository, RevisionError, resolveCommit } from './repository.js';
import { diffWorkTree } from './work-tree-git.js';

/** A work tree with its uncommitted changes, and the revision that it is compared with. */
export interface WorkTreeSince {
  readonly before: Ground;
  readonly tree: SourceTree;
  /** The former name of each renamed file, by its new name. */
  readonly renames: ReadonlyMap<string, string>;
  /** The added or changed lines of tracked files, 1-based, by path. */
  readonly changedLines: ReadonlyMap<string, ReadonlySet<number>>;
}

/** A work tree and a revision, as the user names them. */
export interface SinceRequest {
  /** Where the work tree is. */
  readonly folder: string;
  /** What messages call it. */
  readonly name: string;
  readonly revision: string;
  /** The option that names the revision, for messages. */
  readonly option: '--since' | '--against';
  /** The user's environment. */
  readonly env: Environment;
}

/**
 * Opens a work tree and one of its revisions. Nothing is checked out, and nothing of the repository is written.
 * @param scratch an empty folder, which must stay while the trees are in use
 * @throws InputError, RevisionError, GitError
 */
export async function openSince(request: SinceRequest, scratch: string): Promise<WorkTreeSince> {
  const { folder, name, revision, env } = request;
  const tree = openFolder(folder, name);
  const repository = await repositoryAt(request);
  const top = repository.git.cwd;
  const commit = await resolveCommit(repository, revision);
  const [before, diff] = await Promise.all([revisionGround(repository, commit, scratch), diffSince(top, commit, env)]);
  const changed = new Set(await changedTracked(top, commit, env));
  // git diff does not list untracked files, nor files that are not checked out.
  for (const path of differentNames(before.tree, tree)) changed.add(path);
  return {
    before,
    tree: { ...tree, origin: { tree: before.tree, changed: [...changed].sort() } },
    ...diff,
  };
}

async function repositoryAt({ folder, name, revision, option, env }: SinceRequest): Promise<Repository> {
  const repository = await findRepository(folder, env, name);
  if (!repository)
    throw new RevisionError(
      `${option} ${revision}: ${name} is not a git repository${option === '--since' ? '; use a baseline (dmabuf-lint baseline)' : ', and there is no such folder'}`,
    );
  if (repository.workTree === null)
    throw new RevisionError(
      `${option} ${revision}: ${name} is a bare repository, without files to scan; name a work tree, or check commits with dmabuf-lint series`,
    );
  if (!existsSync(folder) || repository.workTree !== realpathSync(folder))
    throw new RevisionError(`${option} ${revision}: ${name} is not the top of a work tree; name the top`);
  return repository;
}

async function changedTracked(folder: string, commit: string, env: Environment): Promise<readonly string[]> {
  return entriesOf(await diffWorkTree(folder, commit, ['--name-only', '-z', '--no-renames'], env), '\0');
}

async function diffSince(
  folder: string,
  commit: string,
  env: Environment,
): Promise<Pick<WorkTreeSince, 'renames' | 'changedLines'>> {
  // As text, whatever an attribute of the tree calls binary.
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
  const files = parseDiff(await diffWorkTree(folder, commit, ['-p', '-U0', '-M', '--text', ...prefixes], env));
  const renames = new Map<string, string>();
  const changedLines = new Map<string, ReadonlySet<number>>();
  for (const { oldPath, newPath, isRename, hunks } of files) {
    if (newPath === null) continue;
    if (isRename && oldPath !== null) renames.set(newPath, oldPath);
    changedLines.set(newPath, new Set(hunks.flatMap(({ added }) => added.map(({ line }) => line))));
  }
  return { renames, changedLines };
}

/** The files that only one of the two trees has. */
function differentNames(before: SourceTree, after: SourceTree): readonly string[] {
  const namesOf = ({ sources, documentation }: SourceTree): ReadonlySet<string> =>
    new Set([...sources, ...documentation].filter((path) => isSource(path) || isDocument(path)));
  const [old, now] = [namesOf(before), namesOf(after)];
  return [...[...old].filter((path) => !now.has(path)), ...[...now].filter((path) => !old.has(path))];
}
