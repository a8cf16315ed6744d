import { join } from 'node:path';
import type { Environment } from '../../base/environment.js';
import { applyAnyway, applyText } from '../apply/apply-anyway.js';
import { partBareRemovals } from '../apply/bare-removals.js';
import { makeObjectStore } from '../apply/object-store.js';
import { type FilePatch, parseDiff, pathTrouble } from '../diff/diff.js';
import { namedRepository } from './environment.js';
import { entriesOf, type GitOptions, git } from './git.js';
import { type PatchBounds, patchBounds, refuse, withinBounds } from './patch-bounds.js';
import type { Entry, Pair, TreeChange } from './repository.js';

/** The files that patches are applied to. */
export interface PatchBase {
  /** Object stores that git reads and never writes. */
  readonly objects: readonly string[];
  readonly objectFormat: 'sha1' | 'sha256';
  /** A file of the tree: its git entry or its bytes; null if there is none. */
  file(path: string): Entry | { readonly mode: string; readonly bytes: Buffer } | null;
}

/** The part of a patch for one file, which could not be applied. */
export interface ApplyFailure {
  readonly path: string;
  /** The first line of the failing hunk in the old file, 1-based; null if no hunk is the cause. */
  readonly line: number | null;
  /** The number of the failing hunk in its file, 1-based, or null. */
  readonly hunk: number | null;
  /** The number of hunks for this file. */
  readonly hunks: number;
  /** The cause, after "the hunk: "; lower case. */
  readonly reason: string;
  /** The numbers of all hunks of the file that do not apply, where the others are applied. */
  readonly failedHunks?: readonly number[];
}

/** The result of applying one patch. */
export interface Applied {
  /** The files that the patch changed. */
  readonly changes: readonly TreeChange[];
  readonly failures: readonly ApplyFailure[];
  /** The files, by their old names, that have the change already. */
  readonly done: readonly string[];
  /** Tree objects without and with this patch. They hold only the files that patches have named so far. */
  readonly trees: Pair;
}

/** Applies patches one after the other, without a work tree, in a private repository. */
export interface Patching {
  /** The git options with which the new blobs can be read. */
  readonly git: GitOptions;
  apply(diff: Buffer): Promise<Applied>;
}

/**
 * Makes a private repository in a folder. It borrows objects and writes its own.
 * @param env the user's environment
 */
export async function startPatching(
  base: PatchBase,
  folder: string,
  env: Environment,
  bounds: PatchBounds = patchBounds,
): Promise<Patching> {
  const repository = join(folder, 'patching.git');
  const store = makeObjectStore(repository, base.objectFormat, base.objects);
  const options: GitOptions = {
    cwd: folder,
    env,
    variables: { ...namedRepository(repository, null), GIT_INDEX_FILE: join(repository, 'index') },
  };
  const seeded = new Set<string>();
  const spent = { results: 0 };
  const sizes = new Map<string, number>();
  let state: State = { entries: new Map(), tree: store.tree(new Map()) };

  /** Adds files to the index, which holds only the files that patches name: it stays small. */
  const seed = async (paths: readonly string[]): Promise<void> => {
    const added = new Map<string, Entry>();
    for (const path of paths) {
      if (seeded.has(path)) continue;
      seeded.add(path);
      const file = base.file(path);
      if (file === null) continue;
      const blob = 'bytes' in file ? store.blob(file.bytes) : file.blob;
      if ('bytes' in file) sizes.set(blob, file.bytes.length);
      added.set(path, { mode: file.mode, blob });
    }
    if (added.size === 0) return;
    const input = [...added].map(([path, { mode, blob }]) => `${mode} ${blob}\t${path}\0`).join('');
    await git(['update-index', '-z', '--index-info'], { ...options, input });
    state = stateOf(new Map([...state.entries, ...added]));
  };
  const stateOf = (entries: ReadonlyMap<string, Entry>): State => ({ entries, tree: store.tree(entries) });

  return {
    git: options,
    async apply(diff) {
      const files = parseDiff(diff);
      const refused = files.flatMap(refusal);
      const plain = files.filter((file) => refusal(file).length === 0);
      if (plain.length <= bounds.files)
        await seed(plain.flatMap(({ oldPath, newPath }) => [oldPath, newPath].filter((path) => path !== null)));
      const before = state;
      const sizeOf = await fileSizes(plain, before.entries, sizes, options);
      const whole = partBareRemovals(plain, sizeOf);
      const { usable, refused: tooMuch } = withinBounds(whole.usable, sizeOf, spent, bounds);
      const { failed, done } = await applyFiles(usable, options, bounds.attempts);
      if (usable.length > 0) state = stateOf(await listIndex(options));
      const changes = changesBetween(before.entries, state.entries, usable);
      return {
        changes,
        failures: [...refused, ...whole.failures, ...tooMuch, ...failed],
        done,
        trees: [before.tree, state.tree],
      };
    },
  };
}

/** The entries of the index, and a tree object that holds them. */
interface State {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly tree: string;
}

/**
 * The sizes in bytes of the files that a patch begins with, by path; 0 for what git does not have.
 * @param known sizes by the names of blobs; what git is asked for is added
 */
