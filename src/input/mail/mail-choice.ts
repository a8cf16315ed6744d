import type { Mail } from './mail.js';
import { withRerolls } from './mail-rerolls.js';
import { describeSet, gatherFamilies, gatherSets, haveMarkInCommon, type MailSet, newestFirst } from './mail-sets.js';
import { oneLine } from './mail-subject.js';
import { anySeries, isSamePosting, pickSeries, type WantedSeries } from './mail-wanted.js';

/** The mails of the chosen series. */
export interface Choice {
  readonly cover: Mail | null;
  /** Sorted by number; patches without one in order of arrival. */
  readonly patches: readonly Mail[];
  readonly total: number | null;
  readonly revision: number;
  /** The revision before it; null where the mails do not hold one. */
  readonly previous: PreviousChoice | null;
  /** What was skipped and why, one line each. */
  readonly remarks: readonly string[];
}

/** The revision before the chosen one. */
interface PreviousChoice extends Pick<Choice, 'patches' | 'total' | 'revision'> {
  readonly isRfc: boolean;
}

/**
 * Chooses the newest revision of the first series, or what the user asks for.
 * @returns undefined if no mail has a patch
 * @throws InputError if no series here is the one that the user asks for
 */
export function chooseSeries(sent: readonly Mail[], wanted: WantedSeries = anySeries): Choice | undefined {
  const remarks: string[] = [];
  const mails = withRerolls(sent);
  const relevant = withoutTalk(withoutDuplicates(mails, remarks), remarks);
  const families = gatherFamilies(gatherSets(relevant)).map(newestFirst);
  const picked = pickSeries(families, mails, wanted);
  if (!picked) return undefined;
  const { family, set: newest } = picked;
  const isNamed = wanted.messageId !== null || wanted.subject !== null;
  const others = isNamed ? [] : families.filter((sets) => sets !== family);
  const chosen =
    newest.total === null ? singlePatches(newest, others, wanted) : numberedPatches(newest, family, remarks);
  remarks.push(...passedOver(families, chosen, isNamed));
  const cover = chosen.sets.flatMap((set) => set.covers)[0] ?? null;
  if (cover?.diff) remarks.push(`${nameOf(cover)} is the cover letter: its diff is skipped`);
  for (const mail of cover ? [cover, ...chosen.patches] : chosen.patches)
    remarks.push(...mail.troubles.map((trouble) => `${nameOf(mail)}: ${trouble}`));
  return {
    cover,
    patches: inOrder(chosen.patches, mails),
    total: newest.total,
    revision: newest.revision,
    previous: previousOf(chosen, family, mails),
    remarks: remarks.map(oneLine),
  };
}

/** The newest of the older revisions, whole as far as the mails hold it. Single patches have no revision in common. */
function previousOf({ sets }: Chosen, family: readonly MailSet[], mails: readonly Mail[]): PreviousChoice | null {
  const [newest] = sets;
  if (!newest || (newest.total === null && sets.length > 1)) return null;
  const isOlder = ({ revision, isRfc }: MailSet) => revision < newest.revision || isRfc !== newest.isRfc;
  const older = family.slice(family.indexOf(newest) + 1).find((set) => isOlder(set) && set.patches.length > 0);
  if (!older) return null;
  const { patches } = older.total === null ? older : numberedPatches(older, family, []);
  return { patches: inOrder(patches, mails), total: older.total, revision: older.revision, isRfc: older.isRfc };
}

interface Chosen {
  readonly sets: readonly MailSet[];
  readonly patches: readonly Mail[];
}

/** Removes copies: the same mail may come through two lists, or in two files. */
function withoutDuplicates(mails: readonly Mail[], remarks: string[]): readonly Mail[] {
  const ids = new Set<string>();
  const contents = new Map<string, Mail[]>();
  const kept = mails.filter((mail) => {
    if (mail.messageId !== null && ids.has(mail.messageId)) return false;
    if (mail.messageId !== null) ids.add(mail.messageId);
    if (!mail.diff) return true;
    const alike = contents.get(mail.title) ?? [];
    contents.set(mail.title, [...alike, mail]);
    return !alike.some((other) => mail.diff && other.diff?.equals(mail.diff));
  });
  const count = mails.length - kept.length;
  if (count > 0) remarks.push(`${count === 1 ? '1 mail' : `${count} mails`} found more than once: read once`);
  return kept;
}

/** Keeps cover letters and patches. Adds a remark for each other mail that may have been meant as a patch. */
function withoutTalk(mails: readonly Mail[], remarks: string[]): readonly Mail[] {
  let replies = 0;
  const kept = mails.filter((mail) => {
    const { isReply, isMarked, number } = mail.subject;
    if (!isReply && (number === 0 || mail.diff)) return true;
    if (isReply && mail.diff) remarks.push(`${nameOf(mail)} is a reply with a diff: skipped`);
    else if (isReply) replies++;
    else if (isMarked) remarks.push(`${nameOf(mail)} has no diff: skipped`);
    else remarks.push(`${nameOf(mail)} has no patch: skipped`);
    if (!mail.diff && isMarked && !isReply) remarks.push(...mail.troubles.map((one) => `${nameOf(mail)}: ${one}`));
    return false;
  });
  if (replies > 0) remarks.push(`${replies === 1 ? '1 reply' : `${replies} replies`} without a patch skipped`);
  return kept;
}

