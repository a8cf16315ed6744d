import type { Finding } from '../../lint/index.js';
import { type FindingGroup, gapMessage, type ReportedPatch, type RunReport } from '../run-report.js';
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
  return report.groups
    .filter(({ findings, notAnalysed }) => findings.length + notAnalysed.length > 0)
    .map((group) => mailOf(report, group))
    .join('\n');
}

function mailOf(report: RunReport, group: FindingGroup): string {
  const diff = linesOfDiff(group.patch?.diff ?? null);
  const body = [
    ...(group.patch ? salutation(group.patch) : []),
    ...group.findings.flatMap((finding) => [...quoteFor(finding, group, diff), '', ...remark(finding), '']),
    ...(group.notAnalysed.length > 0
      ? [
          ...group.notAnalysed.flatMap((gap) =>
            wrap(escapeForTerminal(`- ${gap.file}:${gap.line ?? 1}: ${gapMessage(gap)}`), width, '  '),
          ),
          '',
        ]
      : []),
  ];
  return [...headers(report, group), '', ...body.map(protect)].join('\n');
}

/** The headers of a mail. There is no From: the person who sends the mail adds it. */
function headers({ groups, subject, summary }: RunReport, { patch, findings }: FindingGroup): readonly string[] {
  const begin = 'From dmabuf-lint Mon Sep 17 00:00:00 2001';
  const plain = ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit'];
  if (!patch)
    return [begin, `Subject: ${header(`dma-buf contract of ${subject}: ${count(findings, summary)}`)}`, ...plain];
  const label = groups.length > 1 || patch.label !== '1/1' ? `PATCH ${patch.label}` : 'PATCH';
  const id = patch.messageId === null ? null : encodeMessageId(patch.messageId);
  const author = encodePerson(oneLine(patch.author));
  return [
    begin,
    `Subject: ${header(`Re: [${label}] ${patch.subject}`)}`,
    ...(author === null ? [] : [`To: ${author}`]),
    ...(id === null ? [] : [`In-Reply-To: ${id}`, `References: ${id}`]),
    ...plain,
  ];
}

function count(findings: readonly Finding[], summary: string): string {
  return findings.length > 0 ? countOf(findings.length, 'finding') : summary;
}

function salutation({ author, body }: ReportedPatch): readonly string[] {
  const name = author.replace(/\s*<[^>]*>\s*$/, '').replace(/^"(.*)"$/, '$1');
  const first = body.split('\n\n')[0] ?? '';
  return [
    ...(name === '' ? [] : [`${name} wrote:`]),
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

function remark({ message, rule, trace, confidence, severity }: Finding): readonly string[] {
  const doubt = confidence === 'high' ? '' : `, confidence ${confidence}`;
  return [
    ...wrap(escapeForTerminal(`${severity}: ${message} [${rule}${doubt}]`), width),
    ...(trace.length > 0 ? [''] : []),
    ...trace.flatMap((step) => wrap(escapeForTerminal(`- ${step.file}:${step.line}: ${step.message}`), width, '  ')),
  ];
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
