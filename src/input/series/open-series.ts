import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, pathFrom } from '../../base/environment.js';
import { type Renames, renamesOf, withRenamesFollowed } from '../apply/follow-renames.js';
import { readText } from '../git/blobs.js';
import { folderGround, type Ground, revisionGround } from '../git/ground.js';
import { startPatching } from '../git/patching.js';
import {
  ancestorOf,
  type Commit,
  diffOfCommit,
  findCommit,
  findRepository,
  listTree,
  OwnerError,
  type Pair,
  type Repository,
  RevisionError,
  resolveCommit,
  treeChanges,
  treeOf,
  withoutAttributes,
} from '../git/repository.js';
import { anySeries } from '../mail/mail-wanted.js';
import { previousSeries } from './previous-series.js';
import { type PatchHead, readSteps, type Series, type Step, type TrustedTree } from './series.js';
import { readSource, type SeriesRequest, type SeriesSource } from './series-source.js';

/**
 * Reads a series and applies it, patch by patch, without checking anything out.
 * @param scratch an empty folder that must stay while the series is in use
 * @throws InputError, RevisionError, GitError
 */
export async function openSeries(request: SeriesRequest, scratch: string): Promise<Series> {
  const { cwd, env } = request;
  const folder = pathFrom(cwd, request.folder);
  const repository = await kernelRepository(folder, request);
  // List the files of an unpacked tree while the mails are read.
  const listing = repository ? null : folderGround(folder, request.folder);
  listing?.catch(() => undefined); // errors of the series are reported first
  const wanted = await readSource(request, request.names, repository);
  const queue =
    request.mergeWith === null
      ? null
      : await readSource({ ...request, wanted: anySeries }, [request.mergeWith], repository);
  const base = await baseOf(request, repository, wanted);
  const ground =
    repository && base
      ? await revisionGround(repository, base.commit, join(scratch, 'tree'))
      : await (listing ?? folderGround(folder, request.folder));
  const trusted = (await branchBase(wanted, scratch)) ?? trustedGround(ground);
  const series = await applySeries(
    ground,
    wanted,
    { queue, isMoved: request.base !== null, isPart: request.isOneCommit, env, trusted },
    scratch,
  );
  const before = await previousSeries(
    request,
    wanted,
    {
      ground,
      repository,
      apply: (where, source, folder) =>
        applySeries(where, source, { queue: null, isMoved: false, isPart: false, env, trusted }, folder),
    },
    scratch,
  );
  const said = [base?.remark ?? [], before.remark ?? []].flat();
  return { ...series, previous: before.previous, remarks: [...series.remarks, ...said] };
}

/** The repository of a kernel tree; null for an unpacked tree, even inside the repository of something else. */
async function kernelRepository(folder: string, { folder: name, env }: SeriesRequest): Promise<Repository | null> {
  if (!existsSync(folder)) throw new RevisionError(`${name}: no such folder; name a kernel tree with --tree`);
  const isUnpacked = existsSync(join(folder, 'include/linux/dma-buf.h')) && !existsSync(join(folder, '.git'));
  const repository = await findRepository(folder, env, name).catch((error: unknown) => {
    if (error instanceof OwnerError && isUnpacked) return null; // somebody else's repository lies around it
    throw error;
  });
  if (!repository || repository.workTree === null || repository.workTree === realpathSync(folder)) return repository;
  return existsSync(join(folder, 'include/linux/dma-buf.h')) ? null : repository;
}

function trustedGround({ commit, tree, identity, text }: Ground): TrustedTree {
  return { commit, isBase: true, open: async () => ({ baseTree: tree, baseIdentity: identity }), text };
}

/**
 * Where the branch of a commit begins that b4 asks about: the commits before it, up to the first of the series, are judged
 * as well, and have nothing to say. Null if it is the first.
 */
async function branchBase(source: SeriesSource, scratch: string): Promise<TrustedTree | null> {
  if (source.kind !== 'range' || source.named === null || source.named.first <= 1) return null;
  const { repository, range, named } = source;
  const commit = await ancestorOf(repository, range.base, named.first - 1);
  return {
    commit,
    isBase: false,
    text: async (path) => readText(path, (await listTree(repository, commit, [path])).get(path), repository.git),
    async open() {
      const { tree, identity } = await revisionGround(repository, commit, join(scratch, 'trusted'));
      return { baseTree: tree, baseIdentity: identity };
    },
  };
}

/** Options of `applySeries()`. */
export interface ApplyOptions {
  /** Another series that is applied first. */
  readonly queue: SeriesSource | null;
  /** Whether the tree is not the one that the series was made on. */
  readonly isMoved: boolean;
  readonly isPart: boolean;
  /** The user's environment. */
  readonly env: Environment;
  /** The tree whose configuration and suppressions count; if missing, the one that the series is applied to. */
  readonly trusted?: TrustedTree;
}

