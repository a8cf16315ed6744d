import { join } from 'node:path';
import { UserError } from '../../../base/errors.js';
import { withScratch } from '../../../base/scratch.js';
import { partAt, type RevisionPart } from '../../../input/git/origin/earlier-part.js';
import { type TouchingCommit, touchingCommits } from '../../../input/git/origin/touching-commits.js';
import type { NamedCommit } from '../../../input/git/removing-commit.js';
import { findRepository, type Repository, treeChanges, treeOf } from '../../../input/git/repository.js';
import { openPartOfRevision } from '../../../input/git/revision-tree.js';
import { rememberingTree } from '../../../input/tree/remembering.js';
import type { Config, Finding, TreeFacts } from '../../../lint/index.js';
import type { TextOf } from '../../../report/run-report.js';
import { type CommandContext, cachesOf } from '../../cli/context.js';
import { analyser } from '../../scan/analyse.js';
import { neighbourhoodAmong } from '../../scan/narrow/neighbourhood.js';
import { traceRanges } from './trace-ranges.js';

/** Asks git's history which commit brought a finding in. */
export interface OriginSearch {
  /** The commit; null where no commit is certain. */
  broughtIn(finding: Finding): Promise<NamedCommit | null>;
}

/** The tree whose findings are asked about. */
export interface OriginRequest {
  /** The top of a work tree, or a bare repository. */
  readonly folder: string;
  /** The commit that the findings were made on. */
  readonly revision: string;
  /** The files that the commit has in other words than the tree. */
  readonly uncommitted: ReadonlySet<string>;
  readonly config: Config;
  /** Whether results of earlier runs may be used and kept. */
  readonly cache: boolean;
  /** The text of a file that a finding names. */
  textOf: TextOf;
}

/** The most commits that are looked at for one finding. */
const mostCommits = 20;
/** So long, in milliseconds, the search goes on to another revision. */
const patience = 60_000;

/** What a revision says of a finding. */
type Answer = 'there' | 'absent' | 'unsure';

/**
 * Opens the history of a tree. A commit brought a finding in if it touches a function or table of the trace, and the
 * analysis of the code around finds the same there, and not at the parent.
 * @param use asks, as long as the history is open; gets null where there is no repository
 */
export async function withOrigins<Answer>(
  request: OriginRequest,
  context: CommandContext,
  use: (search: OriginSearch | null) => Promise<Answer>,
): Promise<Answer> {
  const { env } = context;
  const repository = await findRepository(request.folder, env).catch(() => null);
  if (!repository) return await use(null);
  return await withScratch(env, async (scratch) => {
    const judge = revisionJudge(repository, request, scratch, context);
    const until = performance.now() + patience;
    return await use({ broughtIn: (finding) => searched(finding, { repository, request, judge, until }) });
  });
}

interface Search {
  readonly repository: Repository;
  readonly request: OriginRequest;
  readonly judge: Judge;
  /** When to give up, by performance.now(). */
  readonly until: number;
}

async function searched(finding: Finding, { repository, request, judge, until }: Search): Promise<NamedCommit | null> {
  const { revision, uncommitted, textOf } = request;
  const files = filesOf(finding);
  if (finding.confidence === 'low' || files.some((file) => uncommitted.has(file))) return null;
  if (performance.now() > until) return null;
  const ranges = traceRanges(finding, textOf);
  const commits = ranges && (await touchingCommits(repository, revision, ranges, mostCommits));
  // Of the first commit of a history nobody knows what it changed.
  if (!commits || commits[0]?.parent == null) return null;
  if ((await judge(finding, revision)) !== 'there') return null;
  for (const commit of commits) {
    if (commit.parent === null || performance.now() > until) return null;
    const before = await judge(finding, commit.parent);
    if (before === 'there') continue;
    if (before === 'unsure' || (await isRename(repository, commit, files))) return null;
    return (await judge(finding, commit.id, commit.parent)) === 'there' ? commit : null;
  }
  return null;
}

function filesOf({ file, trace }: Finding): readonly string[] {
  return [...new Set([file, ...trace.map((step) => step.file)])].sort();
}

/** Whether a commit moved one of the files: what was found under the former name is not looked for. */
async function isRename(
  repository: Repository,
  { id, parent }: TouchingCommit,
  files: readonly string[],
): Promise<boolean> {
  const trees = [await treeOf(repository, `${parent}`), await treeOf(repository, id)] as const;
  const [changes = []] = await treeChanges(repository, [trees]);
  return changes.some(({ path, oldPath }) => oldPath !== null && files.includes(path));
}

/** Says whether a revision has a finding. With `parent`, one that may have it there under another name is not sure. */
type Judge = (finding: Finding, commit: string, parent?: string) => Promise<Answer>;

/** Judges a finding at revisions, by the code around it. */
function revisionJudge(
  repository: Repository,
  { revision, config, cache }: OriginRequest,
  scratch: string,
  context: CommandContext,
): Judge {
  const analyse = analyser(config, cachesOf(context, cache));
  const parts = new Map<string, Promise<RevisionPart | null>>();
  const known = new Map<string, Promise<TreeFacts | null>>();
  const openPart = async (files: readonly string[]): Promise<RevisionPart | null> => {
    const place = join(scratch, `origin-${parts.size}`);
    const choose = (all: readonly string[]) => neighbourhoodAmong(all, files);
    const opened = await openPartOfRevision(repository, revision, choose, place);
    return opened && { commit: revision, tree: rememberingTree(opened.tree), isPart: opened.isPart };
  };
  const look = async (commit: string, files: readonly string[]): Promise<TreeFacts | null> => {
    const key = files.join(' ');
    try {
      const opening = parts.get(key) ?? openPart(files);
      parts.set(key, opening);
      const part = await opening;
      const tree = part && (await partAt(repository, part, commit));
      return tree && (await analyse(tree, `part ${await treeOf(repository, commit)} ${key}`));
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  };
  const factsAt = (commit: string, finding: Finding): Promise<TreeFacts | null> => {
    const files = filesOf(finding);
    const key = `${commit} ${files.join(' ')}`;
    const facts = known.get(key) ?? look(commit, files);
    known.set(key, facts);
    return facts;
  };
  return async (finding, commit, parent) => {
    const facts = await factsAt(commit, finding);
    const before = parent === undefined ? null : await factsAt(parent, finding);
    return facts ? answerOf(finding, facts, before) : 'unsure';
  };
}

function answerOf(finding: Finding, facts: TreeFacts, before: TreeFacts | null): Answer {
  const subjects = subjectsIn(finding, facts);
  const { subject } = finding.mark;
  const isGap = facts.notAnalysed.some(
    (gap) => gap.file === finding.file && (gap.function === null || gap.function === subject),
  );
  if (!subjects.has(subject)) return isGap ? 'unsure' : 'absent';
  // What is gone at the same time may be the same under another name.
  const gone = before ? [...subjectsIn(finding, before)].filter((name) => !subjects.has(name)) : [];
  return gone.length > 0 ? 'unsure' : 'there';
}

/** What the findings of the same rule in the same file are about; one that a comment suppresses is there, too. */
function subjectsIn({ rule, file }: Finding, { findings, suppressed }: TreeFacts): ReadonlySet<string> {
  const all = [...findings, ...suppressed.map((one) => one.finding)];
  return new Set(all.filter((one) => one.rule === rule && one.file === file).map(({ mark }) => mark.subject));
}
