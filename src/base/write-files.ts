import { chmod, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, UserError } from './errors.js';
import { literally, removeLeftovers } from './leftovers.js';

/** A file cannot be written. The message says which and why; nothing was changed. */
export class OutputError extends UserError {}

/** A file to be written. */
export interface WrittenFile {
  readonly path: string;
  readonly text: string;
  /** What messages call the file; its path if missing. */
  readonly name?: string;
}

/** Two commands of one process may write the same file at the same time: each needs a temporary file of its own. */
let written = 0;

/** What the errors of the system mean when a file is written. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a part of the path is not a folder',
  EISDIR: 'is not a file',
  ENAMETOOLONG: 'the name is too long',
};

/** Words for the code of a write error. */
export function whyNotWritten(code: string): string {
  return reasons[code] ?? code;
}

/**
 * Writes files so that nobody ever reads half of one: writes each beside its place, and renames them when all are
 * written.
 * A file keeps its permissions.
 * @throws OutputError where one cannot be written; then none is
 */
export async function writeTogether(files: readonly WrittenFile[]): Promise<void> {
  const pending: { readonly temporary: string; readonly path: string; readonly name: string }[] = [];
  const folders: string[] = [];
  let current = '';
  try {
    for (const { path, text, name = path } of files) {
      current = name;
      const temporary = `${path}.${process.pid}.${written++}.tmp`;
      pending.push({ temporary, path, name });
      const made = await makeFolder(dirname(path));
      removeLeftovers(dirname(path), new RegExp(`^${literally(basename(path))}\\.(\\d+)(?:\\.\\d+)?\\.tmp$`));
      if (made !== undefined) folders.push(made);
      const mode = await modeOf(path);
      await writeFile(temporary, text, { flush: true });
      if (mode !== undefined) await chmod(temporary, mode);
    }
    for (const { temporary, path, name } of pending) {
      current = name;
      await rename(temporary, path);
    }
  } catch (error) {
    for (const { temporary } of pending) await rm(temporary, { force: true }).catch(() => undefined);
    for (const made of folders) await removeEmpty(made);
    const code = errorCode(error);
    throw new OutputError(`${current}: cannot be written: ${whyNotWritten(code)}`);
  }
}

/** Makes a folder and those above it. @returns the outermost folder that was missing */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, { recursive: true });
  } catch (error) {
    // On a read-only file system, Node reports ENOENT with `recursive`, and the true error without.
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

/** Removes empty folders, from the innermost on. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    for (const entry of await readdir(folder, { withFileTypes: true }))
      if (entry.isDirectory()) await removeEmpty(join(folder, entry.name));
    await rmdir(folder);
  } catch {
    // It is not empty, or cannot be removed: then it stays.
  }
}
