import type { Environment } from '../../base/environment.js';
import { visible } from '../../base/visible.js';
import { askGit, GitError } from './git.js';

/** A commit as a `Fixes:` line names it. */
export interface NamedCommit {
  readonly hash: string;
  /** One line; characters that a terminal obeys are escaped. */
  readonly subject: string;
}

/** What was asked of the history: a commit, that it has none, or why git could not say. */
export type Removal =
  | { readonly kind: 'found'; readonly commit: NamedCommit }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

// One file of the kernel's whole history takes some seconds.
const longest = 30_000;

/**
 * Finds the commit that took the declaration of a name out of a file: the last one that changed how often it is there.
 * A shallow clone that does not reach so far has none; of a partial one nothing is fetched.
 * @param folder in a work tree
 * @param path relative to the folder; at HEAD it does not declare the name any more
 * @param name of a function, a member or a callback
 */
export async function removingCommit(
  folder: string,
  { path, name }: { readonly path: string; readonly name: string },
  env: Environment,
): Promise<Removal> {
  const declaration = `(^|[^A-Za-z0-9_])${name}\\)?[ \t]*[(;]`;
  const format = '--format=%h%x00%s';
  const ask = ['log', '-1', '--abbrev=12', format, '--pickaxe-regex', `-S${declaration}`, 'HEAD', '--', path];
  try {
    const { code, stdout, stderr } = await askGit(ask, { cwd: folder, env, timeout: longest });
    if (code !== 0) return isNoRepository(stderr) ? { kind: 'none' } : { kind: 'unknown', reason: stderr.trim() };
    const [hash = '', subject = ''] = stdout.toString('utf8').trimEnd().split('\0');
    return hash === '' ? { kind: 'none' } : { kind: 'found', commit: { hash, subject: visible(subject) } };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { kind: 'unknown', reason: error.message };
  }
}

/**
 * Finds the commit that took a name out of a header and left it in another file, which had it then. A file that got the name
 * later is no fault of that commit.
 * @param folder the top of a work tree
 */
export async function leavingCommit(
  folder: string,
  { header, path, name }: { readonly header: string; readonly path: string; readonly name: string },
  env: Environment,
): Promise<NamedCommit | null> {
  const removal = await removingCommit(folder, { path: header, name }, env);
  if (removal.kind !== 'found') return null;
  const { commit } = removal;
  const ask = ['grep', '--quiet', '--word-regexp', '--fixed-strings', '-e', name, commit.hash, '--', path];
  const { code } = await askGit(ask, { cwd: folder, env, timeout: longest });
  return code === 0 ? commit : null;
}

/** Whether there is no history: no repository, or one without a commit. */
const isNoRepository = (stderr: string): boolean =>
  /not a git repository|bad revision 'HEAD'|ambiguous argument 'HEAD'|dubious ownership/.test(stderr);
