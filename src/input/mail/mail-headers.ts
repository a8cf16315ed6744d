import PostalMime, { type Address, type Email } from 'postal-mime';
import { oneLine } from './mail-subject.js';

/** What a reply to a mail takes from its headers. Each person is `name <address>`, or an address alone. */
export interface Envelope {
  /** With all its prefixes: `[PATCH sea-next v4 1/8] …`. */
  readonly subject: string;
  /** Whom a reply goes to: `Reply-To:`, else `From:`. */
  readonly sender: readonly string[];
  /** Everybody else who got the mail. */
  readonly others: readonly string[];
  /** The message ids of the thread above it, the first mail first. */
  readonly references: readonly string[];
  /** When it was sent, as it says itself: `Tue, 3 Feb 2026 10:00:00 +0000`. Null where it has no such date. */
  readonly date: string | null;
}

/** The decoded headers of a mail. */
export interface MailHeaders {
  readonly subject: string;
  readonly messageId: string | null;
  /** The message ids of the mails that it replies to. */
  readonly references: readonly string[];
  /** The address in `From:`, which need not be the author's. */
  readonly sender: string;
  readonly envelope: Envelope;
  readonly contentType: string;
  readonly encoding: string;
  /** Whether an empty line ends the headers; if not, the mail is cut off. */
  readonly areWhole: boolean;
}

const mostHeaderBytes = 256 << 10;
/** The parts of a larger mail are not examined. */
const mostBytesToSplit = 16 << 20;

/** Reads the headers of a mail. */
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
    envelope: { ...envelopeOf(parsed), date: dateOf(fieldOf('date')) },
    contentType: fieldOf('content-type'),
    encoding: fieldOf('content-transfer-encoding').trim().toLowerCase(),
    areWhole: end >= 0,
  };
}

function envelopeOf({ subject, from, replyTo, to, cc, references, inReplyTo }: Email): Omit<Envelope, 'date'> {
  return {
    subject: oneLine(subject ?? ''),
    sender: persons(replyTo && replyTo.length > 0 ? replyTo : from ? [from] : []),
    others: persons([...(to ?? []), ...(cc ?? [])]),
    references: [...new Set(ids(`${references ?? ''} ${inReplyTo ?? ''}`))],
  };
}

/** A date as RFC 5322 has it, without comments; anything else may be text that somebody wants in our reply. */
function dateOf(text: string): string | null {
  const date = /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? [+-]\d{4}(?= \(|$)/;
  return date.exec(oneLine(text))?.[0] ?? null;
}

function persons(addresses: readonly Address[]): readonly string[] {
  return addresses
    .flatMap((one) => (one.group ? one.group : [one]))
    .flatMap(({ name, address }) => (address ? [oneLine(name ? `${name} <${address}>` : address)] : []));
}

/** The number of parts up to which a mail is read: each part costs more than the one before. */
export const mostParts = 500;

/** Whether a mail has too many parts, by the lines that equal one of the boundaries that it names. */
export function hasTooManyParts(mail: Buffer): boolean {
  const text = mail.toString('latin1');
  const boundaries = new Set<string>();
  for (const [, quoted, plain] of text.matchAll(
    /\bboundary[ \t]{0,8}=[ \t]{0,8}(?:"([^"\n]{1,200})"|([^\s;"]{1,200}))/gi,
  )) {
    boundaries.add(`--${quoted ?? plain}`);
    if (boundaries.size > mostParts) return true;
  }
  let parts = 0;
  for (let at = text.indexOf('\n--'); at >= 0; at = text.indexOf('\n--', at + 1)) {
    const line = text.slice(at + 1, at + 256).split('\n', 1)[0] ?? '';
    if (boundaries.has(line.trimEnd()) && ++parts > mostParts) return true;
  }
  return false;
}

/** Remarks on the parts of a multipart mail that are no patch. Signatures are not mentioned. */
export async function troublesOfParts(mail: Buffer): Promise<readonly string[]> {
  if (mail.length > mostBytesToSplit) return [];
  const { attachments, html } = await PostalMime.parse(withoutFromLine(mail));
  const names = attachments
    .filter(({ mimeType, content }) => !/^text\/|signature|pgp|message\//.test(mimeType) && !holdsDiff(content))
    .map(({ filename, mimeType }) => oneLine(filename ?? mimeType));
  return [
    ...names.map((name) => `attachment ${name} skipped`),
    ...(html === undefined ? [] : ['also holds HTML, which may spoil its diff']),
  ];
}

function holdsDiff(content: ArrayBuffer | Uint8Array | string): boolean {
  const text = typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString('latin1');
  return /^(?:diff --git|---) /m.test(text);
}

function ids(text: string): readonly string[] {
  return [...text.matchAll(/<([^<>\s\p{Cc}]+)>/gu)].map((match) => match[1] ?? '');
}

function withoutFromLine(mail: Buffer): Buffer {
  return mail.subarray(0, 5).toString('latin1') === 'From ' ? mail.subarray(mail.indexOf('\n') + 1) : mail;
}
