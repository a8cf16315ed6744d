import { statSync } from 'node:fs';
import { type Environment, pathFrom } from '../../base/environment.js';
import {
  type Commit,
  commitsOf,
  findCommit,
  type Range,
  type Repository,
  RevisionError,
  rangeSinceUpstream,
  resolveCommit,
  resolveRange,
} from '../git/repository.js';
import { type MailInput, type MailSeries, type PatchMail, readMailFiles, readMailSeries } from '../mail/mail-series.js';
import { InputError } from '../tree/tree.js';
import { findOwnCommit } from './own-commit.js';

/** What the user names. */
export interface SeriesRequest {
  /** The kernel tree. */
  readonly folder: string;
  /** A range, mailboxes, folders, patches, `-`; empty for the commits since the upstream branch. */
  readonly names: readonly string[];
  readonly base: string | null;
  /** Another queued series, on top of which this one is judged. */
  readonly mergeWith: string | null;
  /** The mail is one commit of the checked-out branch, where it can be found there. */
  readonly isOneCommit: boolean;
  /** Relative paths start here. */
  readonly cwd: string;
  /** The user's environment. */
  readonly env: Environment;
  /** Reads all of the standard input. */
  readStdin(): Promise<MailInput>;
}

/** A series as it was found, not applied yet. */
export type SeriesSource =
  | { readonly kind: 'mail'; readonly name: string; readonly mails: MailSeries }
  | {
      readonly kind: 'range';
      readonly name: string;
      readonly repository: Repository;
      readonly range: Range;
      readonly commits: readonly Commit[];
      /** The number of the first commit in its series, and how many there are: of one that was named by its mail. */
      readonly named: { readonly first: number; readonly total: number | null } | null;
    };

/**
 * Reads what the user names as a series.
 * @throws InputError, RevisionError
 */
export async function readSource(
  request: SeriesRequest,
  names: readonly string[],
  repository: Repository | null,
): Promise<SeriesSource> {
  const [only] = names;
  if (only === '-' || names.length > 1 || (only !== undefined && isOnDisk(pathFrom(request.cwd, only)))) {
    const name = names.join(' ');
    const inputs = name === '-' ? [await request.readStdin()] : readMailFiles(names, request.cwd);
    const mails = await readMailSeries(inputs, request.env);
    const [patch, second] = mails.patches;
    const commit = request.isOneCommit && repository && patch && !second && (await findOwnCommit(repository, patch));
    return repository && commit ? await fromCommit(repository, commit, patch) : { kind: 'mail', name, mails };
  }
  if (!repository) {
    if (only === undefined)
      throw new RevisionError(`${request.folder}: is not a git repository; name patches, a mailbox or '-'`);
    throw new InputError(
      `${only}: no such file, and ${request.folder} is not a git repository, so it cannot be a range`,
    );
  }
  const range = only === undefined ? await rangeSinceUpstream(repository) : await namedRange(repository, only);
  const commits = await commitsOf(repository, range);
  const name = only ?? `${range.base.slice(0, 12)}..HEAD`;
  const [first] = commits;
  if (!first) throw new RevisionError(`${name}: has no commits; write a range as base..topic`);
  if (commits.length > mostCommits)
    throw new RevisionError(`${name}: has ${commits.length} commits, more than ${mostCommits}; name a shorter range`);
  // Where an upstream branch went on meanwhile, the series begins where the two part.
  const base = first.parents[0] ?? range.base;
  return { kind: 'range', name, repository, range: { ...range, base }, commits, named: null };
}

/** After one patch of a branch the next will be asked about: so many are judged with it, and remembered. */
const mostAhead = 32;

/** A commit of the checked-out branch, and those that follow it there. */
async function fromCommit(repository: Repository, commit: Commit, patch: PatchMail): Promise<SeriesSource> {
  const range = { base: commit.parents[0] ?? commit.id, tip: await resolveCommit(repository, 'HEAD') };
  const rest = await commitsOf(repository, range);
  return {
    kind: 'range',
    name: patch.source.name,
    repository,
    range,
    commits: rest[0]?.id === commit.id ? rest.slice(0, mostAhead) : [commit],
    named: { first: patch.number ?? 1, total: patch.total },
  };
}

/** A range with more commits than this is no series: somebody named the wrong base. */
const mostCommits = 5000;

async function namedRange(repository: Repository, name: string): Promise<Range> {
  if (name.startsWith('-')) throw new RevisionError(`${name}: is not a range; write it as base..topic`);
  try {
    return await resolveRange(repository, name);
  } catch (error) {
    if (error instanceof RevisionError && !name.includes('..') && (await findCommit(repository, name)) === null)
      throw new RevisionError(`${name}: no such file, and no such revision in ${repository.name}`);
    throw error;
  }
}

function isOnDisk(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