/** Patches without numbers are independent: takes the newest of each family, or the revision that the user asks for. */
function singlePatches(newest: MailSet, others: readonly (readonly MailSet[])[], { revision }: WantedSeries): Chosen {
  const isWanted = (set: MailSet) => set.patches.length > 0 && (revision === null || isSamePosting(set, newest));
  const more = others.map((family) => family.find(isWanted));
  const sets = [newest, ...more.filter((set) => set?.total === null)].filter((set) => set !== undefined);
  return { sets, patches: sets.flatMap((set) => set.patches) };
}

/**
 * Takes the newest revision of a series. If that resends only some patches, in reply to the older ones (a "partial
 * reroll"), takes the other patches from the revision before.
 */
function numberedPatches(newest: MailSet, family: readonly MailSet[], remarks: string[]): Chosen {
  const sets = [newest];
  const patches = [...newest.patches];
  for (const older of family.slice(family.indexOf(newest) + 1)) {
    if (isWhole(patches, newest.total) || !isPartialReroll(newest, older)) break;
    const taken = older.patches.filter((mail) => !patches.some((have) => numberOf(have) === numberOf(mail)));
    patches.push(...taken);
    sets.push(older);
    const numbers = taken.map(numberOf).join(', ');
    remarks.push(`v${newest.revision} replaces only some patches: ${numbers} taken from v${older.revision}`);
  }
  return { sets, patches };
}

function isWhole(patches: readonly Mail[], total: number | null): boolean {
  return new Set(patches.map(numberOf)).size >= (total ?? 0);
}

function isPartialReroll(newest: MailSet, older: MailSet): boolean {
  if (newest.covers.length > 0 || newest.total !== older.total || newest.revision === older.revision) return false;
  // v3.2 goes with v3.1 where both reply to v3.
  if (Math.floor(newest.revision) === Math.floor(older.revision)) return true;
  const ids = new Set([...older.covers, ...older.patches].map((mail) => mail.messageId));
  return newest.patches.every((mail) => mail.references.some((id) => ids.has(id)));
}

/**
 * Remarks on the sets that are not used. Where the choice may not be what the user means, they say so, and which option
 * decides.
 */
function passedOver(families: readonly (readonly MailSet[])[], chosen: Chosen, isNamed: boolean): readonly string[] {
  const [judged] = chosen.sets;
  const taken = (family: readonly MailSet[]) => family.find((set) => chosen.sets.includes(set));
  const isOther = (family: readonly MailSet[]) => !taken(family) && family.some(({ patches }) => patches.length > 0);
  const skipped = families.flatMap((family) =>
    family.filter((set) => !chosen.sets.includes(set)).map((set) => whySkipped(set, taken(family))),
  );
  return judged && !isNamed && families.some(isOther)
    ? [`several series: ${describeSet(judged)} is judged; --subject or --message-id chooses another`, ...skipped]
    : skipped;
}

/** @param taken the revision of the same series that is judged; undefined if another series is */
function whySkipped(set: MailSet, taken: MailSet | undefined): string {
  const name = describeSet(set);
  if (!taken) return `another series skipped: ${name}`;
  if (set.patches.length === 0) return `${name} skipped: only its cover letter is there`;
  const guess = haveMarkInCommon(set, taken) ? '' : ' (the same series by its sender and files alone)';
  if (set.revision < taken.revision) return `${name} skipped: v${taken.revision} is newer${guess}`;
  const isSame = isSamePosting(set, taken);
  const choose = isSame ? '; --message-id chooses between them' : '';
  const [left, kept] = isSame ? toldApart(set, taken) : ['', ''];
  return `${name}${left} skipped: ${describeSet(taken)}${kept} is taken${choose}${guess}`;
}

/** What tells two sets apart that have one name: the numbers of their patches, or else the ids of their first mails. */
function toldApart(set: MailSet, other: MailSet): readonly [string, string] {
  if (describeSet(set) !== describeSet(other)) return ['', ''];
  const numbers = ({ patches, total }: MailSet): string =>
    total === null ? '' : `${patches.map(numberOf).join(', ')} of ${total}`;
  const id = ({ covers, patches }: MailSet): string => (covers[0] ?? patches[0])?.messageId ?? '';
  const tell = numbers(set) === numbers(other) ? id : numbers;
  const [one, second] = [tell(set), tell(other)];
  return one === second ? ['', ''] : [`, ${one},`, `, ${second},`];
}

function inOrder(patches: readonly Mail[], mails: readonly Mail[]): readonly Mail[] {
  const arrival = new Map(mails.map((mail, index) => [mail, index]));
  const rank = (mail: Mail) => arrival.get(mail) ?? 0;
  return [...patches].sort((one, other) => numberOf(one) - numberOf(other) || rank(one) - rank(other));
}

function numberOf(mail: Mail): number {
  return mail.subject.number ?? 0;
}

function nameOf({ title, source }: Mail): string {
  return `${source.name}:${source.line}: "${title}"`;
}
