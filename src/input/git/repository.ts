import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../base/environment.js';
import { UserError } from '../../base/errors.js';
import { namedRepository } from './environment.js';
import { askGit, entriesOf, firstLine, GitError, type GitOptions, git } from './git.js';

/** A git repository. It is only read. */
export interface Repository {
  /** The top of its work tree, or null for a bare one. */
  readonly workTree: string | null;
  /** What messages call it: the top of its work tree, or a bare one as the user named it. */
  readonly name: string;
  /** Where git commands run, and in which environment. */
  readonly git: GitOptions & { readonly cwd: string };
  /** Its own folder, mostly `.git`. */
  readonly gitFolder: string;
  /** The folder of its object store. */
  readonly objects: string;
  readonly objectFormat: 'sha1' | 'sha256';
}

/** Whether a repository has a work tree: it is not bare. */
export function hasWorkTree(repository: Repository): repository is Repository & { readonly workTree: string } {
  return repository.workTree !== null;
}

/** A commit of a series. */
export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: string;
  readonly subject: string;
  readonly body: string;
}

/** A revision or range that cannot be used. The message says where, what is wrong, and what to do. */
export class RevisionError extends UserError {}

/** Git does not open a repository that belongs to somebody else. */
export class OwnerError extends RevisionError {}

/**
 * Finds the repository that contains a folder; null if there is none.
 * @param env the user's environment
 * @param name what messages call the folder
 * @throws OwnerError where it belongs to another user
 */
export async function findRepository(folder: string, env: Environment, name = folder): Promise<Repository | null> {
  const questions = ['--is-bare-repository', '--absolute-git-dir', '--git-path', 'objects', '--show-object-format'];
  // Git answers one question after the other. The last one fails in a bare repository.
  const ask = ['rev-parse', '--path-format=absolute', ...questions, '--show-toplevel'];
  const { code, stdout, stderr } = await askGit(ask, { cwd: folder, env });
  const owned = /dubious ownership in repository at '([^\n]*)'/.exec(stderr)?.[1];
  if (owned !== undefined)
    throw new OwnerError(
      `${name}: git does not open the repository, which belongs to another user; if you trust it: git config --global --add safe.directory ${owned}`,
    );
  const [bare, gitFolder, objects, format, workTree] = entriesOf(stdout, '\n');
  if (!gitFolder || !objects || !format) return null;
  const isBare = bare === 'true';
  if (code !== 0 && !isBare) throw new GitError(`git rev-parse: ${firstLine(stderr)}`);
  const top = isBare ? folder : (workTree ?? folder);
  return {
    workTree: isBare ? null : realpathSync(top),
    name: isBare ? name : top,
    git: { cwd: top, env },
    gitFolder,
    objects,
    objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
  };
}

/**
 * The options for diffs of commits: no `.gitattributes` of the tree or the patch calls a C file binary and hides its
 * changed lines. Git looks for that file in its working directory, and then in the index: here the first has none, and
 * the second does not exist.
 */
export function withoutAttributes({ git: { env }, gitFolder }: Repository): GitOptions {
  const index = join(gitFolder, 'dmabuf-lint-without-index');
  return { cwd: gitFolder, env, variables: { ...namedRepository(gitFolder, null), GIT_INDEX_FILE: index } };
}

/**
 * The commit that a revision names.
 * @throws RevisionError if it names none
 */
export async function resolveCommit(repository: Repository, name: string): Promise<string> {
  const commit = await findCommit(repository, name);
  if (commit !== null) return commit;
  if ((await askGit(['for-each-ref', '--count=1'], repository.git)).stdout.length === 0)
    throw new RevisionError(`${repository.name}: the repository has no commits yet; commit the tree first`);
  throw new RevisionError(`${name}: no such revision in ${repository.name}${await ifShallow(repository)}`);
}

/** The commit that a revision names, or null. */
export async function findCommit(repository: Repository, name: string): Promise<string | null> {
  if (name === '' || name.startsWith('-')) return null;
  // Not `--verify`, which takes one name. In a partial clone the commit may be there without its tree.
  const { stdout } = await askGit(['rev-parse', `${name}^{commit}`, `${name}^{tree}`, '--'], repository.git);
  const found = /^([0-9a-f]{40,64})\n(?:([0-9a-f]{40,64})\n--\n)?$/.exec(stdout.toString('latin1'));
  const [, commit = null, tree] = found ?? [];
  if (commit !== null && tree !== undefined) rememberTree(repository, commit, tree);
  return commit;
}

