import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../base/errors.js';
import { OutputError } from '../../base/write-files.js';
import { type CommandContext, userPath } from '../cli/context.js';

// Folders are named as the user names them.

interface PatchFile {
  readonly name: string;
  readonly text: string;
}

/** The patches in a folder that this tool has written: their last line says so. None if there is no folder. */
export async function ownPatches(folder: string, context: CommandContext): Promise<readonly string[]> {
  const names = await readdir(userPath(context, folder)).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw new OutputError(`${folder}: ${errorCode(error) === 'ENOTDIR' ? 'is not a folder' : errorCode(error)}`);
  });
  const patches = names.filter((name) => /^\d{4}-.*\.patch$/.test(name)).sort();
  const own: string[] = [];
  for (const name of patches) {
    const text = await readFile(userPath(context, join(folder, name)), 'utf8').catch(() => '');
    if (/^-- \ndmabuf-lint \S+\s*$/m.test(text.slice(-200))) own.push(name);
  }
  return own;
}

/** Patches, with the date of the one in a folder wherever only the date differs: a second run changes nothing. */
export async function keepDates(
  folder: string,
  patches: readonly PatchFile[],
  context: CommandContext,
): Promise<readonly PatchFile[]> {
  return Promise.all(
    patches.map(async (patch) => {
      const old = await readFile(userPath(context, join(folder, patch.name)), 'utf8').catch(() => '');
      return withoutDate(old) === withoutDate(patch.text) ? { name: patch.name, text: old } : patch;
    }),
  );
}

/** @throws OutputError where one cannot be removed */
export async function removeFiles(folder: string, names: readonly string[], context: CommandContext): Promise<void> {
  for (const name of names)
    await rm(userPath(context, join(folder, name))).catch((error: unknown) => {
      throw new OutputError(`${join(folder, name)}: is no longer needed, but cannot be removed: ${errorCode(error)}`);
    });
}

/** The diff of a patch, without author, date and signature. */
export function diffOf(patch: string): string {
  const start = patch.indexOf('\ndiff --git ');
  return start < 0 ? '' : patch.slice(start).replace(/\n-- \n[\s\S]*$/, '\n');
}

function withoutDate(text: string): string {
  return text.replace(/^Date: .*$/m, '');
}
