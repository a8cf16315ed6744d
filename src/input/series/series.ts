import { createHash } from 'node:crypto';
import { parseDiff } from '../diff/diff.js';
import { readBlobs, readText, sayNoBlob } from '../git/blobs.js';
import { type GitOptions, git } from '../git/git.js';
import type { ApplyFailure } from '../git/patching.js';
import { type Entry, isFile, type Pair, type TreeChange } from '../git/repository.js';
import type { Envelope } from '../mail/mail-headers.js';
import type { CoverMail } from '../mail/mail-series.js';
import { decodeSource } from '../tree/decode.js';
import type { SourceTree } from '../tree/tree.js';
import { isDocument, isMakefile, isSource } from '../tree/walk.js';

/** The change of one file: its text before and after. Null if there is no file, or no source or documentation file. */
export interface FileChange {
  readonly path: string;
  /** The former name of a renamed file. */
  readonly oldPath: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** The place where a mail begins: an input as the user named it, and the 1-based line in it. */
export interface MailPlace {
  readonly name: string;
  readonly line: number;
}

/** The metadata of a patch, from a mail or a commit. */
export interface PatchHead {
  /** The 1-based number that its subject gives, else its position in the series. */
  readonly number: number;
  readonly subject: string;
  readonly body: string;
  readonly author: string;
  /** Null for a mail. */
  readonly commit: string | null;
  /** The message id of its mail, without angle brackets; null for a commit. */
  readonly messageId: string | null;
  /** What a reply to its mail takes from it; null for a commit, or a plain diff. */
  readonly envelope: Envelope | null;
  readonly source: MailPlace | null;
}

/** One patch of a series, applied after those before it. */
export interface SeriesPatch extends PatchHead {
  readonly changes: readonly FileChange[];
  /** The parts that could not be applied. */
  readonly failures: readonly ApplyFailure[];
  /** Identifies the content of the tree with this patch; null if the base has no identity. */
  readonly identity: string | null;
  /** The lines that the patch adds or changes, 1-based, by path. */
  changedLines(): Promise<ReadonlyMap<string, ReadonlySet<number>>>;
  /** The text of any file with this patch: null if it removes the file, undefined if it does not change it. */
  textOf(path: string): Promise<string | null | undefined>;
  /** Its diff with three lines of context, rename detection, and the prefixes `a/` and `b/`. */
  diff(): Promise<Buffer>;
}

/** A tree before everything that is judged: it says what is left out and suppressed, and no patch does. */
export interface TrustedTree {
  /** Its commit; null for a tree without git. */
  readonly commit: string | null;
  /** Whether it is the base tree; if not, it is opened when it is needed. */
  readonly isBase: boolean;
  open(): Promise<Pick<Series, 'baseTree' | 'baseIdentity'>>;
  /** The text of any of its files; null if there is none. @throws UserError if git does not have its content */
  text(path: string): Promise<string | null>;
}

/** A series that was read and applied. */
export interface Series {
  /** Its name as the user wrote it. */
  readonly name: string;
  readonly kind: 'range' | 'mail';
  /** The commit that it is applied to; null for a tree without git. */
  readonly base: string | null;
  readonly baseTree: SourceTree;
  readonly baseIdentity: string | null;
  /** The text of any file of the base tree; null if there is none. @throws UserError if git does not have its content */
  baseText(path: string): Promise<string | null>;
  /** The tree whose configuration and suppressions count. */
  readonly trusted: TrustedTree;
  /** The revision before it; null where the mails do not hold one, or it applies nowhere. */
  readonly previous: PreviousSeries | null;
  /** The cover letter; null where there is none. */
  readonly cover: CoverMail | null;
  /** The patches of the queued series, which were applied first. */
  readonly queued: readonly SeriesPatch[];
  readonly patches: readonly SeriesPatch[];
  /** The number of patches that the mails announce, or null. */
  readonly total: number | null;
  /** The numbers for which there is no mail. */
  readonly missing: readonly number[];
  /** Whether the user asked about the first patch only; the others are there to see what they change about it. */
  readonly isOfFirst: boolean;
  /** Whether it is one patch of a series whose other patches are not at hand. */
  readonly isPart: boolean;
  /** What was skipped and why, one line each. */
  readonly remarks: readonly string[];
}

/** An older revision of a series. */
export interface PreviousSeries {
  /** `v6`. */
  readonly name: string;
  /** What the newer one is called, `v7`. */
  readonly next: string;
  readonly series: Series;
}

/** A patch that was applied, or a commit: the trees before and after, and their differences. */
export interface Step {
  readonly head: PatchHead;
  readonly changes: readonly TreeChange[];
  readonly failures: readonly ApplyFailure[];
  /** The files that have the change already. */
  readonly done: readonly string[];
  readonly trees: Pair;
  /** Whether the second tree holds the whole kernel, so that its object id is its identity. */
  readonly isWhole: boolean;
  /** The git options with which the trees and their blobs can be read. */
  readonly git: GitOptions;
}

/**
 * Reads the files that steps change, each on top of the steps before.
 * @returns the patches, and a remark for each file that is too large
 */
export async function readSteps(
  steps: readonly Step[],
  baseTree: SourceTree,
  baseIdentity: string | null,
): Promise<{ readonly patches: readonly SeriesPatch[]; readonly remarks: readonly string[] }> {
  const { texts: blobs, unread } = await readTexts(steps);
  const remarks = unread.map(({ path, why }) => `${path}: ${why}; it is not analysed`);
  const texts = new Map<string, string | null>();
  const entries = new Map<string, Entry | null>();
  const textOf = (path: string): string | null =>
    texts.has(path) ? (texts.get(path) ?? null) : (baseTree.read(path) ?? null);
  const lines = changedLinesOf(steps);
  const patches = steps.map((step, index) => {
    const changes = step.changes.map(({ path, oldPath, after }): FileChange => {
      const text = after && matters(path) && isFile(after) ? (blobs.get(after.blob) ?? null) : null;
      return { path, oldPath, before: matters(oldPath ?? path) ? textOf(oldPath ?? path) : null, after: text };
    });
    for (const { path, oldPath, after } of step.changes) {
      if (oldPath !== null) entries.set(oldPath, null);
      entries.set(path, after);
    }
    for (const { path, oldPath, after } of changes) {
      if (oldPath !== null) texts.set(oldPath, null);
      texts.set(path, after);
    }
    return {
      ...step.head,
      changes,
      failures: step.failures,
      identity: step.isWhole ? step.trees[1] : identityOf(baseIdentity, entries),
      changedLines: () => lines(index),
      textOf: (path: string) => textWith(step, path),
      diff: () => diffOf(step, 3),
    };
  });
  return { patches, remarks };
}

function matters(path: string): boolean {
  return isSource(path) || isDocument(path) || isMakefile(path);
}

/** A larger file is no C that anybody wrote. In bytes. */
const largestText = 32 * 1024 * 1024;

/** A file whose text cannot be had, and why. */
interface Unread {
  readonly path: string;
  readonly why: string;
}

/** Reads the new blobs of steps as text. */
async function readTexts(
  steps: readonly Step[],
): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly unread: readonly Unread[] }> {
  const texts = new Map<string, string>();
  const unread: Unread[] = [];
  const byStore = new Map<string, { readonly options: GitOptions; readonly wanted: Map<string, string> }>();
  for (const { git: options, changes } of steps) {
    const key = options.variables?.['GIT_DIR'] ?? options.cwd ?? '';
    const store = byStore.get(key) ?? { options, wanted: new Map<string, string>() };
    byStore.set(key, store);
    for (const { path, after } of changes)
      if (after && matters(path) && isFile(after)) store.wanted.set(after.blob, path);
  }
  for (const { options, wanted } of byStore.values())
    await readBlobs(
      [...wanted].map(([blob, path]) => ({ blob, path })),
      options,
      ({ blob, path }, bytes) => {
        if (typeof bytes === 'string') unread.push({ path, why: sayNoBlob(bytes) });
        else if (bytes.length > largestText) unread.push({ path, why: `is larger than ${largestText >> 20} MB` });
        else texts.set(blob, decodeSource(bytes));
      },
    );
  return { texts, unread };
}

