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
import { anySeries, type WantedSeries } from '../mail/mail-wanted.js';
import { InputError } from '../tree/tree.js';
import { findOwnCommit } from './own-commit.js';

/** What the user asks for. */
export interface SeriesRequest {
  /** The kernel tree. */
  readonly folder: string;
  /** A range, mailboxes, folders, patches or `-`; empty for the commits since the upstream branch. */
  readonly names: readonly string[];
  /** The revision that `--base` names, or null. */
  readonly base: string | null;
  /** A queued series that is applied first (`--merge-with`), or null. */
  readonly mergeWith: string | null;
  /** Whether the mail is expected to be one commit of the checked-out branch, as in `b4 prep --check`. */
  readonly isOneCommit: boolean;
  /** Which series, if the mails hold several; if missing, the first. */
  readonly wanted?: WantedSeries;
  /** Relative paths start here. */
  readonly cwd: string;
  /** The user's environment. */
  readonly env: Environment;
  /** Reads the standard input to its end. */
  readStdin(): Promise<MailInput>;
}

/** A series that was read, and not yet applied. */
export type SeriesSource =
  | { readonly kind: 'mail'; readonly name: string; readonly mails: MailSeries }
  | {
      readonly kind: 'range';
      readonly name: string;
      readonly repository: Repository;
      readonly range: Range;
      readonly commits: readonly Commit[];
      /** For a commit that a mail named: its number in the series, and how many patches there are. Else null. */
      readonly named: { readonly first: number; readonly total: number | null } | null;
    };

/**
 * Reads the series that the user names.
 * @param names mailboxes, folders, patches, one range, or `-`
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
    const mails = await readMailSeries(inputs, request.env, request.wanted);
    const [patch, second] = mails.patches;
    const commit = request.isOneCommit && repository && patch && !second && (await findOwnCommit(repository, patch));
    return repository && commit ? await fromCommit(repository, commit, patch) : { kind: 'mail', name, mails };
  }
  refuseChoice(request.wanted);
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
  // If the upstream branch has moved on, the series begins at the merge base.
  const base = first.parents[0] ?? range.base;
  return { kind: 'range', name, repository, range: { ...range, base }, commits, named: null };
}

/** @throws InputError if the user chooses among mails where there are none */
function refuseChoice({ revision, messageId, subject }: WantedSeries = anySeries): void {
  const option =
    revision !== null ? '--revision' : messageId !== null ? '--message-id' : subject !== null ? '--subject' : null;
  if (option !== null)
    throw new InputError(`${option} chooses among mails; name a mailbox, patches or '-', not a range of commits`);
}

/** b4 asks for one patch after the other: so many commits are analysed at once, and stored. */
const mostAhead = 32;

/** Makes a series of a commit of the checked-out branch and those after it. */
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

/** A range with more commits is no series: the user named the wrong base. */
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
