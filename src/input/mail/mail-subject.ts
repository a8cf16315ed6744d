/** What the subject of a mail says about the patch in it. */
export interface MailSubject {
  /** The subject on one line, without `Re:` and the leading [...] prefixes. */
  readonly text: string;
  /** Whether it is a reply or a forwarded mail: `Re: [PATCH 1/8] …`. */
  readonly isReply: boolean;
  /** Whether a prefix says PATCH or RFC. */
  readonly isMarked: boolean;
  readonly isRfc: boolean;
  readonly isResend: boolean;
  readonly revision: number;
  /** The 3.1 of `v3.1`: a revision that replaces patches of v3, or the kernel that a patch is for. */
  readonly reroll: number | null;
  readonly number: number | null;
  readonly total: number | null;
}

/** In the languages of the mail programs that translate it; no word that a subsystem of the kernel has as its prefix. */
const replyWord =
  /^(?:re|aw|antw|sv|vs|fwd?|wg|odp|ynt|atb|回复|答复|回覆|转发|轉寄|返信|転送|답장|회신)(?:\[\d+\])?\s*[:：]\s*/i;
const prefix = /^\[([^[\]]*)\]\s*/;
/** `v6`, `PATCHv6`, `RFC-v2`; but `v5.15` is a kernel version. */
const revisionWord = /^(?:(?:patch|rfc|resend)[-_]?)?v(\d{1,4})$/i;
/** `v3.1`: nobody sends ten replacements. */
const rerollWord = /^(?:(?:patch|rfc|resend)[-_]?)?v(\d{1,4}\.[1-9])$/i;
const numberWord = /^(?:(?:patch|rfc)[-_]?)?(\d{1,4})\/(\d{1,4})$/i;
/** A longer subject is cut before it is read: nobody wrote it. */
const longest = 4096;

/** Reads the prefixes of a subject: `[RFC PATCH net-next v2 03/10]`, `[RFC][PATCH 3/8]`, `[list] Re: [PATCH]`. */
export function readSubject(subject: string): MailSubject {
  let text = oneLine(subject.slice(0, longest));
  let isReply = false;
  const words: string[] = [];
  const isMarked = () => words.some((word) => /^(?:patch|rfc)/i.test(word));
  for (;;) {
    const reply = isMarked() ? null : replyWord.exec(text);
    if (reply) isReply = true;
    const found = reply ?? prefix.exec(text);
    if (!found) break;
    if (!reply) words.push(...(found[1] ?? '').split(/[\s,;]+/));
    text = text.slice(found[0].length);
  }
  const [number, total] = firstMatch(words, numberWord);
  return {
    text,
    isReply,
    isMarked: isMarked(),
    isRfc: words.some((word) => /^rfc/i.test(word)),
    isResend: words.some((word) => /^re-?sen[dt]/i.test(word)),
    revision: firstMatch(words, revisionWord)[0] ?? 1,
    reroll: firstMatch(words, rerollWord)[0] ?? null,
    number: number ?? null,
    total: total ?? null,
  };
}

function firstMatch(words: readonly string[], pattern: RegExp): readonly number[] {
  for (const word of words) {
    const match = pattern.exec(word);
    if (match) return match.slice(1).map(Number);
  }
  return [];
}

/** Puts a text from a mail on one line, without control characters. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
}