/** Applies a series to a tree, after the queued one if there is one. */
export async function applySeries(
  ground: Ground,
  wanted: SeriesSource,
  { queue, isMoved, isPart, env, trusted = trustedGround(ground) }: ApplyOptions,
  scratch: string,
): Promise<Series> {
  const applier = createApplier(ground, scratch, env);
  const queued = queue ? await applier.steps(queue) : [];
  const moved = renamesOf(queued.flatMap(({ changes }) => changes));
  // Commits on their own base have trees already; on another base they must be applied like patches.
  const asTheyAre = wanted.kind === 'range' && !queue && !isMoved;
  const steps = asTheyAre ? await commitSteps(wanted) : await applier.steps(wanted, moved);
  const { patches, remarks } = await readSteps([...queued, ...steps], ground.tree, ground.identity);
  return {
    name: wanted.name,
    kind: wanted.kind,
    base: ground.commit,
    baseTree: ground.tree,
    baseIdentity: ground.identity,
    baseText: ground.text,
    trusted,
    previous: null,
    cover: wanted.kind === 'mail' ? wanted.mails.cover : null,
    queued: patches.slice(0, queued.length),
    patches: patches.slice(queued.length),
    total: wanted.kind === 'mail' ? wanted.mails.total : (wanted.named?.total ?? null),
    missing: wanted.kind === 'mail' ? wanted.mails.missing : [],
    isOfFirst: wanted.kind === 'range' && wanted.named !== null,
    isPart: isPart && wanted.kind === 'mail',
    remarks: [
      ...(wanted.kind === 'mail' ? wanted.mails.remarks : []),
      ...[...queued, ...steps].flatMap(sayDone),
      ...remarks,
    ],
  };
}

/** Says of a patch that the tree has its change already, in whole or in part. */
function sayDone({ head, changes, failures, done }: Step): readonly string[] {
  if (done.length === 0) return [];
  const isWhole = changes.length === 0 && failures.length === 0;
  const where = isWhole ? '' : ` to ${done.join(', ')}`;
  return [`patch ${head.number} ("${head.subject}") is already applied${where}: the tree has the change`];
}

/** The base of a series: what the user names, else where its range begins, else what its mails name, else HEAD. */
async function baseOf(
  request: SeriesRequest,
  repository: Repository | null,
  source: SeriesSource,
): Promise<{ readonly commit: string; readonly remark: string | null } | null> {
  if (!repository) {
    if (request.base !== null)
      throw new RevisionError(`--base ${request.base}: ${request.folder} is not a git repository`);
    return null;
  }
  if (request.base !== null) return { commit: await resolveCommit(repository, request.base), remark: null };
  if (source.kind === 'range') return { commit: source.range.base, remark: null };
  const said = source.mails.baseCommit;
  const commit = said === null ? null : await findCommit(repository, said);
  if (commit !== null) return { commit, remark: null };
  const remark = said === null ? null : `base-commit ${said} is not in ${request.folder}: applied to HEAD instead`;
  return { commit: await resolveCommit(repository, 'HEAD'), remark };
}

/** Makes steps of the commits of a range. Nothing has to be applied. */
async function commitSteps(source: Extract<SeriesSource, { kind: 'range' }>): Promise<readonly Step[]> {
  const { repository, commits } = source;
  const options = withoutAttributes(repository);
  const pairs: Pair[] = [];
  for (const [index, { tree, parents }] of commits.entries()) {
    const former = commits[index - 1];
    const [parent] = parents;
    const before = former && former.id === parent ? former.tree : parent ? await treeOf(repository, parent) : tree;
    pairs.push([before, tree]);
  }
  const changes = await treeChanges(repository, pairs);
  return commits.map((commit, index) => ({
    head: headOfCommit(commit, index + (source.named?.first ?? 1)),
    changes: changes[index] ?? [],
    failures: [],
    done: [],
    trees: pairs[index] ?? [commit.tree, commit.tree],
    isWhole: true,
    git: options,
  }));
}

function headOfCommit({ id, subject, body, author }: Commit, number: number): PatchHead {
  return { number, subject, body, author, commit: id, messageId: null, envelope: null, source: null };
}

/** Applies series one after the other, each on top of the one before, which may have moved files since. */
function createApplier(
  ground: Ground,
  scratch: string,
  env: Environment,
): { steps(source: SeriesSource, moved?: Renames): Promise<readonly Step[]> } {
  let started: ReturnType<typeof startPatching> | undefined;
  return {
    async steps(source, moved = new Map()) {
      started ??= startPatching(ground.patchBase, scratch, env);
      const patching = await started;
      const steps: Step[] = [];
      const names = new Map(moved);
      for (const { head, diff } of await diffsOf(source)) {
        const { changes, failures, done, trees } = await patching.apply(withRenamesFollowed(diff, names));
        // A file that the series itself makes is no file that was moved away.
        for (const { path } of changes) names.delete(path);
        steps.push({ head, changes, failures, done, trees, isWhole: false, git: patching.git });
      }
      return steps;
    },
  };
}

async function diffsOf(source: SeriesSource): Promise<readonly { readonly head: PatchHead; readonly diff: Buffer }[]> {
  if (source.kind === 'mail')
    return source.mails.patches.map(
      ({ number, subject, body, author, messageId, envelope, source: place, diff }, index) => ({
        head: { number: number ?? index + 1, subject, body, author, commit: null, messageId, envelope, source: place },
        diff,
      }),
    );
  const { repository, commits } = source;
  const diffs = [];
  for (const [index, commit] of commits.entries())
    diffs.push({ head: headOfCommit(commit, index + 1), diff: await diffOfCommit(repository, commit) });
  return diffs;
}
