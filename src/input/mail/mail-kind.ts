import { gunzipSync } from 'node:zlib';
import { errorCode } from '../../base/errors.js';
import { InputError } from '../tree/tree.js';
import { largestInput, type MailInput, tooLarge } from './mail-files.js';

/** An input whose kind is known: mail (one, or a mailbox), or a plain diff. */
export interface KnownInput extends MailInput {
  readonly kind: 'mail' | 'diff';
}

/** Files that people mistake for a mailbox: their first bytes, and what to do with them. */
const otherFormats: readonly (readonly [start: readonly number[], advice: string])[] = [
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'is compressed with xz; unpack it first'],
  [[0x42, 0x5a, 0x68], 'is compressed with bzip2; unpack it first'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'is compressed with zstd; unpack it first'],
  [[0x50, 0x4b, 0x03, 0x04], 'is a zip archive; unpack it first'],
  [[0xff, 0xfe], 'is UTF-16 text; save it as UTF-8'],
  [[0xfe, 0xff], 'is UTF-16 text; save it as UTF-8'],
];

const wanted = 'give a mailbox, mails, or patches from `git format-patch`';

/**
 * Decides whether an input is mail or a plain diff. Unpacks gzip, which lore.kernel.org sends.
 * @throws InputError if it is neither
 */
export function recognise(input: MailInput): KnownInput {
  const { name } = input;
  const bytes = withoutMark(unpacked(input));
  const start = firstText(bytes);
  if (start < 0) throw new InputError(`${name}: is empty; ${wanted}`);
  const other = otherFormats.find(([magic]) => bytes.subarray(0, magic.length).equals(Buffer.from(magic)));
  if (other) throw new InputError(`${name}: ${other[1]}`);
  const head = bytes.toString('latin1', start, start + (64 << 10));
  if (/^<(?:!doctype html|html|\?xml|head|!--)/i.test(head))
    throw new InputError(
      `${name}: is a web page, not mail; lore.kernel.org has the thread as a mailbox: add /t.mbox.gz to its address`,
    );
  if (isMail(head)) return { name, bytes, kind: 'mail' };
  if (startOfDiff(bytes) >= 0) return { name, bytes, kind: 'diff' };
  if (bytes.subarray(0, 8 << 10).includes(0)) throw new InputError(`${name}: is a binary file; ${wanted}`);
  throw new InputError(`${name}: is neither mail nor a patch; ${wanted}`);
}

function unpacked({ name, bytes }: MailInput): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: largestInput });
  } catch (error) {
    const reason = errorCode(error);
    if (reason === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(name);
    throw new InputError(
      `${name}: cannot be unpacked: ${reason === 'Z_BUF_ERROR' ? 'the gzip file is cut short' : reason}; fetch it again`,
    );
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? bytes.subarray(3) : bytes;
}

function firstText(bytes: Buffer): number {
  return bytes.findIndex((byte) => byte !== 0x20 && (byte < 0x09 || byte > 0x0d));
}

/** Whether a text begins with a `From ` line, or with headers of which one is typical for mail. */
function isMail(head: string): boolean {
  if (/^From \S/.test(head)) return true;
  const block = head.split(/\r?\n\r?\n/, 1)[0] ?? '';
  return /^[!-9;-~]+:/.test(block) && /^(?:from|subject|date|message-id|received):/im.test(block);
}

/**
 * The offset at which a diff begins: a `diff --git` line, or a `---` line followed by a `+++` line. -1 if there is none.
 */
export function startOfDiff(bytes: Buffer): number {
  const git = atLineStart(bytes, 'diff --git ');
  for (let plain = atLineStart(bytes, '--- '); plain >= 0; plain = atLineStart(bytes, '--- ', plain + 1)) {
    if (git >= 0 && plain > git) break;
    const next = bytes.indexOf('\n', plain) + 1;
    if (next > 0 && bytes.toString('latin1', next, next + 4) === '+++ ') return plain;
  }
  return git;
}

function atLineStart(bytes: Buffer, text: string, from = 0): number {
  if (from === 0 && bytes.toString('latin1', 0, text.length) === text) return 0;
  const found = bytes.indexOf(`\n${text}`, Math.max(0, from - 1));
  return found < 0 ? -1 : found + 1;
}