async function fileSizes(
  files: readonly FilePatch[],
  entries: ReadonlyMap<string, Entry>,
  known: Map<string, number>,
  options: GitOptions,
): Promise<(path: string) => number> {
  const blobs = new Set(files.flatMap(({ oldPath }) => entries.get(oldPath ?? '')?.blob ?? []));
  const asked = [...blobs].filter((blob) => !known.has(blob));
  if (asked.length > 0) {
    const input = asked.map((blob) => `${blob}\n`).join('');
    const lines = entriesOf(await git(['cat-file', '--batch-check=%(objectsize)'], { ...options, input }), '\n');
    for (const [index, blob] of asked.entries()) known.set(blob, Number(lines[index]) || 0);
  }
  return (path) => known.get(entries.get(path)?.blob ?? '') ?? 0;
}

/** Refuses a file with a path that is outside the tree or otherwise unsafe. */
function refusal({ oldPath, newPath, hunks }: FilePatch): readonly ApplyFailure[] {
  for (const path of [oldPath, newPath]) {
    const reason = path === null ? undefined : pathTrouble(path);
    if (path !== null && reason)
      return [{ path, line: null, hunk: null, hunks: hunks.length, reason: `refused: the path ${reason}` }];
  }
  return [];
}

/**
 * Applies a patch as a whole; where that fails, each half of it by itself, and so on, so that the rest can be judged. Of a
 * file that does not apply, what can be applied is.
 * @param most how often git may be asked
 */
async function applyFiles(
  files: readonly FilePatch[],
  options: GitOptions,
  most: number,
): Promise<{ readonly failed: readonly ApplyFailure[]; readonly done: readonly string[] }> {
  const failures: ApplyFailure[] = [];
  const done: string[] = [];
  const untried: FilePatch[] = [];
  let attempts = 0;
  const apply = async (some: readonly FilePatch[]): Promise<void> => {
    const [first] = some;
    if (!first) return;
    if (attempts++ >= most) {
      untried.push(...some);
      return;
    }
    const complaint = await applyText(Buffer.concat(some.map(({ text }) => text)), options);
    if (complaint === null) return;
    if (some.length === 1) {
      const failure = failureOf(first, complaint);
      const outcome = await applyAnyway(first, failure, options, () => attempts++ < most);
      if (outcome === 'done') done.push(failure.path);
      else if (outcome !== 'applied') failures.push(outcome);
      return;
    }
    const half = some.length >> 1;
    await apply(some.slice(0, half));
    await apply(some.slice(half));
  };
  await apply(files);
  const refused = refuse(untried, `too many files of the patch do not apply: the rest is not tried`);
  return { failed: [...failures, ...refused], done };
}

function failureOf(file: FilePatch, complaint: string): ApplyFailure {
  const path = file.newPath ?? file.oldPath ?? '';
  const line = Number(/^error: patch failed: .*:(\d+)$/m.exec(complaint)?.[1]) || null;
  const index = file.hunks.findIndex((hunk) => hunk.oldStart === line);
  return {
    path: file.oldPath ?? path,
    line,
    hunk: index < 0 ? null : index + 1,
    hunks: file.hunks.length,
    reason: reasonOf(file, complaint),
  };
}

/** Git's error messages in words for the reader of a patch; the first match counts. */
const complaints: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/: already exists in (?:index|working directory)/, 'the file exists already'],
  [/: does not exist in index|: No such file/, 'there is no such file'],
  [/patch failed|patch does not apply/, 'the lines that it expects are not there'],
  [/corrupt patch|unexpected end of file|No valid patches|fragment without header/, 'the patch is damaged or cut off'],
  [/cannot apply binary patch/, 'the patch is binary and without its content'],
];

function reasonOf(file: FilePatch, complaint: string): string {
  if (file.isBinary && file.hunks.length === 0 && /without full index|cannot apply binary/.test(complaint))
    return 'the patch is binary and without its content';
  const known = complaints.find(([pattern]) => pattern.test(complaint))?.[1];
  return known ?? (complaint.split('\n')[0] ?? '').replace(/^error: /, '');
}

async function listIndex(options: GitOptions): Promise<ReadonlyMap<string, Entry>> {
  const found = new Map<string, Entry>();
  for (const entry of entriesOf(await git(['ls-files', '--stage', '-z'], options), '\0')) {
    const tab = entry.indexOf('\t');
    const [mode = '', blob = ''] = entry.slice(0, tab).split(' ');
    found.set(entry.slice(tab + 1), { mode, blob });
  }
  return found;
}

function changesBetween(
  before: ReadonlyMap<string, Entry>,
  after: ReadonlyMap<string, Entry>,
  files: readonly FilePatch[],
): readonly TreeChange[] {
  const renames = new Map(
    files.flatMap(({ isRename, oldPath, newPath }) => (isRename && oldPath && newPath ? [[newPath, oldPath]] : [])),
  );
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const changed = paths.filter((path) => {
    const [one, other] = [before.get(path), after.get(path)];
    return one?.blob !== other?.blob || one?.mode !== other?.mode;
  });
  const moved = new Set(renames.values());
  return changed.flatMap((path): readonly TreeChange[] => {
    const oldPath = renames.get(path) ?? null;
    if (moved.has(path) && !after.has(path)) return []; // listed under its new name
    return [{ path, oldPath, before: before.get(oldPath ?? path) ?? null, after: after.get(path) ?? null }];
  });
}
