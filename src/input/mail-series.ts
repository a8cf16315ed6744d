import { type Mail, readMail } from './mail.js';
import { type MailInput, splitMailbox } from './mailbox.js';
import { withScratch } from './scratch.js';
import { InputError } from './tree.js';

/** One patch as it came by mail. */
export interface PatchMail {
  /** n of `[PATCH n/m]`, or null. */
  readonly number: number | null;
  readonly total: number | null;
  /** 1 where the subject says none. */
  readonly revision: number;
  /** One line, without the prefixes. */
  readonly subject: string;
  readonly author: string;
  readonly body: string;
  readonly diff: Buffer;
  readonly source: { readonly name: string; readonly line: number };
  readonly messageId: string | null;
}

/** A series as it came by mail. */
export interface MailSeries {
  readonly cover: { readonly subject: string; readonly body: string } | null;
  /** In the order of their numbers; those without one as they came. */
  readonly patches: readonly PatchMail[];
  readonly total: number | null;
  readonly missing: readonly number[];
  readonly revision: number;
  readonly baseCommit: string | null;
  /** What was passed over and why, one line each. */
  readonly remarks: readonly string[];
}

interface Candidate extends PatchMail {
  readonly baseCommit: string | null;
  readonly isReply: boolean;
}

/**
 * Reads a series from mails: in any order, among replies, duplicates, cover letters and older revisions.
 * @throws InputError where there is no patch
 */
export async function readMailSeries(inputs: readonly MailInput[]): Promise<MailSeries> {
  const remarks: string[] = [];
  const candidates: Candidate[] = [];
  for (const input of inputs)
    for (const mail of await readMails(input)) {
      for (const name of mail.attachments) remarks.push(`${placeOf(input, mail)}: attachment '${name}' is passed over`);
      candidates.push(candidateOf(input, mail));
    }
  const unique = withoutDuplicates(candidates, remarks);
  const own = unique.filter((candidate) => isOfSeries(candidate, remarks));
  const patches = own.filter(({ number, diff }) => number !== 0 && diff.length > 0);
  if (patches.length === 0) throw new InputError(`${inputs.map(({ name }) => name).join(' ')}: holds no patch`);
  const chosen = chooseSeries(patches, remarks);
  const { revision, total } = chosen;
  const cover = own.find((mail) => mail.number === 0 && mail.revision === revision && mail.total === total);
  const numbers = new Set(chosen.patches.map(({ number }) => number));
  return {
    cover: cover ? { subject: cover.subject, body: cover.body } : null,
    patches: chosen.patches.map(({ baseCommit: _, isReply: __, ...patch }) => patch),
    total,
    missing: total === null ? [] : missingNumbers(total, numbers),
    revision,
    baseCommit: [...(cover ? [cover] : []), ...chosen.patches].find(({ baseCommit }) => baseCommit)?.baseCommit ?? null,
    remarks,
  };
}

async function readMails(input: MailInput): Promise<readonly Mail[]> {
  const raw = await splitMailbox(input);
  return await withScratch(async (folder) => {
    const mails: Mail[] = [];
    for (const mail of raw) mails.push(await readMail(mail, folder));
    return mails;
  });
}

function placeOf({ name }: MailInput, { line }: Mail): string {
  return `${name}:${line}`;
}

function candidateOf(input: MailInput, mail: Mail): Candidate {
  const { prefixes, rest } = readSubject(mail.subject);
  const numbers = /(?:^|\s)(\d{1,4})\/(\d{1,4})(?=\s|$)/.exec(prefixes);
  return {
    number: numbers ? Number(numbers[1]) : null,
    total: numbers ? Number(numbers[2]) : null,
    revision: Number(/(?:^|\s)v(\d{1,4})(?=\s|$)/i.exec(prefixes)?.[1] ?? 1),
    subject: rest,
    author: mail.author,
    body: mail.body,
    diff: mail.diff,
    source: { name: input.name, line: mail.line },
    messageId: mail.messageId,
    baseCommit: mail.baseCommit,
    isReply: /^\s*(?:re|aw|sv|fwd?)\s*:/i.test(mail.subject),
  };
}

/** The words in brackets that a subject begins with, and what follows them. */
function readSubject(subject: string): { readonly prefixes: string; readonly rest: string } {
  let rest = subject.replace(/\s+/g, ' ').trim();
  const words: string[] = [];
  for (let match = /^\[([^\]]*)\]\s*/.exec(rest); match; match = /^\[([^\]]*)\]\s*/.exec(rest)) {
    words.push(match[1] ?? '');
    rest = rest.slice(match[0].length);
  }
  return { prefixes: words.join(' '), rest };
}

function withoutDuplicates(candidates: readonly Candidate[], remarks: string[]): readonly Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ messageId, source, subject }) => {
    if (messageId === null) return true;
    if (!seen.has(messageId)) return seen.add(messageId);
    remarks.push(`${source.name}:${source.line}: '${subject}' is there twice, and taken once`);
    return false;
  });
}

function isOfSeries({ isReply, number, diff, source, subject }: Candidate, remarks: string[]): boolean {
  const why = isReply ? 'is a reply' : diff.length === 0 && number !== 0 ? 'holds no patch' : null;
  if (why) remarks.push(`${source.name}:${source.line}: '${subject}' ${why}, and is passed over`);
  return why === null;
}

/** The newest revision of the first series, in order, filled up from the one before where only some were sent again. */
function chooseSeries(
  patches: readonly Candidate[],
  remarks: string[],
): { readonly patches: readonly Candidate[]; readonly revision: number; readonly total: number | null } {
  const revision = Math.max(...patches.map((patch) => patch.revision));
  const newest = patches.filter((patch) => patch.revision === revision);
  const total = newest.find((patch) => patch.total !== null)?.total ?? null;
  const chosen = new Map<number | Candidate, Candidate>();
  const pass = ({ source, subject }: Candidate, why: string): void =>
    void remarks.push(`${source.name}:${source.line}: '${subject}' ${why}, and is passed over`);
  for (const patch of newest) {
    const key = patch.number ?? patch;
    if (patch.total !== total) pass(patch, 'belongs to another series');
    else if (chosen.has(key)) pass(patch, `is a second patch ${patch.number}/${total}`);
    else chosen.set(key, patch);
  }
  const older = patches
    .filter((patch) => patch.revision < revision)
    .sort((one, other) => other.revision - one.revision);
  const filled = new Set(total === null ? [] : missingNumbers(total, new Set(chosen.keys())));
  for (const patch of older) {
    if (patch.total === total && patch.number !== null && filled.delete(patch.number)) {
      chosen.set(patch.number, patch);
      remarks.push(
        `${patch.source.name}:${patch.source.line}: patch ${patch.number}/${total} is that of v${patch.revision}: v${revision} does not have it`,
      );
    } else pass(patch, `is of v${patch.revision}, and v${revision} is there`);
  }
  const order = (patch: Candidate): number => patch.number ?? 0;
  return { patches: [...chosen.values()].sort((one, other) => order(one) - order(other)), revision, total };
}

/** Numbers up to the total that are not there; a total that nobody sends is not believed. */
function missingNumbers(total: number, present: ReadonlySet<unknown>): readonly number[] {
  const believable = Math.min(total, 2000);
  return Array.from({ length: believable }, (_, index) => index + 1).filter((number) => !present.has(number));
}

export { type MailInput, readMailFiles } from './mailbox.js';
