import assert from 'node:assert/strict';
import { type MailSeries, readMailSeries } from '../../input/mail/mail-series.js';
import { InputError } from '../../input/tree/tree.js';

/** A diff that changes one line of a file. */
export function diffOf(file: string, text = 'new'): string {
  return `diff --git a/${file} b/${file}\nindex 1111111..2222222 100644\n--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n-old\n+${text}\n`;
}

/** The parts of a mail that a test sets. Ids are local parts. */
export interface Draft {
  readonly subject: string;
  readonly id?: string;
  readonly parent?: string;
  readonly from?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A mail; by default its body is a patch of its own. */
export function mail({ subject, id, parent, from = 'Ann <ann@example.org>', headers = [], body }: Draft): string {
  const file = `${subject.replace(/\[.*\]|\W/g, '') || 'x'}.c`;
  return [
    `From: ${from}`,
    `Subject: ${subject}`,
    ...(id ? [`Message-ID: <${id}@example.org>`] : []),
    ...(parent ? [`In-Reply-To: <${parent}@example.org>`] : []),
    ...headers,
    '',
    body ?? patchBody(file),
  ].join('\n');
}

/** A message and a diff, as the body of a mail holds them. */
export function patchBody(file: string): string {
  return `Why it is so.\n\nSigned-off-by: Ann <ann@example.org>\n---\n ${file} | 2 +-\n\n${diffOf(file)}-- \n2.39.5\n`;
}

/** A mailbox as lore.kernel.org writes it. */
export function mbox(...mails: readonly string[]): string {
  return mails.map((one) => `From mboxrd@z Thu Jan  1 00:00:00 1970\n${one}\n`).join('');
}

/** Reads a series from inputs named in0, in1 … */
export function read(...texts: readonly (string | Buffer)[]): Promise<MailSeries> {
  const bytesOf = (text: string | Buffer) => (typeof text === 'string' ? Buffer.from(text) : text);
  return readMailSeries(
    texts.map((text, index) => ({ name: `in${index}`, bytes: bytesOf(text) })),
    process.env,
  );
}

/** Number and subject of every patch. */
export function subjects({ patches }: MailSeries): readonly string[] {
  return patches.map(({ number, subject }) => `${number} ${subject}`);
}

/** The error message for inputs that are refused. */
export async function refusal(...texts: readonly (string | Buffer)[]): Promise<string> {
  const error = await read(...texts).then(
    () => assert.fail('nothing is wrong'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof InputError, String(error));
  assert.doesNotMatch(error.message, /\n/);
  return error.message;
}
