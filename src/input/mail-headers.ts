import PostalMime from 'postal-mime';
import { oneLine } from './mail-subject.js';

/** What the headers of a mail say, decoded. */
export interface MailHeaders {
  readonly subject: string;
  readonly messageId: string | null;
  /** The mails it answers, by their ids. */
  readonly references: readonly string[];
  /** The address it was sent from, which need not be the author's. */
  readonly sender: string;
  readonly contentType: string;
  readonly encoding: string;
  /** Whether an empty line ends them. */
  readonly areWhole: boolean;
}

const mostHeaderBytes = 256 << 10;
/** Above this size nobody looks for the names of attachments. */
const mostBytesToName = 16 << 20;

export async function readHeaders(mail: Buffer): Promise<MailHeaders> {
  const end = mail.indexOf('\n\n');
  const block = withoutFromLine(mail.subarray(0, Math.min(end < 0 ? mail.length : end + 2, mostHeaderBytes)));
  const parsed = await PostalMime.parse(block);
  const fieldOf = (key: string) => parsed.headers.find((header) => header.key === key)?.value ?? '';
  return {
    subject: oneLine(parsed.subject ?? ''),
    messageId: ids(parsed.messageId ?? '')[0] ?? null,
    references: ids(`${parsed.references ?? ''} ${parsed.inReplyTo ?? ''}`),
    sender: parsed.from?.address?.toLowerCase() ?? '',
    contentType: fieldOf('content-type'),
    encoding: fieldOf('content-transfer-encoding').trim().toLowerCase(),
    areWhole: end >= 0,
  };
}

/** The attachments of a mail that hold no text: pictures, archives; a signature is not one of them. */
export async function namesOfAttachments(mail: Buffer): Promise<readonly string[]> {
  if (mail.length > mostBytesToName) return [];
  const { attachments } = await PostalMime.parse(withoutFromLine(mail));
  return attachments
    .filter(({ mimeType, content }) => !/^text\/|signature|pgp|message\//.test(mimeType) && !holdsDiff(content))
    .map(({ filename, mimeType }) => oneLine(filename ?? mimeType));
}

function holdsDiff(content: ArrayBuffer | Uint8Array | string): boolean {
  const text = typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString('latin1');
  return /^(?:diff --git|---) /m.test(text);
}

function ids(text: string): readonly string[] {
  return [...text.matchAll(/<([^<>\s]+)>/g)].map((match) => match[1] ?? '');
}

function withoutFromLine(mail: Buffer): Buffer {
  return mail.subarray(0, 5).toString('latin1') === 'From ' ? mail.subarray(mail.indexOf('\n') + 1) : mail;
}
