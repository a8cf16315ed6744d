import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, link, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, UserError } from './errors.js';
import { type Leftovers, removeLeftovers } from './leftovers.js';
import { ownValue } from './own-value.js';
import { placeInTree } from './place-in-tree.js';

/** A file cannot be written. The message says which, why, and what was changed nevertheless, if anything. */
export class OutputError extends UserError {}

/** A file to be written. */
export interface WrittenFile {
  readonly path: string;
  readonly text: string;
  /** What messages call the file; its path if missing. */
  readonly name?: string;
  /**
   * The top of the tree that the file belongs to: symbolic links of the tree must not lead the file out of it. Left out
   * for a path that the user gave on the command line.
   */
  readonly tree?: string;
}

/** What the errors of the system mean when a file is written. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file would become larger than allowed (ulimit -f)',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a part of the path is not a folder',
  EISDIR: 'is not a file',
  ENAMETOOLONG: 'the name is too long',
  EBUSY: 'it is in use, as a mount point is',
  ELOOP: 'its symbolic links lead in a circle',
};

/** Why a file cannot be written, from an error's code. */
export function whyNotWritten(code: string): string {
  return ownValue(reasons, code) ?? code;
}

/** Our temporary files: who made one, and what nobody can foretell. */
const temporaryName = /^\.dmabuf-lint-(\d+)-[0-9a-f]{32}\.tmp$/;

/** A name beside others in a folder that nobody can have prepared. */
export function temporaryIn(folder: string): string {
  return join(folder, `.dmabuf-lint-${process.pid}-${randomBytes(16).toString('hex')}.tmp`);
}

/** Removes temporary files that processes which are gone have left in a folder. */
export function removeTemporaries(folder: string): void {
  removeLeftovers(temporaryLeftovers(folder));
}

/** The temporary files of all processes in a folder. */
export function temporaryLeftovers(folder: string): Leftovers {
  return { folder, name: temporaryName };
}

/** A file that is about to be put in its place. */
interface Pending {
  readonly path: string;
  readonly name: string;
  readonly temporary: string;
  /** What was there, under another name; null where nothing was, or nothing has to be undone. */
  former: string | null;
}

/**
 * Writes files so that nobody ever reads half of one: each beside its place first, and renamed when all are there.
 * A file keeps its permissions. A symbolic link at its place is replaced, not followed.
 * @throws OutputError where one cannot be written; then none is, or the message names those that are
 */
export async function writeTogether(files: readonly WrittenFile[]): Promise<void> {
  const places = files.map(placeOf);
  const pending: Pending[] = [];
  const folders: string[] = [];
  let current = '';
  try {
    for (const [index, file] of files.entries()) {
      const { text, name = file.path } = file;
      current = name;
      const path = places[index] ?? file.path;
      const made = await makeFolder(dirname(path));
      if (made !== undefined) folders.push(made);
      removeTemporaries(dirname(path));
      const mode = await modeOf(path);
      const temporary = temporaryIn(dirname(path));
      pending.push({ path, name, temporary, former: null });
      await writeAnew(temporary, text, mode);
    }
    // What comes last needs no way back.
    for (const one of pending.slice(0, -1)) {
      current = one.name;
      one.former = await keepFormer(one.path);
    }
  } catch (error) {
    await discard(pending, folders);
    throw notWritten(current, error);
  }
  await putInPlace(pending, folders);
}

/** Where a file is to be written, with no link of its tree on the way. @throws OutputError where that is outside */
function placeOf({ path, tree, name = path }: WrittenFile): string {
  if (tree === undefined) return path;
  try {
    const place = placeInTree(tree, path);
    if (place.kind === 'inside') return place.path;
    throw new OutputError(
      `${name}: leads out of the tree, to ${place.path}, by a symbolic link: nothing was written; remove the link ${place.link}`,
    );
  } catch (error) {
    throw error instanceof OutputError ? error : notWritten(name, error);
  }
}

async function writeAnew(path: string, text: string, mode: number | undefined): Promise<void> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  if (mode !== undefined) await chmod(path, mode & 0o777);
}

/** Gives what is at a place a second name, by which it can come back; null where nothing is. */
async function keepFormer(path: string): Promise<string | null> {
  const former = temporaryIn(dirname(path));
  try {
    await link(path, former);
    return former;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
  }
  // Not every file system has links, and not every file may have one.
  await copyFile(path, former, constants.COPYFILE_EXCL);
  return former;
}

async function putInPlace(pending: readonly Pending[], folders: readonly string[]): Promise<void> {
  const done: Pending[] = [];
  for (const one of pending) {
    try {
      await rename(one.temporary, one.path);
      done.push(one);
    } catch (error) {
      const left = await undo(done);
      await discard(pending, folders);
      throw notWritten(one.name, error, left);
    }
  }
  await discard(pending, []);
}

/** Puts back what was there. @returns the files for which that failed */
async function undo(done: readonly Pending[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { path, name, former } of [...done].reverse())
    await (former === null ? rm(path) : rename(former, path)).catch(() => left.push(name));
  return left;
}

/** Removes temporary files, and folders that were made for nothing. */
async function discard(pending: readonly Pending[], folders: readonly string[]): Promise<void> {
  for (const { temporary, former } of pending)
    for (const path of [temporary, former]) if (path !== null) await rm(path, { force: true }).catch(() => undefined);
  for (const made of folders) await removeEmpty(made);
}

function notWritten(path: string, error: unknown, changed: readonly string[] = []): OutputError {
  const what = changed.length === 0 ? '' : `; changed, and could not be restored: ${changed.join(', ')}`;
  return new OutputError(`${path}: cannot be written: ${whyNotWritten(errorCode(error))}${what}`);
}

/** @returns the outermost folder that had to be made */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, { recursive: true });
  } catch (error) {
    // On a read-only file system Node says that something is missing: without `recursive` it tells the truth.
    if (errorCode(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    const outer = await makeFolder(dirname(folder));
    await mkdir(folder);
    return outer ?? folder;
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw Object.assign(new Error(path), { code: 'EISDIR' });
    return found.mode;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes away folders in which there is nothing, from the innermost on. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    for (const entry of await readdir(folder, { withFileTypes: true }))
      if (entry.isDirectory()) await removeEmpty(join(folder, entry.name));
    await rmdir(folder);
  } catch {
    // There is something in it, or it cannot be removed: then it stays.
  }
}
