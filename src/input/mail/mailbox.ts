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
  const parts: Buffer[] = [];
  for (const name of (await readdir(folder)).sort()) parts.push(await readFile(join(folder, name)));
  for (const bytes of withAttachments(parts)) {
    mails.push({ bytes, source: { name: input.name, line } });
    line += countLines(bytes);
  }
  return mails;
}

/** So many patches may be attached to a mail. */
const mostAttached = 50;

/**
 * Puts mails together again that were split at the `From` line of an attached patch, which nobody has quoted: the last
 * boundary of the mail stands in a later part.
 */
function withAttachments(parts: readonly Buffer[]): readonly Buffer[] {
  const mails: Buffer[] = [];
  for (let at = 0; at < parts.length; at++) {
    const mail = parts[at] ?? Buffer.alloc(0);
    const end = lastBoundary(mail);
    const isSplit = end !== null && !mail.includes(end);
    const rest = isSplit ? parts.slice(at + 1, at + 1 + mostAttached) : [];
    const last = rest.findIndex((part) => end !== null && part.includes(end));
    mails.push(last < 0 ? mail : Buffer.concat([mail, ...rest.slice(0, last + 1)]));
    at += last + 1;
  }
  return mails;
}

/** The line that ends a mail of several parts; null for another mail. */
function lastBoundary(mail: Buffer): string | null {
  const head = mail.toString('latin1', 0, 64 << 10).split('\n\n', 1)[0] ?? '';
  const [, quoted, plain] =
    /^content-type:\s*multipart\/[^\0]{0,300}?\bboundary="?(?:([^"\n]+)"|([^\s;"]+))/im.exec(head) ?? [];
  const boundary = quoted ?? plain;
  return boundary === undefined ? null : `\n--${boundary}--`;
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
