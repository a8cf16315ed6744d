import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../base/environment.js';
import { noRepository } from '../git/environment.js';
import { git } from '../git/git.js';
import type { MailInput } from './mail-files.js';

/** One undecoded mail, with LF line ends. */
export interface RawMail {
  readonly bytes: Buffer;
  readonly source: MailSource;
}

/** The place where a mail begins: the input as the user named it, and the 1-based line in it. */
export interface MailSource {
  readonly name: string;
  readonly line: number;
}

/**
 * Splits a mailbox, or takes a single mail as it is, with `git mailsplit`, in a new folder of that path.
 * @param env the user's environment
 */
export async function splitMailbox(input: MailInput, folder: string, env: Environment): Promise<readonly RawMail[]> {
  await mkdir(folder);
  // Lore writes mboxrd, which quotes `From` as `>From`. Mailboxes for `git am` are not quoted.
  const quoting = isForGitAm(input.bytes) ? [] : ['--mboxrd'];
  const options = { cwd: folder, env, variables: noRepository, input: input.bytes };
  await git(['mailsplit', '-d6', '-b', ...quoting, '-o.'], options);
  let line = 1 + leadingLines(input.bytes);
  const mails: RawMail[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const bytes = await readFile(join(folder, name));
    mails.push({ bytes, source: { name: input.name, line } });
    line += countLines(bytes);
  }
  return mails;
}

/** Whether a mailbox is meant for `git am`, by the first line that `git format-patch` and `b4 am` write. */
function isForGitAm(bytes: Buffer): boolean {
  const line = bytes.toString('latin1', 0, 120);
  return /^From (?:[0-9a-f]{40,64} Mon Sep 17 00:00:00 2001|git@z Thu Jan {2}1 00:00:00 1970)\r?\n/.test(line);
}

/** The number of leading blank lines, which git skips. */
function leadingLines(bytes: Buffer): number {
  let lines = 0;
  for (const byte of bytes) {
    if (byte === 0x0a) lines++;
    else if (byte !== 0x20 && (byte < 0x09 || byte > 0x0d)) break;
  }
  return lines;
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines++;
  return lines;
}
