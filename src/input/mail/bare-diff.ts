import { decodeSource } from '../tree/decode.js';
import { InputError } from '../tree/tree.js';
import type { Mail } from './mail.js';
import { type KnownInput, startOfDiff } from './mail-kind.js';
import { oneLine, readSubject } from './mail-subject.js';

/**
 * Reads a plain diff as if it were a mail. The commit message that `git show` prints before it is kept.
 * @throws InputError for the output of `git log -p`: several commits in one text, the newest first
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
    envelope: null,
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

/** Removes CRs if even the header lines end in CRLF: then the file was converted. Else a CR belongs to the content. */
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
