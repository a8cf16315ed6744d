import type { Finding } from '../../lint/index.js';
import { type FindingGroup, gapMessage, type ReportedPatch, type RunReport } from '../run-report.js';
import { escapeForTerminal } from '../text/escape.js';
import { wrap } from '../text/wrap.js';
import { encodeHeader } from './mail-header.js';
import { linesOfDiff, quoteFor } from './mail-quote.js';

/** Lines of mails on kernel lists are this long, quoted code aside. */
const width = 72;

/**
 * Findings as mails for people: for a patch a reply that quotes its hunks and stands below what it is about, for a tree
 * one mail. As a mailbox that mail programs open, and printed only: who sends it has read it.
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

/** Who replies fills in who they are: From is theirs. */
function headers({ groups, subject, summary }: RunReport, { patch, findings }: FindingGroup): readonly string[] {
  const begin = 'From dmabuf-lint Mon Sep 17 00:00:00 2001';
  const plain = ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit'];
  if (!patch)
    return [begin, `Subject: ${header(`dma-buf contract of ${subject}: ${count(findings, summary)}`)}`, ...plain];
  const label = groups.length > 1 || patch.label !== '1/1' ? `PATCH ${patch.label}` : 'PATCH';
  const thread =
    patch.messageId === null
      ? []
      : [`In-Reply-To: <${header(patch.messageId)}>`, `References: <${header(patch.messageId)}>`];
  return [
    begin,
    `Subject: ${header(`Re: [${label}] ${patch.subject}`)}`,
    ...(patch.author === '' ? [] : [`To: ${header(patch.author)}`]),
    ...thread,
    ...plain,
  ];
}

function count(findings: readonly Finding[], summary: string): string {
  return findings.length === 1 ? '1 finding' : findings.length > 0 ? `${findings.length} findings` : summary;
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

/** One line that holds nothing but itself: what comes from a patch cannot add headers. */
function header(text: string): string {
  return encodeHeader(escapeForTerminal(text.replace(/\s+/g, ' ')));
}

/** A line that a mailbox would take for the beginning of a mail is marked, as mboxrd does. */
function protect(line: string): string {
  return escapeForTerminal(line).replace(/^(>*From )/, '>$1');
}
