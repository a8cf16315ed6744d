import { groupByNames } from './groups.js';
import type { Mail } from './mail.js';

/**
 * Which thread each mail belongs to: mails that name one another, or the same third mail, are in one. Null for a mail
 * that names none and that none names, as format-patch writes them where nobody asked for threads.
 */
export function threadsOf(mails: readonly Mail[]): ReadonlyMap<Mail, number | null> {
  const threads = groupByNames(mails, ({ messageId, references }) =>
    messageId === null ? references : [messageId, ...references],
  );
  return new Map(
    threads.flatMap((thread, index) =>
      thread.map((mail) => [mail, thread.length > 1 || mail.references.length > 0 ? index : null]),
    ),
  );
}
