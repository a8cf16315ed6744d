import { existsSync, realpathSync } from 'node:fs';
import { findRepository, type Repository, RevisionError } from '../repository.js';
import type { SideRequest, TreeSide } from './tree-side.js';

/** What the repository is wanted for. */
export interface Purpose {
  /** The option with its value, for messages. */
  readonly what: string;
  readonly side: TreeSide;
}

/**
 * The repository of a folder that the user names.
 * @throws RevisionError where there is none, or where it has no work tree and one is wanted
 */
export async function repositoryAt(
  { folder, name, env }: Omit<SideRequest, 'side'>,
  { what, side }: Purpose,
): Promise<Repository> {
  const repository = existsSync(folder) ? await findRepository(folder, env, name) : null;
  if (!repository)
    throw new RevisionError(
      `${what}: ${name} is not a git repository${what.startsWith('--against') ? ', and there is no such folder' : '; use a baseline (dmabuf-lint baseline)'}`,
    );
  if (side.kind === 'revision') return repository;
  if (repository.workTree === null)
    throw new RevisionError(
      `${what}: ${name} is a bare repository, without files to scan; name a commit with --revision, or a work tree`,
    );
  if (repository.workTree !== realpathSync(folder))
    throw new RevisionError(`${what}: ${name} is not the top of a work tree; name the top`);
  return repository;
}
