import { visible } from '../../../base/visible.js';
import { askGit, entriesOf, GitError, type GitOptions } from '../git.js';
import type { NamedCommit } from '../removing-commit.js';
import type { Repository } from '../repository.js';

/** Lines of a file at some commit, 1-based, both ends included. */
export interface LineRange {
  readonly path: string;
  readonly first: number;
  readonly last: number;
}

/** A commit that is no merge. */
export interface TouchingCommit extends NamedCommit {
  /** Its full name. */
  readonly id: string;
  /** Null for the first commit of a history. */
  readonly parent: string | null;
}

/** The history of one file of the kernel takes some seconds. In milliseconds. */
const longest = 30_000;

/**
 * Finds the commits that changed some lines, the newest first; also those that took lines out between them.
 * @param start the commit whose lines are meant
 * @param most how many to find at most
 * @returns null where the history is not whole, or git cannot say
 */
export async function touchingCommits(
  repository: Repository,
  start: string,
  ranges: readonly LineRange[],
  most: number,
): Promise<readonly TouchingCommit[] | null> {
  const options: GitOptions = { ...repository.git, timeout: longest };
  const lines = ranges.flatMap(({ path, first, last }) => ['-L', `${first},${last}:${path}`]);
  const log = ['log', '--no-merges', '--no-patch', `--max-count=${most}`, '--abbrev=12'];
  try {
    if (!(await isWhole(options))) return null;
    const { code, stdout } = await askGit([...log, '--format=%H%x00%P%x00%h%x00%s', ...lines, start], options);
    return code === 0 ? entriesOf(stdout, '\n').filter(Boolean).map(commitOf) : null;
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}

function commitOf(line: string): TouchingCommit {
  const [id = '', parents = '', hash = '', subject = ''] = line.split('\0');
  return { id, parent: parents.split(' ')[0] || null, hash, subject: visible(subject) };
}

/** Whether a repository has all commits and all their files: neither a shallow nor a partial clone. */
async function isWhole(options: GitOptions): Promise<boolean> {
  const shallow = await askGit(['rev-parse', '--is-shallow-repository'], options);
  const partial = await askGit(
    ['config', '--get-regexp', '^(extensions\\.partialclone|remote\\..*\\.promisor)$'],
    options,
  );
  return shallow.stdout.toString('latin1').trim() === 'false' && partial.stdout.length === 0;
}
