import { isUtf8 } from 'node:buffer';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../base/environment.js';
import { noRepository } from '../git/environment.js';
import { askGit } from '../git/git.js';
import {
  type Envelope,
  hasTooManyParts,
  type MailHeaders,
  mostParts,
  readHeaders,
  troublesOfParts,
} from './mail-headers.js';
import { startOfDiff } from './mail-kind.js';
import { type MailSubject, oneLine, readSubject } from './mail-subject.js';
import type { MailSource, RawMail } from './mailbox.js';

/** One decoded mail: a patch, a cover letter, a reply, or anything else. */
export interface Mail {
  readonly source: MailSource;
  readonly messageId: string | null;
  readonly references: readonly string[];
  readonly sender: string;
  /** Null for a plain diff. */
  readonly envelope: Envelope | null;
  readonly subject: MailSubject;
  /** The subject with its prefixes, for remarks. */
  readonly title: string;
  readonly author: string;
  readonly body: string;
  /** Null if the mail has none. */
  readonly diff: Buffer | null;
  readonly baseCommit: string | null;
  /** The id that b4 gives to all revisions of a series, or null. */
  readonly changeId: string | null;
  /** What is wrong with it: lower case, for remarks. */
  readonly troubles: readonly string[];
}

/** The length at which a subject is cut in a remark. */
const longestTitle = 200;

/** Decodes one mail with `git mailinfo`. @param folder a folder to make, work in, and remove */
export async function readMail(raw: RawMail, folder: string, env: Environment): Promise<Mail> {
  const troubles: string[] = [];
  const headers = await readHeaders(raw.bytes);
  const isMultipart = /^\s*multipart\//i.test(headers.contentType);
  if (isMultipart && hasTooManyParts(raw.bytes)) return unreadMail(raw, headers);
  const info = await askMailinfo(raw.bytes, { cwd: folder, env }, troubles);
  const at = startOfDiff(info.patch);
  const notes = Buffer.concat([Buffer.from('\n'), info.message, Buffer.from('\n'), info.patch]);
  const cut = whereCut(raw.bytes, headers);
  if (cut) troubles.push(cut);
  if (isMultipart) troubles.push(...(await troublesOfParts(raw.bytes)));
  return {
    source: raw.source,
    messageId: headers.messageId,
    references: headers.references,
    sender: headers.sender,
    envelope: headers.envelope,
    subject: subjectOf(headers.subject, info.subject),
    title: oneLine((info.subject || headers.subject).slice(0, longestTitle)) || 'mail without a subject',
    author: oneLine(info.author),
    body: readText(info.message)
      .replace(/\n-- \n[^\n]*\n*$/, '\n')
      .trim(),
    diff: at < 0 ? null : info.patch.subarray(at),
    baseCommit: trailer(notes, 'base-commit: ', /^(?:[0-9a-f]{64}|[0-9a-f]{40})$/),
    changeId: trailer(notes, 'change-id: ', /^\S+$/),
    troubles,
  };
}

/** A mail that nobody takes apart: it is there to be told of. */
function unreadMail({ source }: RawMail, { messageId, references, sender, envelope, subject }: MailHeaders): Mail {
  return {
    source,
    messageId,
    references,
    sender,
    envelope,
    subject: readSubject(subject),
    title: oneLine(subject.slice(0, longestTitle)) || 'mail without a subject',
    author: '',
    body: '',
    diff: null,
    baseCommit: null,
    changeId: null,
    troubles: [`has more than ${mostParts} parts: it is not read`],
  };
}

interface MailInfo {
  readonly subject: string;
  readonly author: string;
  readonly message: Buffer;
  readonly patch: Buffer;
}

async function askMailinfo(
  mail: Buffer,
  { cwd: folder, env }: { readonly cwd: string; readonly env: Environment },
  troubles: string[],
): Promise<MailInfo> {
  await mkdir(folder);
  // The setting instead of `--encoding=UTF-8`: git 2.39 takes that option for -n. -k keeps the subject prefixes.
  const ask = (recode: '-u' | '-n') =>
    askGit(
      [
        '-c',
        'i18n.commitEncoding=UTF-8',
        'mailinfo',
        '-k',
        recode,
        '--scissors',
        '--quoted-cr=strip',
        'message',
        'patch',
      ],
      { cwd: folder, env, variables: noRepository, input: mail },
    );
  let answer = await ask('-u');
  if (answer.code !== 0) {
    troubles.push('its character set is unknown: read as it is');
    answer = await ask('-n');
  }
  const facts = readText(answer.stdout);
  const fact = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(facts)?.[1]?.trim() ?? '';
  const [message, patch] = await Promise.all(
    ['message', 'patch'].map((name) => readFile(join(folder, name)).catch(() => Buffer.alloc(0))),
  );
  await rm(folder, { recursive: true });
  return {
    subject: fact('Subject'),
    author: [fact('Author'), fact('Email') && `<${fact('Email')}>`].filter((part) => part !== '').join(' '),
    message: message ?? Buffer.alloc(0),
    patch: patch ?? Buffer.alloc(0),
  };
}

/**
 * A `Subject:` in the body replaces the one in the headers, but rarely repeats its prefixes: those are then taken from the
 * headers. Not so for a reply, whose prefixes belong to the mail that it replies to.
 */
function subjectOf(header: string, effective: string): MailSubject {
  const own = readSubject(effective);
  const outer = readSubject(header);
  return own.isMarked || own.isReply || outer.isReply ? own : { ...outer, text: own.text };
}

function readText(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

/** The value of the last line that begins with `key` and whose value has the right form; else null. */
function trailer(text: Buffer, key: string, form: RegExp): string | null {
  for (let at = text.lastIndexOf(`\n${key}`); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(`\n${key}`, at - 1)) {
    const start = at + 1 + key.length;
    const value =
      text
        .toString('latin1', start, start + 256)
        .split('\n', 1)[0]
        ?.trim() ?? '';
    if (form.test(value)) return value;
  }
  return null;
}

/** A remark if the mail is visibly cut off. */
function whereCut(mail: Buffer, headers: MailHeaders): string | undefined {
  if (!headers.areWhole) return 'breaks off within its headers';
  const boundary = /\bboundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(headers.contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark !== undefined && mail.lastIndexOf(`\n--${mark}--`) < 0) return 'breaks off before its last part ends';
  if (headers.encoding === 'base64' && lettersOfBase64(mail) % 4 !== 0) return 'breaks off within its base64 text';
  return undefined;
}

function lettersOfBase64(mail: Buffer): number {
  let letters = 0;
  for (let at = mail.indexOf('\n\n') + 2; at < mail.length; at++) {
    const byte = mail[at] ?? 0;
    if (byte > 0x20) letters++;
  }
  return letters;
}
