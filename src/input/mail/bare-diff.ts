import { decodeSource } from '../tree/decode.js';
import { InputError } from '../tree/tree.js';
import type { Mail } from './mail.js';
import { type KnownInput, startOfDiff } from './mail-kind.js';
import { oneLine, readSubject } from './mail-subject.js';

/**
 * A diff that was never in a mail, as if it had been; `git show` has a message in front, which is kept.
 * @throws InputError for several commits in one text, newest first, as `git log -p` prints them
 */
export function readBareDiff({ name, bytes }: KnownInput): Mail {
  const text = withLineFeeds(bytes);
  const start = startOfDiff(text);
  if (countCommits(text) > 1)
    throw new InputError(`${name}: is the output of \`git log\`; make the patch with \`git format-patch --stdout\``);
  const shown = readShow(decodeSource(text.subarray(0, start)));
  return {
    source: { name, line: 1 },
    messageId: null,
    references: [],
    sender: '',
    subject: { ...readSubject(''), text: shown.subject || 'patch' },
    title: shown.subject || 'patch',
    author: shown.author,
    body: shown.body,
    diff: text.subarray(start),
    baseCommit: null,
    changeId: null,
    troubles: [],
  };
}

/** Where even the header lines end in CRLF, the file was converted on its way; else a CR belongs to its content. */
function withLineFeeds(bytes: Buffer): Buffer {
  const start = startOfDiff(bytes);
  const end = bytes.indexOf('\n', start);
  if (end < 1 || bytes[end - 1] !== 0x0d) return bytes;
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

function countCommits(text: Buffer): number {
  let count = 0;
  for (let at = 0; at >= 0; at = text.indexOf('\ncommit ', at + 1)) {
    const line = text.toString('latin1', at, at + 80).trimStart();
    if (/^commit [0-9a-f]{40}/.test(line)) count++;
  }
  return count;
}

function readShow(text: string): { readonly subject: string; readonly author: string; readonly body: string } {
  if (!/^commit [0-9a-f]{40}/.test(text)) return { subject: '', author: '', body: '' };
  const lines = text.split('\n');
  const message = lines.filter((line) => line === '' || line.startsWith('    ')).map((line) => line.slice(4));
  const [subject = '', ...body] = message.join('\n').trim().split('\n');
  const author = lines.find((line) => line.startsWith('Author: '))?.slice('Author: '.length) ?? '';
  return { subject: oneLine(subject), author: oneLine(author), body: body.join('\n').trim() };
}
