import { groupByNames } from './groups.js';
import type { Mail } from './mail.js';
import { changedPaths } from './mail-content.js';
import { threadsOf } from './mail-threads.js';

/** The mails of one posting of one series: its cover letter, and the patches with the same revision and total. */
export interface MailSet {
  readonly key: string;
  readonly thread: number | null;
  readonly revision: number;
  /** Null for patches without numbers. */
  readonly total: number | null;
  readonly isRfc: boolean;
  readonly isResend: boolean;
  readonly covers: Mail[];
  /** In order of arrival. */
  readonly patches: Mail[];
}

/** Sorts covers and patches into sets, in order of arrival. Two mails with the same number are never in one set. */
export function gatherSets(mails: readonly Mail[]): readonly MailSet[] {
  const threads = threadsOf(mails);
  const sets: MailSet[] = [];
  for (const mail of mails) {
    const thread = threads.get(mail) ?? null;
    const key = keyOf(mail, thread);
    const free = sets.filter((set) => set.key === key && hasRoomFor(set, mail));
    let set = free.find((one) => senderOf(one) === mail.sender) ?? free.at(-1);
    if (!set) {
      set = emptySet(mail, key, thread);
      sets.push(set);
    }
    (mail.subject.number === 0 ? set.covers : set.patches).push(mail);
  }
  return sets;
}

function keyOf({ subject }: Mail, thread: number | null): string {
  const kind: unknown[] = [subject.revision, subject.isRfc, subject.isResend, subject.total, thread];
  // The revisions of a single patch outside a thread share only the subject.
  if (subject.number === null && thread === null) kind.push(subject.text);
  return JSON.stringify(kind);
}

function hasRoomFor(set: MailSet, { subject }: Mail): boolean {
  if (subject.number === null) return true;
  const rivals = subject.number === 0 ? set.covers : set.patches;
  return !rivals.some((rival) => rival.subject.number === subject.number);
}

function emptySet({ subject }: Mail, key: string, thread: number | null): MailSet {
  const { revision, isRfc, isResend, total } = subject;
  return { key, thread, revision, total, isRfc, isResend, covers: [], patches: [] };
}

/** Groups sets into families: all revisions of one series, in order of arrival. */
export function gatherFamilies(sets: readonly MailSet[]): readonly (readonly MailSet[])[] {
  const contents = revisionsOfFiles(sets);
  return groupByNames(sets, (set) => [...marksOf(set), ...(contents.get(set) ?? [])]);
}

/**
 * Finds revisions under changed titles: one sender changes the same files in sets of different revisions. Two sets of
 * one revision are different series, though they change the same files.
 */
function revisionsOfFiles(sets: readonly MailSet[]): ReadonlyMap<MailSet, readonly string[]> {
  const byContent = new Map<string, MailSet[]>();
  for (const set of sets) {
    const paths = changedPaths(set.patches);
    if (paths.length === 0) continue;
    const key = `files ${senderOf(set)} ${paths.join(' ')}`;
    byContent.set(key, [...(byContent.get(key) ?? []), set]);
  }
  const found = new Map<MailSet, readonly string[]>();
  for (const [key, same] of byContent)
    if (new Set(same.map(({ revision }) => revision)).size === same.length)
      for (const set of same) found.set(set, [key]);
  return found;
}

/** What the revisions of a series share: one sender in one thread, a subject of one sender, all subjects, or b4's change id. */
function marksOf(set: MailSet): readonly string[] {
  const mails = [...set.covers, ...set.patches];
  // `*** SUBJECT HERE ***` is the placeholder of format-patch.
  const named = mails.filter(({ subject }) => subject.isMarked && subject.text !== '' && !/^\*\*\*/.test(subject.text));
  return [
    ...(set.thread === null ? [] : [`thread ${set.thread} ${senderOf(set)}`]),
    ...named.map(({ subject }) => `subject ${senderOf(set)} ${subject.text.toLowerCase()}`),
    // Somebody else may go on with a series: one title in common is no sign of that, all of them are.
    ...(set.patches.length > 0 ? [`subjects ${titles(set.patches)}`] : []),
    ...mails.flatMap(({ changeId }) => (changeId === null ? [] : [`change ${changeId}`])),
  ];
}

/** Whether two sets are known to be of one series by more than their sender and files, which may mislead. */
export function haveMarkInCommon(one: MailSet, other: MailSet): boolean {
  const marks = new Set(marksOf(one));
  return marksOf(other).some((mark) => marks.has(mark));
}

function titles(mails: readonly Mail[]): string {
  return mails
    .map(({ subject }) => subject.text.toLowerCase())
    .sort()
    .join('\0');
}

function senderOf(set: MailSet): string {
  return (set.covers[0] ?? set.patches[0])?.sender ?? '';
}

/** Words for a set in a remark. */
export function describeSet(set: MailSet): string {
  const title = (set.covers[0] ?? set.patches[0])?.subject.text ?? '';
  const count = set.patches.length === 1 ? '1 patch' : `${set.patches.length} patches`;
  return `${set.isRfc ? 'RFC ' : ''}v${set.revision}${set.isResend ? ' (resent)' : ''} of "${title}" (${count})`;
}

/** Sorts sets, the newest first: by revision, then patches before RFCs, then resends before first postings. */
export function newestFirst(sets: readonly MailSet[]): readonly MailSet[] {
  return [...sets].sort(
    (one, other) =>
      other.revision - one.revision ||
      Number(one.isRfc) - Number(other.isRfc) ||
      Number(other.isResend) - Number(one.isResend),
  );
}
