import PostalMime from 'postal-mime';
import { startOfDiff } from './mail-kind.js';
import type { RawMail } from './mailbox.js';

/** A larger mail is not taken apart. In bytes. */
const mostBytes = 16 << 20;

/**
 * The patch files that are attached to mails, each as a mail of its own: people answer a report with "try the attached".
 * Its place and its message id are those of the mail that it came with.
 */
export async function attachedPatches(mails: readonly RawMail[]): Promise<readonly RawMail[]> {
  const found: RawMail[] = [];
  for (const mail of mails) if (mail.bytes.length <= mostBytes) found.push(...(await patchesOf(mail)));
  return found;
}

async function patchesOf({ bytes, source }: RawMail): Promise<readonly RawMail[]> {
  const start = bytes.subarray(0, 5).toString('latin1') === 'From ' ? bytes.indexOf('\n') + 1 : 0;
  const { attachments, headers } = await PostalMime.parse(bytes.subarray(start));
  const outer = (key: string): string => {
    const value = headers.find((header) => header.key === key)?.value.replace(/\s+/g, ' ');
    return value === undefined ? '' : `${key}: ${value}\n`;
  };
  return attachments.flatMap(({ content, filename }, index): readonly RawMail[] => {
    const text = Buffer.from(typeof content === 'string' ? content : new Uint8Array(content));
    if (startOfDiff(text) < 0) return [];
    const own = withHeaders(text) ?? Buffer.concat([bareHead(filename, outer('from')), text]);
    // Two patches of one mail are no copies of each other: only the first has its message id.
    const shared = [...(index === 0 ? ['message-id'] : []), 'in-reply-to', 'references'];
    const thread = shared.filter((key) => !has(own, key)).map(outer);
    return [{ bytes: Buffer.concat([Buffer.from(thread.join('')), own]), source }];
  });
}

/** What `git format-patch` wrote, without the line before its headers; undefined where it has no headers. */
function withHeaders(text: Buffer): Buffer | undefined {
  const start = text.subarray(0, 5).toString('latin1') === 'From ' ? text.indexOf('\n') + 1 : 0;
  const patch = text.subarray(start);
  return /^[!-9;-~]+:/.test(patch.toString('latin1', 0, 200)) && has(patch, 'subject') ? patch : undefined;
}

function has(mail: Buffer, key: string): boolean {
  const block = mail.toString('latin1', 0, 64 << 10).split(/\r?\n\r?\n/, 1)[0] ?? '';
  return new RegExp(`^${key}:`, 'im').test(block);
}

/** Headers for a diff without any: its file name is its title. */
function bareHead(filename: string | null, from: string): Buffer {
  const title = (filename ?? 'attached patch').replace(/\s+/g, ' ').replace(/\.(?:patch|diff|txt)$/, '');
  return Buffer.from(`${from}Subject: [PATCH] ${title}\n\n---\n`);
}
