import { groupByNames } from './groups.js';
import type { Mail } from './mail.js';

/**
 * Numbers the threads of mails: mails that refer to each other, or to the same third mail, are in one thread. Null for a
 * mail without any reference from or to it, as format-patch writes without --thread.
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
