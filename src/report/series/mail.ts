import type { Finding } from '../../lint/index.js';
import { type CoverReport, type FindingGroup, gapMessage, type ReportedPatch, type RunReport } from '../run-report.js';
import { countOf } from '../text/count.js';
import { escapeForTerminal } from '../text/escape.js';
import { wrap } from '../text/wrap.js';
import { encodeHeader, encodeMessageId, encodePerson } from './mail-header.js';
import { linesOfDiff, quoteFor } from './mail-quote.js';

/** The width of mails on kernel lists, quoted code aside. */
const width = 72;

/**
 * Formats findings as a mailbox: for each patch a reply that quotes its hunks, for a tree one mail. It is only printed,
 * never sent, so that a person reads it first.
 */
export function formatMail(report: RunReport): string {
  const { old, cover } = report;
  const whole = report.groups.some(({ patch }) => patch !== null) ? remarksOnWhole(report) : [];
  // What is said of the series as a whole is a reply to its cover letter, or to the first patch: never a mail by itself.
  const carrier = whole.length > 0 && !cover ? report.groups.find(({ patch }) => patch !== null) : undefined;
  const replies = report.groups
    .filter(({ patch }) => whole.length === 0 || patch !== null)
    .map((group) => (group === carrier ? { ...group, parts: [...whole, ...(group.parts ?? [])] } : group))
    .filter(
      ({ findings, notAnalysed, patch }) =>
        findings.length + notAnalysed.length > 0 || (carrier !== undefined && patch === carrier.patch),
    )
    .map((group) => mailOf(report, group));
  const before = old && old.findings.length > 0 ? [mailOf(report, old)] : [];
  const first = cover ? [coverReply(report, { ...cover, parts: [...cover.parts, ...whole] })] : [];
  return [...first, ...replies, ...before].join('\n');
}

/** The findings about a series as a whole, as paragraphs. A place in a mailbox is one of the reader's own machine. */
function remarksOnWhole({ groups }: RunReport): readonly (readonly string[])[] {
  return groups
    .filter(({ patch }) => patch === null)
    .flatMap(({ findings, textOf }) =>
      findings.map(({ file, line, severity, message, rule }) => {
        const place = textOf(file) === undefined ? '' : `${file}:${line}: `;
        return [`${place}${severity}: ${message} [${rule}]`];
      }),
    );
}

function coverReply(report: RunReport, { mail, parts }: CoverReport): string {
  const subject = `Re: ${mail.envelope?.subject || mail.subject}`;
  const body = [...salutation(mail), '', ...parts.flatMap(paragraph), ...footer(report, mail.messageId, [])];
  return [begin, ...replyHeaders(subject, mail), ...plain, '', ...body.map(protect)].join('\n');
}

function mailOf(report: RunReport, group: FindingGroup): string {
  const diff = linesOfDiff(group.patch?.diff ?? null);
  const resolved = group.resolved ?? new Map<string, string>();
  const standing = group.findings.filter(({ fingerprint }) => !resolved.has(fingerprint));
  const greeting = group.patch ? salutation(group.patch) : [];
  const remarks = standing.flatMap((finding) => [...quoteFor(finding, group, diff), '', ...remark(finding, group), '']);
  const body = [
    ...greeting,
    // What the patch does not hold is no part of the quote that ends above it.
    ...(greeting.length > 0 && !remarks[0]?.startsWith('>') ? [''] : []),
    ...remarks,
    ...list(
      group.findings.flatMap(({ file, line, rule, fingerprint }) => {
        const by = resolved.get(fingerprint);
        return by === undefined ? [] : [`${file}:${line}: ${rule}: resolved by ${by}`];
      }),
    ),
    ...list(group.notAnalysed.map((gap) => `${gap.file}:${gap.line ?? 1}: ${gapMessage(gap)}`)),
    ...(group.parts ?? []).flatMap(paragraph),
    ...(group.patch ? footer(report, group.patch.messageId, group.findings) : []),
  ];
  return [...headers(report, group), '', ...body.map(protect)].join('\n');
}

/** How to see the same, what the rules say of themselves, and how to object. Every line can be copied from a mail as it is. */
function footer(
  { base, rulePages, version }: RunReport,
  messageId: string | null,
  findings: readonly Finding[],
): readonly string[] {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const pages = rules.map((rule) =>
    rulePages === undefined ? `  dmabuf-lint explain ${rule}` : `  ${rulePages}/${rule}.md`,
  );
  const on = base ? ` --base ${base.slice(0, 12)}` : '';
  return [
    '-- ',
    `dmabuf-lint${version === undefined ? '' : ` ${version}`}. To reproduce, in a kernel repository:`,
    ...seriesCommand(messageId).map((line, index, all) => `  ${line}${index === all.length - 1 ? on : ''}`),
    ...(pages.length > 0 ? ['What the rules check, and what they cannot know:', ...pages] : []),
    'To dispute a finding, please reply to this mail and say why.',
    '',
  ];
}

/** @param messageId from a mail: what the shell could take for more than a word is left out */
function seriesCommand(messageId: string | null): readonly string[] {
  const isWord = messageId !== null && /^[\w.+=%@][\w.+=%@-]*$/.test(messageId);
  return isWord ? [`b4 am -o - ${messageId} |`, '  dmabuf-lint series -'] : ['dmabuf-lint series <patches>'];
}

function paragraph(part: readonly string[]): readonly string[] {
  const indent = (line: string): string => (line.startsWith('- ') ? '  ' : '');
  return [...part.flatMap((line) => wrap(escapeForTerminal(line), width, indent(line))), ''];
}

