import { join } from 'node:path';
import type { Environment } from '../../base/environment.js';
import { withScratch } from '../../base/scratch.js';
import { InputError } from '../tree/tree.js';
import { attachedPatches } from './attached.js';
import { readBareDiff } from './bare-diff.js';
import { type Mail, readMail } from './mail.js';
import { type Choice, chooseSeries } from './mail-choice.js';
import { largestInput, type MailInput, tooLarge } from './mail-files.js';
import type { Envelope } from './mail-headers.js';
import { type KnownInput, recognise } from './mail-kind.js';
import { anySeries, type WantedSeries } from './mail-wanted.js';
import { type MailSource, type RawMail, splitMailbox } from './mailbox.js';

export { type MailInput, readMailFiles, readMailStream } from './mail-files.js';

/** One patch of a series that came by mail. */
export interface PatchMail {
  /** The n of [PATCH n/m]. */
  readonly number: number | null;
  /** The m of [PATCH n/m]. */
  readonly total: number | null;
  /** The 6 of [PATCH v6]; 1 if there is none. */
  readonly revision: number;
  /** The decoded subject on one line, without the [...] prefixes; `patch` for a plain diff. */
  readonly subject: string;
  /** `Name <address>`, from the `From:` in the body if there is one; empty for a plain diff. */
  readonly author: string;
  /** The commit message without the subject, up to `---`, with trailers. */
  readonly body: string;
  /** The decoded diff from the first file header on, with LF line ends; a mail signature may follow. */
  readonly diff: Buffer;
  readonly source: MailSource;
  readonly messageId: string | null;
  /** Null for a plain diff. */
  readonly envelope: Envelope | null;
}

/** The cover letter of a series. */
export type CoverMail = Pick<PatchMail, 'subject' | 'body' | 'author' | 'messageId' | 'envelope'>;

/** One revision of a patch series that came by mail: the newest, if the user asks for no other. */
export interface MailSeries {
  readonly cover: CoverMail | null;
  /** Sorted by number; patches without one in order of arrival. */
  readonly patches: readonly PatchMail[];
  readonly total: number | null;
  /** The numbers from 1 to the total for which there is no mail. */
  readonly missing: readonly number[];
  readonly revision: number;
  /** The commit that `base-commit:` names, in the cover letter or a patch; else null. */
  readonly baseCommit: string | null;
  /** The revision before it; null where the mails do not hold one. */
  readonly previous: PreviousMails | null;
  /** What was skipped and why, one line each. */
  readonly remarks: readonly string[];
}

/** An older revision of a series that came by mail. */
export interface PreviousMails extends Pick<MailSeries, 'patches' | 'total' | 'missing' | 'baseCommit'> {
  /** `v6`, `RFC v1`. */
  readonly name: string;
}

/** The number of mails that are read, which is more than the longest threads have: each needs processes of its own. */
const mostMails = 5000;

/** The number of lines of all patches together: in memory, a line is many times as large as its text. */
const mostLines = 4_000_000;

/** The number of mails that are decoded at the same time. */
const atOnce = 4;

/**
 * Reads a patch series from mailboxes, mails and plain diffs, as git, b4, mail programs and lore.kernel.org write them.
 * @param env the user's environment
 * @param wanted which series, if the mails hold several
 * @throws InputError if an input is neither mail nor a patch, no mail has a patch, or none is of the wanted series
 */
export async function readMailSeries(
  inputs: readonly MailInput[],
  env: Environment,
  wanted: WantedSeries = anySeries,
): Promise<MailSeries> {
  const known = inputs.map(recognise);
  let size = 0;
  for (const { name, bytes } of known) {
    size += bytes.length;
    if (size > largestInput) throw tooLarge(name);
  }
  const { mails, choice } = await withScratch(env, async (folder) => {
    const read = await readAll(known, folder, env);
    const choice = chooseSeries(read.mails, wanted) ?? (await chooseAttached(read, wanted, { folder, env }));
    return { mails: read.mails, choice };
  });
  if (!choice) throw noPatch(inputs, mails);
  const patches = choice.patches.map(patchOf);
  let lines = 0;
  for (const { diff, source } of patches) {
    lines += countLines(diff);
    if (lines > mostLines)
      throw new InputError(
        `${source.name}:${source.line}: more than ${mostLines} lines of patches; give a shorter series`,
      );
  }
  const { cover, total, revision, previous, remarks } = choice;
  return {
    cover: cover && coverOf(cover),
    patches,
    total,
    missing: missingOf(choice),
    revision,
    baseCommit: baseOf(cover ? [cover, ...choice.patches] : choice.patches),
    previous: previous && {
      name: `${previous.isRfc ? 'RFC ' : ''}v${previous.revision}`,
      patches: previous.patches.map(patchOf),
      total: previous.total,
      missing: missingOf(previous),
      baseCommit: baseOf(previous.patches),
    },
    remarks,
  };
}

