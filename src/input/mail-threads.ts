import type { Mail } from './mail.js';

/**
 * Which thread each mail belongs to: mails that name one another, or the same third mail, are in one. Null for a mail
 * that names none and that none names, as format-patch writes them where nobody asked for threads.
 */
export function threadsOf(mails: readonly Mail[]): ReadonlyMap<Mail, string | null> {
  const parents = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    if (root !== id) parents.set(id, root);
    return root;
  };
  for (const mail of mails) {
    const [first, ...others] = idsOf(mail).map(rootOf);
    for (const other of others) if (first !== undefined && rootOf(other) !== first) parents.set(rootOf(other), first);
  }
  const members = new Map<string, number>();
  for (const mail of mails)
    for (const root of new Set(idsOf(mail).map(rootOf))) members.set(root, (members.get(root) ?? 0) + 1);
  return new Map(
    mails.map((mail) => {
      const [id] = idsOf(mail);
      const root = id === undefined ? null : rootOf(id);
      const isAlone = root === null || (mail.references.length === 0 && members.get(root) === 1);
      return [mail, isAlone ? null : root];
    }),
  );
}

function idsOf(mail: Mail): readonly string[] {
  return mail.messageId === null ? mail.references : [mail.messageId, ...mail.references];
}
