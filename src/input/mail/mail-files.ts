import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathFrom } from '../../base/environment.js';
import { errorCode } from '../../base/errors.js';
import { InputError } from '../tree/tree.js';

/** An input that should contain mails or a patch, with its name as the user wrote it (`-` for standard input). */
export interface MailInput {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The maximum size of all mails together, in bytes. */
export const largestInput = 64 * 1024 * 1024;

/** The file names of mails and patches; b4 writes .mbx and .cover. */
const mailName = /\.(?:patch|mbox|mbx|eml|diff|cover)(?:\.gz)?$/;

/**
 * Reads what a user names: a file as it is, a folder's mails and patches in the order of their names, a maildir.
 * @param names paths as the user wrote them
 * @param cwd where relative ones start
 * @throws InputError where something is missing, unreadable, too large, or a folder without mail
 */
export function readMailFiles(names: readonly string[], cwd: string): readonly MailInput[] {
  const budget = { left: largestInput };
  return names
    .flatMap((name) => (isFolder(name, cwd) ? filesOf(name, cwd) : [name]))
    .map((name) => ({ name, bytes: readFile(name, cwd, budget) }));
}

/**
 * Reads standard input, as the input named `-`.
 * @throws InputError if it cannot be read, or is too large
 */
export async function readMailStream(stream: AsyncIterable<Buffer | string>): Promise<MailInput> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      length += bytes.length;
      if (length > largestInput) throw tooLarge('-');
      chunks.push(bytes);
    }
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(`-: cannot be read: ${errorCode(error)}`);
  }
  return { name: '-', bytes: Buffer.concat(chunks) };
}

/** The error for too much mail. */
export function tooLarge(name: string): InputError {
  return new InputError(`${name}: more than ${largestInput >> 20} MB of mail; pass the mails of one series only`);
}

function isFolder(name: string, cwd: string): boolean {
  try {
    return statSync(pathFrom(cwd, name)).isDirectory();
  } catch (error) {
    const reason = errorCode(error);
    throw new InputError(
      `${name}: ${reason === 'ENOENT' ? 'no such file or folder' : `cannot be read: ${reason}`}; name a mailbox, a patch or a folder of them`,
    );
  }
}

function filesOf(folder: string, cwd: string): readonly string[] {
  const names = entriesOf(folder, cwd);
  const isMaildir = names.includes('cur') && names.includes('new');
  const files = isMaildir
    ? ['cur', 'new'].flatMap((part) => entriesOf(join(folder, part), cwd).map((name) => join(folder, part, name)))
    : names.filter((name) => mailName.test(name)).map((name) => join(folder, name));
  const mails = files.filter((file) => !isFolder(file, cwd));
  if (mails.length > 0) return mails;
  throw new InputError(
    isMaildir
      ? `${folder}: this maildir has no mail; save the series into it, or name a mailbox`
      : `${folder}: has no .patch, .mbox, .eml or .diff file; name the folder that \`git format-patch -o\` wrote to`,
  );
}

function entriesOf(folder: string, cwd: string): readonly string[] {
  try {
    // Sorted as format-patch intends: 0002 before 0010.
    return readdirSync(pathFrom(cwd, folder)).sort();
  } catch (error) {
    throw new InputError(`${folder}: cannot be read: ${errorCode(error)}; name a mailbox, a patch or a folder of them`);
  }
}

/** Reads a file in pieces: it may be a pipe, which has no size. */
function readFile(name: string, cwd: string, budget: { left: number }): Buffer {
  const chunks: Buffer[] = [];
  let file: number | undefined;
  try {
    file = openSync(pathFrom(cwd, name), 'r');
    for (;;) {
      const chunk = Buffer.allocUnsafe(1 << 20);
      const count = readSync(file, chunk, 0, chunk.length, null);
      if (count === 0) return Buffer.concat(chunks);
      budget.left -= count;
      if (budget.left < 0) throw tooLarge(name);
      chunks.push(chunk.subarray(0, count));
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name}: cannot be read: ${errorCode(error)}; check its permissions`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
