import type { Mail } from './mail.js';

/**
 * Tells the revision of patches that replace single ones of a series, `[PATCH v3.1 1/2]` in reply to one of v3. Any other
 * `v6.1` is the kernel that a patch is for.
 */
export function withRerolls(mails: readonly Mail[]): readonly Mail[] {
  const byId = new Map(mails.flatMap((mail) => (mail.messageId === null ? [] : [[mail.messageId, mail] as const])));
  return mails.map((mail) => {
    const { reroll, total } = mail.subject;
    if (reroll === null) return mail;
    const isOfSeries = mail.references.some((id) => {
      const replied = byId.get(id)?.subject;
      return replied?.isMarked && replied.revision === Math.floor(reroll) && replied.total === total;
    });
    return isOfSeries ? { ...mail, subject: { ...mail.subject, revision: reroll } } : mail;
  });
}
