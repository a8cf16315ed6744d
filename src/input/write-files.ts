import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from './errors.js';
import { errorCode } from './walk.js';

/** A file cannot be written; the message says which, why, and that nothing was changed. */
export class OutputError extends UserError {}

export interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

/** What an error of the system means to somebody who wants to write a file. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'a part of the path is no folder',
  EEXIST: 'a part of the path is no folder',
  EISDIR: 'is a folder',
  ENAMETOOLONG: 'the name is too long',
};

/**
 * Writes files so that nobody ever reads half of one: each beside its place first, and renamed when all are there.
 * A file keeps its permissions.
 * @throws OutputError where one cannot be written; then none is
 */
export async function writeTogether(files: readonly WrittenFile[]): Promise<void> {
  const written: { readonly temporary: string; readonly path: string }[] = [];
  let current = '';
  try {
    for (const { path, text } of files) {
      current = path;
      const temporary = `${path}.${process.pid}.tmp`;
      written.push({ temporary, path });
      await mkdir(dirname(path), { recursive: true });
      const mode = await modeOf(path);
      await writeFile(temporary, text, { flush: true });
      if (mode !== undefined) await chmod(temporary, mode);
    }
    for (const { temporary, path } of written) {
      current = path;
      await rename(temporary, path);
    }
  } catch (error) {
    for (const { temporary } of written) await rm(temporary, { force: true }).catch(() => undefined);
    const code = errorCode(error);
    throw new OutputError(`${current}: cannot be written: ${reasons[code] ?? code}`);
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new OutputError(`${path}: is no file`);
    return found.mode;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
