import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { askGit, firstLine } from './git.js';
import { withScratch } from './scratch.js';
import { InputError } from './tree.js';
import { errorCode } from './walk.js';

/** What the user named, and what is in it. */
export interface MailInput {
  readonly name: string;
  readonly bytes: Buffer;
}

/** One mail of an input, as it came. */
export interface RawMail {
  readonly bytes: Buffer;
  /** 1-based line of the input at which it begins. */
  readonly line: number;
}

/** Everything of a series together may be so large, in bytes: more than anyone has ever sent. */
const largestInput = 128 * 1024 * 1024;

const mailFiles = /\.(?:patch|mbox|mbx|eml|diff|mbox\.gz)$/;

/**
 * Reads what the user names: files as they are; of folders the patches and mailboxes by name, or the mails of a maildir.
 * @throws InputError
 */
export function readMailFiles(names: readonly string[]): readonly MailInput[] {
  return names.flatMap((name) => {
    const status = statSync(name, { throwIfNoEntry: false });
    if (!status) throw new InputError(`${name}: no such file; name mailboxes, patches or folders of them`);
    return status.isDirectory() ? readFolder(name) : [readMailFile(name, status.size)];
  });
}

function readFolder(folder: string): readonly MailInput[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const isMaildir = ['cur', 'new'].every((name) => entries.some((entry) => entry.name === name && entry.isDirectory()));
  const paths = isMaildir
    ? ['cur', 'new'].flatMap((part) => readdirSync(join(folder, part)).map((name) => join(folder, part, name)))
    : entries.filter((entry) => entry.isFile() && mailFiles.test(entry.name)).map(({ name }) => join(folder, name));
  if (paths.length === 0)
    throw new InputError(`${folder}: holds no patches; name a folder of *.patch files or a mailbox`);
  return paths.sort().map((path) => readMailFile(path, statSync(path).size));
}

function readMailFile(name: string, size: number): MailInput {
  if (size > largestInput)
    throw new InputError(`${name}: is larger than ${largestInput >> 20} MB; name the series alone`);
  try {
    return { name, bytes: readFileSync(name) };
  } catch (error) {
    throw new InputError(`${name}: cannot be read: ${errorCode(error)}`);
  }
}

/**
 * Takes an input apart into mails. A mail without a mailbox around it, and a diff without a mail, are one each.
 * @throws InputError for what is no mail at all
 */
export async function splitMailbox(input: MailInput): Promise<readonly RawMail[]> {
  const bytes = unpack(input);
  const trouble = whyNoMail(bytes);
  if (trouble) throw new InputError(`${input.name}: ${trouble}`);
  if (isBareDiff(bytes)) return [{ bytes: asMail(bytes), line: 1 }];
  return await withScratch(async (folder) => {
    // `>From` is unquoted, line ends become plain, and what begins without a `From ` line is a mail of its own.
    const split = await askGit(['mailsplit', '-b', '--mboxrd', `-o${folder}`], { input: bytes });
    if (split.code !== 0) throw new InputError(`${input.name}: is no mailbox: ${firstLine(split.stderr)}`);
    const names = readdirSync(folder).sort();
    const lines = mailLines(bytes);
    return names.map((name, index) => ({
      bytes: readFileSync(join(folder, name)),
      line: lines.length === names.length ? (lines[index] ?? 1) : 1,
    }));
  });
}

function unpack({ name, bytes }: MailInput): Buffer {
  if (bytes.length > largestInput)
    throw new InputError(`${name}: is larger than ${largestInput >> 20} MB; name the series alone`);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: largestInput });
  } catch (error) {
    throw new InputError(`${name}: is compressed, and cannot be unpacked: ${errorCode(error)}`);
  }
}

function whyNoMail(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 64 * 1024);
  if (start.trim() === '') return 'is empty; pipe or name a patch or a mailbox';
  if (/^\s*(?:<!doctype html|<html|<\?xml)/i.test(start))
    return 'is a web page and no mailbox; lore.kernel.org has the thread as a mailbox under /t.mbox.gz';
  if (start.includes('\0') && !/^(?:From |[\w-]+:)/.test(start)) return 'is no text; name a patch or a mailbox';
  if (!/^From |^[\w-]+: |^diff --git |^--- /m.test(start))
    return 'is neither a mail nor a patch; name a mailbox or patches';
  return undefined;
}

/** A diff that nobody put into a mail: as `git diff` and `git show` print it. */
function isBareDiff(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 64 * 1024);
  if (/^(?:From |[\w-]+:[ \t])/.test(start)) return false;
  return /^(?:diff --git |--- )/m.test(start);
}

function asMail(diff: Buffer): Buffer {
  const at = diff.indexOf('diff --git ');
  return Buffer.concat([Buffer.from('Subject: patch\n\n---\n'), at > 0 ? diff.subarray(at) : diff]);
}

/** The lines at which a mailbox's mails begin, 1-based. */
function mailLines(bytes: Buffer): readonly number[] {
  const lines: number[] = [];
  let line = 1;
  for (let at = 0; at < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, at);
    const stop = end < 0 ? bytes.length : end;
    // `From somebody Thu Jan  1 00:00:00 1970`
    if (
      bytes[at] === 0x46 &&
      /^From .*\d:\d\d(?::\d\d)?.* \d{4}/.test(bytes.toString('latin1', at, Math.min(stop, at + 200)))
    )
      lines.push(line);
    at = stop + 1;
  }
  return lines.length > 0 ? lines : [1];
}