function list(items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [...items.flatMap((item) => wrap(escapeForTerminal(`- ${item}`), width, '  ')), ''];
}

const begin = 'From dmabuf-lint Mon Sep 17 00:00:00 2001';
const plain = ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit'];

/** The headers of a mail. There is no From: the person who sends the mail adds it. */
function headers({ groups, subject, summary }: RunReport, { patch, findings, isOld }: FindingGroup): readonly string[] {
  const when = isOld ? ' before the series' : '';
  if (!patch)
    return [
      begin,
      `Subject: ${header(`dma-buf contract of ${subject}${when}: ${count(findings, summary)}`)}`,
      ...plain,
    ];
  const label = groups.length > 1 || patch.label !== '1/1' ? `PATCH ${patch.label}` : 'PATCH';
  const own = patch.envelope?.subject ?? '';
  // The subject of a mail that a patch was attached to is that of another one.
  const title = /^\[[^\]]*\]/.test(own) ? own : `[${label}] ${patch.subject}`;
  return [begin, ...replyHeaders(`Re: ${title}`, patch), ...plain];
}

/** The most people that a reply goes to: a mail that names more is no mail to a list. */
const mostPeople = 200;
/** The most ids of a thread that a reply names; the last ones count. */
const mostReferences = 100;

/** Answers the sender, with a copy to the author and to everybody who got the mail, within its thread. */
function replyHeaders(
  subject: string,
  { author, messageId, envelope }: Pick<ReportedPatch, 'author' | 'messageId' | 'envelope'>,
): readonly string[] {
  const senders = envelope && envelope.sender.length > 0 ? envelope.sender : [author];
  const seen = new Set<string>();
  const people = (some: readonly string[]): readonly string[] =>
    some.slice(0, mostPeople).flatMap((one) => {
      const written = encodePerson(oneLine(one));
      const address = written?.replace(/^.*<|>$/g, '').toLowerCase();
      if (written === null || address === undefined || seen.has(address)) return [];
      seen.add(address);
      return [written];
    });
  const to = people(senders);
  const cc = people([author, ...(envelope?.others ?? [])]);
  const id = messageId === null ? null : encodeMessageId(messageId);
  const chain = (envelope?.references ?? [])
    .slice(-mostReferences)
    .flatMap((one) => encodeMessageId(one) ?? [])
    .filter((one) => one !== id);
  return [
    `Subject: ${header(subject)}`,
    ...(to.length === 0 ? [] : [`To: ${to.join(',\n ')}`]),
    ...(cc.length === 0 ? [] : [`Cc: ${cc.join(',\n ')}`]),
    ...(id === null ? [] : [`In-Reply-To: ${id}`, `References: ${[...chain, id].join('\n ')}`]),
  ];
}

function count(findings: readonly Finding[], summary: string): string {
  return findings.length > 0 ? countOf(findings.length, 'finding') : summary;
}

/** Who wrote when, as mail programs say it, and the beginning of what. A commit of a range has no date of a mail. */
function salutation({
  author,
  body,
  envelope,
}: Pick<ReportedPatch, 'author' | 'body' | 'envelope'>): readonly string[] {
  const name = author.replace(/\s*<[^>]*>\s*$/, '').replace(/^"(.*)"$/, '$1');
  const first = body.split('\n\n')[0] ?? '';
  const when = envelope?.date ? `On ${envelope.date}, ` : '';
  return [
    ...(name === '' ? [] : wrap(escapeForTerminal(`${when}${name} wrote:`), width)),
    ...(first.trim() === ''
      ? []
      : [
          ...first
            .trim()
            .split('\n')
            .map((line) => `> ${line}`.trimEnd()),
          '> [...]',
        ]),
  ];
}

function remark(finding: Finding, { textOf, since, broughtIn }: FindingGroup): readonly string[] {
  const { message, rule, confidence, severity } = finding;
  const trace = stepsOf(finding);
  const previous = since?.get(finding.fingerprint);
  const origin = broughtIn?.get(finding.fingerprint);
  const doubt = confidence === 'high' ? '' : `, confidence ${confidence}`;
  return [
    ...wrap(escapeForTerminal(`${severity}: ${message} [${rule}${doubt}]`), width),
    ...(previous === undefined ? [] : ['', `${escapeForTerminal(previous)} had this, too.`]),
    ...(trace.length > 0 ? [''] : []),
    ...trace.flatMap((step) => [
      ...wrap(escapeForTerminal(`- ${step.file}:${step.line}: ${step.message}`), width, '  '),
      ...codeOf(textOf(step.file)?.split('\n')[step.line - 1]),
    ]),
    // Not wrapped: scripts read the line.
    ...(origin === undefined ? [] : ['', escapeForTerminal(origin)]),
  ];
}

/** The steps of the trace; where two places are quoted, the place of the finding is the last of them. */
function stepsOf({ file, line, trace }: Finding): Finding['trace'] {
  return trace.some(({ isEarlier }) => isEarlier) ? [...trace, { file, line, message: 'and once more here' }] : trace;
}

/** The source line of a step, indented; nothing where it says nothing. */
function codeOf(line: string | undefined): readonly string[] {
  const code = line?.trim() ?? '';
  return /\w/.test(code) ? [`      ${code}`] : [];
}

/** The value of a header, on one line, so that text from a patch cannot add headers. */
function header(text: string): string {
  return encodeHeader(oneLine(text));
}

function oneLine(text: string): string {
  return escapeForTerminal(text.replace(/\s+/g, ' ')).trim();
}

/** Escapes a line for a terminal and marks one that would begin a new mail, as mboxrd does. */
function protect(line: string): string {
  return escapeForTerminal(line).replace(/^(>*From )/, '>$1');
}
