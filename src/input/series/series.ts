import { createHash } from 'node:crypto';
import { parseDiff } from '../diff/diff.js';
import { readBlobs } from '../git/blobs.js';
import { type GitOptions, git } from '../git/git.js';
import type { ApplyFailure } from '../git/patching.js';
import { type Entry, isFile, type Pair, type TreeChange } from '../git/repository.js';
import { decodeSource } from '../tree/decode.js';
import type { SourceTree } from '../tree/tree.js';
import { isDocument, isSource } from '../tree/walk.js';

/** What a patch does to one file, with its text before and after; null where there is none, or no text that matters. */
export interface FileChange {
  readonly path: string;
  /** The former name of a renamed file. */
  readonly oldPath: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** Where a mail begins in what the user named: 1-based line. */
export interface MailPlace {
  readonly name: string;
  readonly line: number;
}

/** What is said of a patch, wherever it comes from. */
export interface PatchHead {
  /** Its place in the series as it says itself, 1-based. */
  readonly number: number;
  readonly subject: string;
  readonly body: string;
  readonly author: string;
  readonly commit: string | null;
  /** Of its mail, without the angle brackets; null for a commit. */
  readonly messageId: string | null;
  readonly source: MailPlace | null;
}

/** One patch of a series, applied after those before it. */
export interface SeriesPatch extends PatchHead {
  readonly changes: readonly FileChange[];
  readonly failures: readonly ApplyFailure[];
  /** Names the tree with this patch, by content; null where the base has no name. */
  readonly identity: string | null;
  /** Lines of the new files that the patch wrote, 1-based. */
  changedLines(): Promise<ReadonlyMap<string, ReadonlySet<number>>>;
  /** Its diff with three lines around each change, renames found, `a/` and `b/` in front of the paths. */
  diff(): Promise<Buffer>;
}

/** A series that has been read and applied, without judging. */
export interface Series {
  /** How the user called it. */
  readonly name: string;
  readonly kind: 'range' | 'mail';
  /** The commit that it begins at, or null for a tree without git. */
  readonly base: string | null;
  readonly baseTree: SourceTree;
  readonly baseIdentity: string | null;
  /** The patches of another series, applied before. */
  readonly queued: readonly SeriesPatch[];
  readonly patches: readonly SeriesPatch[];
  /** What the mails say how many there are. */
  readonly total: number | null;
  readonly missing: readonly number[];
  /** Only the first patch was asked about; those that follow it are there for what they make of it. */
  readonly isOfFirst: boolean;
  /** One patch alone, of a series whose others are not at hand. */
  readonly isPart: boolean;
  /** One line each: what was passed over, and why. */
  readonly remarks: readonly string[];
}

/** A patch that has been applied, or was committed: two trees, and what they do not have alike. */
export interface Step {
  readonly head: PatchHead;
  readonly changes: readonly TreeChange[];
  readonly failures: readonly ApplyFailure[];
  readonly trees: Pair;
  /** The second tree is that of the whole kernel: its name tells everything. */
  readonly isWhole: boolean;
  /** How git finds the trees and their blobs. */
  readonly git: GitOptions;
}

/** Reads the texts that steps change, each from what the steps before have left, and names those that are too large. */
export async function readSteps(
  steps: readonly Step[],
  baseTree: SourceTree,
  baseIdentity: string | null,
): Promise<{ readonly patches: readonly SeriesPatch[]; readonly remarks: readonly string[] }> {
  const { texts: blobs, tooLarge } = await readTexts(steps);
  const remarks = tooLarge.map((path) => `${path}: is larger than ${largestText >> 20} MB, and is not analysed`);
  const texts = new Map<string, string | null>();
  const entries = new Map<string, Entry | null>();
  const textOf = (path: string): string | null =>
    texts.has(path) ? (texts.get(path) ?? null) : (baseTree.read(path) ?? null);
  const patches = steps.map((step) => {
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
      changedLines: () => changedLines(step),
      diff: () => diffOf(step, 3),
    };
  });
  return { patches, remarks };
}

function matters(path: string): boolean {
  return isSource(path) || isDocument(path) || path === 'Makefile';
}

/** A text larger than this is not C that anyone wrote, in bytes. */
const largestText = 32 * 1024 * 1024;

/** The texts of the blobs that steps lead to. */
async function readTexts(
  steps: readonly Step[],
): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly tooLarge: readonly string[] }> {
  const texts = new Map<string, string>();
  const tooLarge: string[] = [];
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
        if (bytes && bytes.length <= largestText) texts.set(blob, decodeSource(bytes));
        else tooLarge.push(path);
      },
    );
  return { texts, tooLarge };
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

async function changedLines(step: Step): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  return new Map(
    parseDiff(await diffOf(step, 0)).flatMap(({ newPath, hunks }) =>
      newPath === null
        ? []
        : [[newPath, new Set(hunks.flatMap(({ added }) => added.map(({ line }) => line)))] as const],
    ),
  );
}

function diffOf({ trees, git: options }: Step, context: number): Promise<Buffer> {
  const diff = ['diff-tree', '-r', '-p', `-U${context}`, '-M', '--no-color', '--no-ext-diff', '--no-textconv'];
  return git([...diff, '--full-index', ...trees], options);
}
