import { realpathSync } from 'node:fs';
import type { Environment } from '../../base/environment.js';
import { askGit, entriesOf } from './git.js';
import { findRepository } from './repository.js';
import { gitInWorkTree } from './work-tree-git.js';

/** What git knows about the files of a work tree. */
export interface FileHistory {
  /** Paths, relative to the top, of changed and of untracked files. */
  readonly uncommitted: ReadonlySet<string>;
  /** The subjects of the last few commits that changed a file, newest first. */
  subjects(path: string): Promise<readonly string[]>;
}

const fewCommits = 8;

/** Opens the history of a folder. @returns null if it is not the top of a work tree @throws GitError */
export async function openHistory(folder: string, env: Environment): Promise<FileHistory | null> {
  const repository = await findRepository(folder, env);
  if (repository?.workTree == null || repository.workTree !== realpathSync(folder)) return null;
  const status = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--ignore-submodules'];
  const entries = entriesOf(await gitInWorkTree(folder, status, { env }), '\0');
  return {
    uncommitted: new Set(entries.map((entry) => entry.slice('XY '.length))),
    async subjects(path) {
      const log = ['log', `-${fewCommits}`, '--no-merges', '--format=%s', 'HEAD', '--', path];
      const { code, stdout } = await askGit(log, { cwd: folder, env });
      return code === 0 ? entriesOf(stdout, '\n') : []; // no commit yet
    },
  };
}
