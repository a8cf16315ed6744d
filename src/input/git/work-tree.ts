import { join } from 'node:path';
import { parseDiff } from '../diff/diff.js';
import type { SourceTree } from '../tree/tree.js';
import { isDocument, isSource } from '../tree/walk.js';
import { entriesOf, git } from './git.js';
import { type Ground, revisionGround } from './ground.js';
import { hasWorkTree, type Repository, resolveCommit } from './repository.js';
import { type OpenedSide, openSide } from './sides/open-side.js';
import { repositoryAt } from './sides/repository-at.js';
import { indexVariables } from './sides/staged.js';
import type { SideRequest, TreeSide } from './sides/tree-side.js';
import { diffWorkTree, filesUnlike } from './work-tree-git.js';

/** A tree with its changes since a revision: as a rule a work tree, with what is not committed. */
export interface WorkTreeSince {
  readonly before: Ground;
  readonly tree: SourceTree;
  /** What else is known of the tree with the changes. */
  readonly now: OpenedSide;
  /** The former name of each renamed file, by its new name. */
  readonly renames: ReadonlyMap<string, string>;
  /** The added or changed lines of tracked files, 1-based, by path. */
  readonly changedLines: ReadonlyMap<string, ReadonlySet<number>>;
}

/** A tree and a revision, as the user names them. */
export interface SinceRequest extends Omit<SideRequest, 'side'> {
  /** The revision that the tree is compared with. */
  readonly revision: string;
  /** The option that names the revision, for messages. */
  readonly option: '--since' | '--against';
  /** Which state of the tree; the work tree if missing. */
  readonly side?: TreeSide;
}

/**
 * Opens a tree and one of its revisions. Nothing is checked out, and nothing of the repository is written.
 * @param scratch an empty folder, which must stay while the trees are in use
 * @throws InputError, RevisionError, GitError
 */
export async function openSince(request: SinceRequest, scratch: string): Promise<WorkTreeSince> {
  const { folder, name, revision, option, side = { kind: 'work-tree' }, env } = request;
  const repository = await repositoryAt({ folder, name, env }, { what: `${option} ${revision}`, side });
  const commit = await resolveCommit(repository, revision);
  const now = await openSide({ folder, name, side, env }, join(scratch, 'now'), repository);
  const [before, changes, changed] = await Promise.all([
    revisionGround(repository, commit, join(scratch, 'before')),
    changesSince(repository, commit, side),
    changedNames(repository, commit, side),
  ]);
  const all = new Set(changed);
  // git diff does not list untracked files, nor files that are not checked out.
  for (const path of differentNames(before.tree, now.tree)) all.add(path);
  return { before, now, tree: { ...now.tree, origin: { tree: before.tree, changed: [...all].sort() } }, ...changes };
}

/** Runs `git diff` between a commit and a state of the tree. */
async function diffSide(
  repository: Repository,
  commit: string,
  side: TreeSide,
  how: readonly string[],
): Promise<Buffer> {
  const { git: options } = repository;
  const { env } = options;
  switch (side.kind) {
    case 'work-tree':
      return await diffWorkTree(withWorkTree(repository), commit, how, { env });
    case 'staged':
      return await diffWorkTree(withWorkTree(repository), commit, ['--cached', ...how], {
        env,
        variables: indexVariables(side.index),
      });
    case 'revision': {
      const quiet = ['--no-color', '--no-ext-diff', '--no-textconv', '--ignore-submodules'];
      return await git(['diff', ...how, ...quiet, '--end-of-options', commit, `${side.revision}^{commit}`], options);
    }
  }
}

/** A repository of which {@link repositoryAt} has seen that it is not bare. */
function withWorkTree(repository: Repository): Repository & { readonly workTree: string } {
  if (hasWorkTree(repository)) return repository;
  throw new Error('a work tree is compared, and there is none');
}

async function changedNames(repository: Repository, commit: string, side: TreeSide): Promise<readonly string[]> {
  if (side.kind === 'work-tree') return await filesUnlike(withWorkTree(repository), commit, repository.git.env);
  return entriesOf(await diffSide(repository, commit, side, ['--name-only', '-z', '--no-renames']), '\0');
}

async function changesSince(
  repository: Repository,
  commit: string,
  side: TreeSide,
): Promise<Pick<WorkTreeSince, 'renames' | 'changedLines'>> {
  // As text, whatever an attribute of the tree calls binary.
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
  const files = parseDiff(await diffSide(repository, commit, side, ['-p', '-U0', '-M', '--text', ...prefixes]));
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
