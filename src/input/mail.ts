import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askGit } from './git.js';
import type { RawMail } from './mailbox.js';

/** One mail, decoded. */
export interface Mail {
  /** As written, prefixes and all, one line. */
  readonly subject: string;
  readonly author: string;
  /** The message up to `---`. */
  readonly body: string;
  /** From the first file of the diff on; empty where there is none. */
  readonly diff: Buffer;
  readonly messageId: string | null;
  readonly baseCommit: string | null;
  /** Names of parts that are no text. */
  readonly attachments: readonly string[];
  /** 1-based line of the input at which it begins. */
  readonly line: number;
}

/** Decodes a mail as `git am` would: transfer encodings, character sets, an in-body From, scissors. */
export async function readMail({ bytes, line }: RawMail, folder: string): Promise<Mail> {
  const [message, patch] = [join(folder, 'message'), join(folder, 'patch')];
  const info = await askGit(['mailinfo', '-k', '-u', '--encoding=UTF-8', '--scissors', message, patch], {
    input: bytes,
  });
  const facts = info.code === 0 ? info.stdout.toString('utf8') : '';
  const factOf = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(facts)?.[1]?.trim() ?? '';
  const body = info.code === 0 ? readFileSync(message, 'utf8') : '';
  const rest = info.code === 0 ? readFileSync(patch) : Buffer.alloc(0);
  const head = headOf(bytes);
  return {
    subject: factOf('Subject'),
    author: `${factOf('Author')} <${factOf('Email')}>`,
    body: body.trim(),
    diff: rest.subarray(diffStart(rest)),
    messageId: /^message-id:\s*<([^>]*)>/im.exec(head)?.[1] ?? null,
    baseCommit: baseCommitIn(body) ?? baseCommitIn(rest.toString('latin1')),
    attachments: attachmentsIn(bytes, head),
    line,
  };
}

/** The headers of a mail, folded lines and all. */
function headOf(bytes: Buffer): string {
  const end = bytes.indexOf('\n\n');
  return bytes.toString('latin1', 0, end < 0 ? Math.min(bytes.length, 64 * 1024) : end);
}

function diffStart(rest: Buffer): number {
  if (rest.subarray(0, 11).toString('latin1') === 'diff --git ') return 0;
  const git = rest.indexOf('\ndiff --git ');
  if (git >= 0) return git + 1;
  const plain = /^--- \S.*\n\+\+\+ /m.exec(rest.toString('latin1'));
  return plain ? plain.index : rest.length;
}

function baseCommitIn(text: string): string | null {
  return /^base-commit: ([0-9a-f]{40}|[0-9a-f]{64})\s*$/m.exec(text)?.[1] ?? null;
}

/** Parts that git does not read: whatever is no text, and no signature. */
function attachmentsIn(bytes: Buffer, head: string): readonly string[] {
  if (!/^content-type:\s*multipart\//im.test(head)) return [];
  const text = bytes.toString('latin1');
  return [...text.matchAll(/^content-type:[ \t]*([\w.+-]+\/[\w.+-]+)((?:.*\n[ \t]+)*.*)/gim)].flatMap((match) => {
    const [, type = '', parameters = ''] = match;
    if (/^(?:text|multipart)\/|pgp-signature/i.test(type)) return [];
    return [/name\*?="?([^";\n]+)/i.exec(parameters)?.[1]?.trim() ?? type];
  });
}