function missingOf({ patches, total }: Pick<Choice, 'patches' | 'total'>): readonly number[] {
  const numbers = new Set(patches.map(({ subject }) => subject.number));
  return Array.from({ length: total ?? 0 }, (_, index) => index + 1).filter((number) => !numbers.has(number));
}

function baseOf(mails: readonly Mail[]): string | null {
  return mails.find(({ baseCommit }) => baseCommit)?.baseCommit ?? null;
}

/** What the inputs hold. */
interface ReadMails {
  readonly mails: readonly Mail[];
  /** The replies that hold a diff, as they came. */
  readonly replies: readonly RawMail[];
}

/** Where nobody sends a patch as a mail of its own, those that are attached to replies count. */
async function chooseAttached(
  { replies }: ReadMails,
  wanted: WantedSeries,
  { folder, env }: { readonly folder: string; readonly env: Environment },
): Promise<ReturnType<typeof chooseSeries>> {
  const attached = await attachedPatches(replies);
  const mails: Mail[] = [];
  for (const mail of attached) mails.push(await readMail(mail, join(folder, 'attached'), env));
  const choice = chooseSeries(mails, wanted);
  const [first] = mails;
  if (!choice || !first) return undefined;
  const { name, line } = first.source;
  const what = choice.patches.length === 1 ? 'the patch is' : `${choice.patches.length} patches are`;
  return { ...choice, remarks: [...choice.remarks, `${name}:${line}: ${what} attached to a reply: read`] };
}

async function readAll(inputs: readonly KnownInput[], folder: string, env: Environment): Promise<ReadMails> {
  const mails: Mail[] = [];
  const replies: RawMail[] = [];
  for (const [index, input] of inputs.entries()) {
    if (input.kind === 'diff') {
      mails.push(readBareDiff(input));
      continue;
    }
    const raw = await splitMailbox(input, join(folder, `box${index}`), env);
    if (mails.length + raw.length > mostMails)
      throw new InputError(`${input.name}: more than ${mostMails} mails; give the mails of one series only`);
    for (let at = 0; at < raw.length; at += atOnce) {
      const some = raw.slice(at, at + atOnce);
      const read = await Promise.all(some.map((mail, n) => readMail(mail, join(folder, `mail${n}`), env)));
      mails.push(...read);
      replies.push(...some.filter((_, n) => read[n] && isReplyWithDiff(read[n])));
    }
  }
  return { mails, replies };
}

function coverOf({ subject, body, author, messageId, envelope }: Mail): CoverMail {
  return { subject: subject.text, body, author, messageId, envelope };
}

function patchOf(mail: Mail): PatchMail {
  const { number, total, revision, text } = mail.subject;
  const { author, body, source, messageId, envelope } = mail;
  return {
    number,
    total,
    revision,
    subject: text,
    author,
    body,
    diff: mail.diff ?? Buffer.alloc(0),
    source,
    messageId,
    envelope,
  };
}

function noPatch(inputs: readonly MailInput[], mails: readonly Mail[]): InputError {
  const names = inputs.length === 1 ? inputs[0]?.name : `${inputs.length} inputs from ${inputs[0]?.name}`;
  const count = mails.length === 1 ? 'the mail' : `none of the ${mails.length} mails`;
  const verb = mails.length === 1 ? 'has no patch' : 'has a patch';
  const trouble = mails.flatMap((mail) => mail.troubles)[0];
  const why = trouble ? ` (one ${trouble})` : mails.some(isReplyWithDiff) ? ' (only replies hold a diff)' : '';
  return new InputError(
    inputs.length === 0
      ? 'no mail; name a mailbox, a patch or a folder of them'
      : `${names}: ${count} ${verb}${why}; pass the mails that have the diffs`,
  );
}

function isReplyWithDiff(mail: Mail): boolean {
  return mail.diff !== null && mail.subject.isReply;
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines++;
  return lines;
}