/** The commits that two revisions name, from one call of git; null unless git has both with their trees. */
async function findBoth(repository: Repository, one: string, other: string): Promise<readonly [string, string] | null> {
  if ([one, other].some((name) => name === '' || name.startsWith('-'))) return null;
  const asked = [one, other].flatMap((name) => [`${name}^{commit}`, `${name}^{tree}`]);
  const { code, stdout } = await askGit(['rev-parse', ...asked, '--'], repository.git);
  const found = /^([0-9a-f]{40,64})\n([0-9a-f]{40,64})\n([0-9a-f]{40,64})\n([0-9a-f]{40,64})\n--\n$/;
  const [, commit, tree, otherCommit, otherTree] = found.exec(stdout.toString('latin1')) ?? [];
  if (code !== 0 || !commit || !tree || !otherCommit || !otherTree) return null;
  rememberTree(repository, commit, tree);
  rememberTree(repository, otherCommit, otherTree);
  return [commit, otherCommit];
}

/** The commit a number of first parents before another; the oldest one that is there, if the history is shorter. */
export async function ancestorOf(repository: Repository, commit: string, generations: number): Promise<string> {
  const list = ['rev-list', '--first-parent', `--max-count=${generations + 1}`, commit];
  return entriesOf(await git(list, repository.git), '\n').at(-1) ?? commit;
}

/** The commits after `base` up to `tip`. */
export interface Range {
  readonly base: string;
  readonly tip: string;
}

/**
 * Resolves a range: `base..topic`; `a...b`, from their merge base to b; or one revision, from there to HEAD.
 * @throws RevisionError if a revision does not exist, or there is no merge base
 */
export async function resolveRange(repository: Repository, range: string): Promise<Range> {
  const parts = /^(.*?)(\.{2,3})(.*)$/.exec(range);
  const [from, to] = parts ? [parts[1] || 'HEAD', parts[3] || 'HEAD'] : [range, 'HEAD'];
  const [base, tip] = (await findBoth(repository, from, to)) ?? [
    await resolveCommit(repository, from),
    await resolveCommit(repository, to),
  ];
  return { base: parts?.[2] === '...' ? await mergeBase(repository, base, tip, range) : base, tip };
}

async function mergeBase(repository: Repository, one: string, other: string, what: string): Promise<string> {
  const { code, stdout } = await askGit(['merge-base', one, other], repository.git);
  if (code !== 0)
    throw new RevisionError(
      `${what}: the two revisions have no commit in common; name a range (base..topic)${await ifShallow(repository)}`,
    );
  return stdout.toString('utf8').trim();
}

/** What to do if a clone is shallow, and so lacks older commits; empty if it is complete. */
async function ifShallow({ git: options }: Repository): Promise<string> {
  const { stdout } = await askGit(['rev-parse', '--is-shallow-repository'], options);
  const isShallow = stdout.toString('latin1').trim() === 'true';
  return isShallow ? '; the clone is shallow: fetch more of it with git fetch --deepen=<commits>' : '';
}

/** The usual upstream branches, in the order in which they are tried. */
const usualUpstreams = ['@{upstream}', 'origin/HEAD', 'origin/master', 'origin/main', 'master', 'main'];

/**
 * The commits of the checked-out branch that its upstream branch does not have.
 * @throws RevisionError if no upstream branch is found
 */
export async function rangeSinceUpstream(repository: Repository): Promise<Range> {
  const tip = await resolveCommit(repository, 'HEAD');
  for (const name of usualUpstreams) {
    const upstream = await findCommit(repository, name);
    if (upstream === null || (upstream === tip && name !== '@{upstream}')) continue;
    return { base: await mergeBase(repository, upstream, tip, name), tip };
  }
  throw new RevisionError(`${repository.name}: the branch has no upstream; name a range (base..topic)`);
}

const commitFormat = '%H%x00%T%x00%P%x00%an <%ae>%x00%s%x00%b%x00%x01%x00';

/**
 * Lists the commits after `base` (all, if it is null) up to `tip`, the oldest first. A merge counts as one commit that
 * changes its first parent.
 * @param most at most so many of the newest commits, or null for all
 */
export async function commitsOf(
  repository: Repository,
  { base, tip }: { readonly base: string | null; readonly tip: string },
  most: number | null = null,
): Promise<readonly Commit[]> {
  const log = ['log', '--first-parent', '--reverse', '--encoding=UTF-8', `--format=${commitFormat}`];
  if (most !== null) log.push('-n', String(most));
  const range = base === null ? tip : `${base}..${tip}`;
  const output = await git([...log, '--end-of-options', range], repository.git);
  return output
    .toString('utf8')
    .split('\0\u0001\0\n')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [id = '', tree = '', parents = '', author = '', subject = '', body = ''] = entry.split('\0');
      return { id, tree, parents: parents.split(' ').filter((parent) => parent !== ''), author, subject, body };
    });
}

