import { createHash } from 'node:crypto';
import { entriesOf, type GitOptions, git } from '../git.js';
import { leftOutFiles } from '../left-out.js';
import { type Entry, type Repository, RevisionError } from '../repository.js';
import { openEntries, type RevisionTree } from '../revision-tree.js';
import { diffWorkTree } from '../work-tree-git.js';
import type { Index } from './tree-side.js';

/** The variables that lead git to an index. */
export function indexVariables({ file }: Index): Readonly<Record<string, string>> {
  return file === null ? {} : { GIT_INDEX_FILE: file };
}

/**
 * Opens what is staged, without writing it out as a commit.
 * @param scratch an empty folder that must stay while the tree is in use
 * @returns the tree, and what identifies its content
 * @throws RevisionError, InputError
 */
export async function openStaged(
  repository: Repository & { readonly workTree: string },
  index: Index,
  scratch: string,
): Promise<RevisionTree & { readonly identity: string }> {
  const options = { ...repository.git, variables: indexVariables(index) };
  const listed = await git(['ls-files', '-z', '--stage'], options);
  const [entries, different] = [entriesIn(listed, repository.name), await unlikeIndex(repository, index, options)];
  const opened = await openEntries(repository, { what: 'the index', entries, different }, scratch);
  return { ...opened, identity: `index ${createHash('sha256').update(listed).digest('hex')}` };
}

/** The files that the index has. @throws RevisionError where a merge left conflicts */
export async function indexEntries(repository: Repository, index: Index): Promise<ReadonlyMap<string, Entry>> {
  const options = { ...repository.git, variables: indexVariables(index) };
  return entriesIn(await git(['ls-files', '-z', '--stage'], options), repository.name);
}

function entriesIn(listed: Buffer, name: string): ReadonlyMap<string, Entry> {
  const files = new Map<string, Entry>();
  for (const entry of entriesOf(listed, '\0')) {
    const tab = entry.indexOf('\t');
    const [mode = '', blob = '', stage] = entry.slice(0, tab).split(' ');
    const path = entry.slice(tab + 1);
    if (stage !== '0') throw new RevisionError(`${name}: ${path} has a merge conflict; resolve it first`);
    files.set(path, { mode, blob });
  }
  return files;
}

async function unlikeIndex(
  repository: Repository & { readonly workTree: string },
  index: Index,
  options: GitOptions,
): Promise<ReadonlySet<string>> {
  const names = ['--name-only', '-z', '--no-renames'];
  const [changed, left] = await Promise.all([
    diffWorkTree(repository, null, names, { env: repository.git.env, variables: indexVariables(index) }),
    leftOutFiles(options),
  ]);
  return new Set([...entriesOf(changed, '\0'), ...left]);
}
