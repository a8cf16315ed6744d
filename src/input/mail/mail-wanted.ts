import { InputError } from '../tree/tree.js';
import type { Mail } from './mail.js';
import { describeSet, type MailSet } from './mail-sets.js';
import { oneLine } from './mail-subject.js';

/** Which of several series in the mails the user means. Null: the first series, its newest revision. */
export interface WantedSeries {
  /** `v3`, `3`, `RFC`, `RFC v2`. */
  readonly revision: string | null;
  /** The message id of any mail of the series, or the address that lore.kernel.org gives to it. */
  readonly messageId: string | null;
  /** Words of the title of the cover letter or of a patch, in any case. */
  readonly subject: string | null;
}

export const anySeries: WantedSeries = { revision: null, messageId: null, subject: null };

/** All revisions of one series, the newest first. */
export type Family = readonly MailSet[];

/** The series that is judged. */
export interface PickedSeries {
  readonly family: Family;
  /** The revision; it has patches. */
  readonly set: MailSet;
}

/**
 * Picks the series that the user means; where nothing says so, that of the first mail, which may be a cover letter long
 * before its patches.
 * @param mails all mails, in order of arrival, replies included
 * @returns undefined if no mail has a patch
 * @throws InputError if the user means none that is there, or cannot mean one alone; it lists what there is
 */
export function pickSeries(
  families: readonly Family[],
  mails: readonly Mail[],
  wanted: WantedSeries,
): PickedSeries | undefined {
  const withPatches = inOrderOfMails(
    families.filter((family) => family.some(hasPatches)),
    mails,
  );
  const [first] = withPatches;
  if (!first) return undefined;
  const among = bySubject(byMessageId(withPatches, mails, wanted), wanted);
  if (wanted.revision === null) {
    const [family = first] = among;
    return pickSet(family, family.filter(hasPatches), mails, wanted);
  }
  const isWanted = revisionTest(wanted.revision);
  const having = among.filter((family) => family.some((set) => hasPatches(set) && isWanted(set)));
  const [family, second] = having;
  const isSure = family === among[0] || !second;
  if (!family || !isSure)
    throw refusal('--revision', wanted.revision, family ? 'several series have it' : 'no series here has it', among);
  return pickSet(
    family,
    family.filter((set) => hasPatches(set) && isWanted(set)),
    mails,
    wanted,
  );
}

const hasPatches = ({ patches }: MailSet): boolean => patches.length > 0;

/** Of sets that are equally good, the one whose mail the user named. */
function pickSet(
  family: Family,
  sets: readonly MailSet[],
  mails: readonly Mail[],
  { messageId }: WantedSeries,
): PickedSeries | undefined {
  const [best] = sets;
  const named = messageId === null ? undefined : mails.find((mail) => mail.messageId === plainId(messageId));
  const own = sets.find((set) => named && holds(set, named));
  const set = best && own && isSamePosting(own, best) ? own : best;
  return set && { family, set };
}

/** Whether nothing in their prefixes tells two sets apart. */
export function isSamePosting(one: MailSet, other: MailSet): boolean {
  return one.revision === other.revision && one.isRfc === other.isRfc && one.isResend === other.isResend;
}

function holds({ covers, patches }: MailSet, mail: Mail): boolean {
  return covers.includes(mail) || patches.includes(mail);
}

function inOrderOfMails(families: readonly Family[], mails: readonly Mail[]): readonly Family[] {
  const arrival = new Map(mails.map((mail, index) => [mail, index]));
  const first = (family: Family): number =>
    Math.min(
      ...family.flatMap(({ covers, patches }) => [...covers, ...patches]).map((mail) => arrival.get(mail) ?? Infinity),
    );
  return [...families].sort((one, other) => first(one) - first(other));
}

/** The series of the named mail, or of the nearest one that it replies to. */
function byMessageId(families: readonly Family[], mails: readonly Mail[], wanted: WantedSeries): readonly Family[] {
  if (wanted.messageId === null) return families;
  const id = plainId(wanted.messageId);
  const named = mails.find(({ messageId }) => messageId === id);
  for (const one of [id, ...(named?.references ?? []).toReversed()]) {
    const family = families.find((sets) =>
      sets.some(({ covers, patches }) => [...covers, ...patches].some(({ messageId }) => messageId === one)),
    );
    if (family) return [family];
  }
  const why = named ? 'that mail belongs to no series here' : 'no mail here has this id';
  throw refusal('--message-id', id, why, families);
}

/** `<id>`, `id`, and `https://lore.kernel.org/all/id/T/#u` name the same mail. */
function plainId(text: string): string {
  const path = /^https?:\/\/[^/]+\/(?:r|[^/]+)\/([^/#?]+)/.exec(text.trim())?.[1];
  return path === undefined ? text.trim().replace(/^<|>$/g, '') : decoded(path);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A title that is exactly so comes before those that only hold the words. */
function bySubject(families: readonly Family[], { subject }: WantedSeries): readonly Family[] {
  if (subject === null) return families;
  const words = oneLine(subject).toLowerCase();
  const matching = (test: (title: string) => boolean) =>
    families.filter((family) => family.some((set) => titlesOf(set).some(test)));
  const exact = matching((title) => title === words);
  const found = exact.length > 0 ? exact : matching((title) => title.includes(words));
  if (found.length === 1) return found;
  throw found.length === 0
    ? refusal('--subject', subject, 'no series here has such a title', families)
    : refusal('--subject', subject, 'several series have such a title', found);
}

function titlesOf({ covers, patches }: MailSet): readonly string[] {
  return [...covers, ...patches].map(({ subject }) => subject.text.toLowerCase());
}

/** @throws InputError if the text names no revision */
function revisionTest(text: string): (set: MailSet) => boolean {
  const match = /^(rfc)?[\s-]*(?:v?(\d{1,4}(?:\.\d)?))?$/i.exec(text.trim());
  const [, rfc, number] = match ?? [];
  if (!rfc && !number) throw new InputError(`--revision ${oneLine(text)}: must be like v3, or RFC v1`);
  return ({ revision, isRfc }) => (!rfc || isRfc) && (!number || revision === Number(number));
}

/** The number of series that an error lists. */
const mostListed = 8;

function refusal(option: string, value: string, why: string, families: readonly Family[]): InputError {
  const sets = families.flatMap((family) => family.filter(hasPatches)).map(describeSet);
  const more = sets.length > mostListed ? `; and ${sets.length - mostListed} more` : '';
  return new InputError(
    `${option} ${oneLine(value)}: ${why}; the mails hold ${sets.slice(0, mostListed).join('; ')}${more}`,
  );
}