/** The tree objects of commits, which never change, as far as they are known. */
const knownTrees = new WeakMap<Repository, Map<string, string>>();

function rememberTree(repository: Repository, commit: string, tree: string): void {
  knownTrees.set(repository, (knownTrees.get(repository) ?? new Map<string, string>()).set(commit, tree));
}

/** The tree object of a commit. @param commit its full name */
export async function treeOf(repository: Repository, commit: string): Promise<string> {
  const known = knownTrees.get(repository)?.get(commit);
  if (known !== undefined) return known;
  const tree = (await git(['rev-parse', '--verify', `${commit}^{tree}`], repository.git)).toString('utf8').trim();
  rememberTree(repository, commit, tree);
  return tree;
}

/** A file as git stores it. */
export interface Entry {
  /** `100644`, `100755`, `120000` for a symbolic link, `160000` for a submodule. */
  readonly mode: string;
  readonly blob: string;
}

/** Whether an entry is a regular file. */
export function isFile({ mode }: Entry): boolean {
  return mode.startsWith('100');
}

/** One path that differs between two trees. */
export interface TreeChange {
  readonly path: string;
  /** The former name, if git detects a rename; else null. */
  readonly oldPath: string | null;
  readonly before: Entry | null;
  readonly after: Entry | null;
}

/** Two tree objects to compare. */
export type Pair = readonly [from: string, to: string];

/** Compares pairs of trees, with rename detection. @returns one list of changes for each pair, in their order */
export async function treeChanges(
  repository: Repository,
  pairs: readonly Pair[],
): Promise<readonly (readonly TreeChange[])[]> {
  const diff = ['diff-tree', '--stdin', '-r', '--raw', '-z', '--no-abbrev', '-M', '--no-ext-diff', '--no-textconv'];
  const input = pairs.map(([from, to]) => `${from} ${to}\n`).join('');
  return parseChanges(await git(diff, { ...withoutAttributes(repository), input }));
}

/**
 * Parses the output of `git diff-tree --stdin --raw -z`: for each pair its two names and a line feed, then for each
 * change `:modes blobs status`, a null byte, and one or two paths that end with a null byte.
 */
function parseChanges(output: Buffer): readonly (readonly TreeChange[])[] {
  const words = entriesOf(output, '\0');
  const groups: TreeChange[][] = [];
  for (let at = 0; at < words.length; ) {
    let word = words[at++] ?? '';
    for (let header = pairLine.exec(word); header; header = pairLine.exec(word)) {
      groups.push([]);
      word = word.slice(header[0].length);
    }
    const match = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(word);
    if (!match) continue;
    const [, oldMode = '', newMode = '', oldBlob = '', newBlob = '', status = ''] = match;
    const first = words[at++] ?? '';
    const path = status === 'R' || status === 'C' ? (words[at++] ?? '') : first;
    groups.at(-1)?.push({
      path,
      oldPath: status === 'R' ? first : null,
      before: status === 'C' ? null : entryOf(oldMode, oldBlob),
      after: entryOf(newMode, newBlob),
    });
  }
  return groups;
}

const pairLine = /^[0-9a-f]{40,64} [0-9a-f]{40,64}\n/;

function entryOf(mode: string, blob: string): Entry | null {
  return /^0+$/.test(mode) || /^0+$/.test(blob) ? null : { mode, blob };
}

/**
 * Lists the files of a tree, in git's order.
 * @param paths only these; all, if there are none
 * @throws RevisionError if there is no such tree
 */
export async function listTree(
  repository: Repository,
  tree: string,
  paths: readonly string[] = [],
): Promise<ReadonlyMap<string, Entry>> {
  const list = ['ls-tree', '-r', '-z', '--full-tree', tree, '--', ...paths];
  const { code, stdout, stderr } = await askGit(list, repository.git);
  if (code !== 0) throw new RevisionError(`${tree}: ${firstLine(stderr)}`);
  const files = new Map<string, Entry>();
  for (const entry of entriesOf(stdout, '\0')) {
    const tab = entry.indexOf('\t');
    const [mode = '', , blob = ''] = entry.slice(0, tab).split(' ');
    files.set(entry.slice(tab + 1), { mode, blob });
  }
  return files;
}

/** The diff between a commit and its first parent, as a patch that can be applied. */
export async function diffOfCommit(repository: Repository, { id, parents }: Commit): Promise<Buffer> {
  const diff = ['diff-tree', '-r', '-p', '-M', '--binary', '--full-index', '--no-color', '--no-ext-diff'];
  return await git([...diff, '--no-textconv', parents[0] ?? id, id], withoutAttributes(repository));
}