function identityOf(base: string | null, entries: ReadonlyMap<string, Entry | null>): string | null {
  if (base === null) return null;
  const hash = createHash('sha256').update(base);
  for (const path of [...entries.keys()].sort()) {
    const entry = entries.get(path);
    hash.update(`\0${path}\0${entry ? `${entry.mode} ${entry.blob}` : '-'}`);
  }
  return hash.digest('hex');
}

async function textWith({ changes, git: options }: Step, path: string): Promise<string | null | undefined> {
  const change = changes.find((one) => one.path === path);
  if (change) return await readText(path, change.after, options);
  return changes.some(({ oldPath }) => oldPath === path) ? null : undefined;
}

type ChangedLines = ReadonlyMap<string, ReadonlySet<number>>;

/** Of so many steps git compares the trees at once. A long series may ask for few of them. */
const comparedAtOnce = 32;

/** The lines that steps add or change, 1-based, by path; by the index of the step. */
function changedLinesOf(steps: readonly Step[]): (index: number) => Promise<ChangedLines> {
  const known = new Map<number, Promise<readonly ChangedLines[]>>();
  return async (index) => {
    const first = index - (index % comparedAtOnce);
    const compared = known.get(first) ?? compareSteps(steps.slice(first, first + comparedAtOnce));
    known.set(first, compared);
    return (await compared)[index - first] ?? new Map();
  };
}

async function compareSteps(steps: readonly Step[]): Promise<readonly ChangedLines[]> {
  const lines = steps.map((): ChangedLines => new Map());
  for (const options of new Set(steps.map(({ git: own }) => own))) {
    const input = steps.map(({ git: own, trees }) => (own === options ? `${trees.join(' ')}\n` : '')).join('');
    const output = (await git([...diffTree(0), '--stdin'], { ...options, input })).toString('latin1');
    // Above each diff git writes the names of the two trees. No line of a diff looks like that.
    const diffs = output.split(/^(?=[0-9a-f]{40,64} [0-9a-f]{40,64}\n)/m);
    const texts = new Map(diffs.map((text) => [text.slice(0, text.indexOf('\n')), text]));
    for (const [index, { git: own, trees }] of steps.entries())
      if (own === options) lines[index] = linesIn(Buffer.from(texts.get(trees.join(' ')) ?? '', 'latin1'));
  }
  return lines;
}

function linesIn(diff: Buffer): ChangedLines {
  return new Map(
    parseDiff(diff).flatMap(({ newPath, hunks }) =>
      newPath === null
        ? []
        : [[newPath, new Set(hunks.flatMap(({ added }) => added.map(({ line }) => line)))] as const],
    ),
  );
}

const diffTree = (context: number): readonly string[] => [
  'diff-tree',
  '-r',
  '-p',
  `-U${context}`,
  '-M',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--full-index',
];

function diffOf({ trees, git: options }: Step, context: number): Promise<Buffer> {
  return git([...diffTree(context), ...trees], options);
}
