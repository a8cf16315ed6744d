import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding } from '../../lint/index.js';
import type { FindingGroup, ReportedPatch, RunReport } from '../run-report.js';
import { formatMail } from './mail.js';

const finding: Finding = {
  rule: 'pin-leak',
  severity: 'error',
  confidence: 'high',
  file: 'drivers/a.c',
  line: 2,
  column: 1,
  message: 'the pin is lost',
  trace: [{ file: 'drivers/a.c', line: 1, message: 'pinned here' }],
  fingerprint: 'f'.repeat(32),
  mark: { subject: 'a', sourceLine: '', occurrence: 0 },
};

const patch: ReportedPatch = {
  label: '3/8',
  subject: 'a: pin',
  author: 'Ann Author <ann@a.example>',
  body: 'Why.',
  messageId: 'p3@b.example',
  envelope: {
    subject: '[PATCH sea-next v4 3/8] a: pin',
    sender: ['Ben Sender <ben@b.example>'],
    others: ['dev@lists.example', 'Cid <cid@c.example>', 'BEN <ben@B.example>'],
    references: ['first@b.example', 'p0@b.example'],
    date: 'Tue, 3 Feb 2026 10:00:00 +0000',
  },
  diff: null,
};

const group: FindingGroup = {
  patch,
  findings: [finding],
  notAnalysed: [],
  textOf: () => 'int ret = dma_buf_pin(attach);\nreturn ret;\n',
  isChanged: () => false,
};

function reportOf(groups: readonly FindingGroup[], more: Partial<RunReport> = {}): RunReport {
  const rest = { revision: null, repository: null, inventory: null, suppressed: [], known: null };
  return { command: 'series', subject: 'linux', groups, summary: '', ...rest, ...more };
}

describe('a reply', () => {
  it('answers the sender within the thread, with a copy to the author and everybody else', () => {
    const text = formatMail(reportOf([group]));
    assert.match(text, /^Subject: Re: \[PATCH sea-next v4 3\/8\] a: pin$/m);
    assert.match(text, /^To: Ben Sender <ben@b\.example>$/m);
    assert.match(text, /^Cc: Ann Author <ann@a\.example>,\n dev@lists\.example,\n Cid <cid@c\.example>$/m);
    assert.match(text, /^In-Reply-To: <p3@b\.example>$/m);
    assert.match(text, /^References: <first@b\.example>\n <p0@b\.example>\n <p3@b\.example>$/m);
  });

  it('says when the author wrote, as mail programs do; not where no mail says it', () => {
    assert.match(formatMail(reportOf([group])), /^On Tue, 3 Feb 2026 10:00:00 \+0000, Ann Author wrote:\n> Why\.$/m);
    assert.match(formatMail(reportOf([{ ...group, patch: { ...patch, envelope: null } }])), /^Ann Author wrote:$/m);
  });

  it('makes a subject of its own where the mail is another one that the patch was attached to', () => {
    const envelope = { subject: 'oops', sender: [], others: [], references: [], date: null };
    const text = formatMail(reportOf([{ ...group, patch: { ...patch, envelope } }]));
    assert.match(text, /^Subject: Re: \[PATCH 3\/8\] a: pin$/m);
    assert.match(text, /^To: Ann Author <ann@a\.example>$/m);
    assert.doesNotMatch(text, /^Cc:/m);
  });

  it('leaves a line empty between the quote and code that the patch does not hold', () => {
    assert.match(formatMail(reportOf([group])), /^> \[\.\.\.\]\n\ndrivers\/a\.c:2\n/m);
  });

  it('quotes both places of what is done a second time, in the order of the patch, each line once', () => {
    const lines = [
      'int a(void)',
      '{',
      '\tdma_buf_unpin(x);',
      '}',
      ...Array(20).fill('int more;'),
      '\tdma_buf_unpin(x);',
    ];
    const diff = Buffer.from(
      `diff --git a/drivers/a.c b/drivers/a.c\n--- /dev/null\n+++ b/drivers/a.c\n@@ -0,0 +1,25 @@\n${lines.map((line) => `+${line}\n`).join('')}`,
    );
    const again: Finding = {
      ...finding,
      line: 3,
      trace: [{ file: 'drivers/a.c', line: 25, message: 'released here', isEarlier: true }],
    };
    const text = formatMail(reportOf([{ ...group, findings: [again], patch: { ...patch, diff } }]));
    assert.match(
      text,
      /^> @@ .*\n> \+int a.*\n> \+\{\n> \+\tdma_buf_unpin.*\n> \[\.\.\.\]\n(> \+int more;\n){11}> \+\tdma_buf_unpin/m,
    );
    assert.match(text, /^- drivers\/a\.c:25: released here\n.*- drivers\/a\.c:3: and once more here$/ms);
    const near = {
      ...again,
      trace: [{ file: 'drivers/a.c', line: 4, message: 'released here', isEarlier: true as const }],
    };
    const both = formatMail(reportOf([{ ...group, findings: [near], patch: { ...patch, diff } }]));
    assert.match(both, /^> @@ .*\n> \+int a.*\n> \+\{\n> \+\tdma_buf_unpin.*\n> \+\}\n\nerror:/m);
  });

  it('tells how to see the same in words that can be copied, and where the rule is explained', () => {
    const text = formatMail(reportOf([group], { base: 'c'.repeat(40), version: '1.2.3' }));
    assert.match(
      text,
      /^dmabuf-lint 1\.2\.3\. To reproduce, in a kernel repository:\n {2}b4 am -o - p3@b\.example \|\n {4}dmabuf-lint series - --base c{12}\n/m,
    );
    assert.match(text, /^ {2}dmabuf-lint explain pin-leak$/m);
    assert.match(text, /^To dispute a finding, please reply to this mail/m);
    const linked = formatMail(reportOf([group], { rulePages: 'https://x.example/rules' }));
    assert.match(linked, /^ {2}https:\/\/x\.example\/rules\/pin-leak\.md$/m);
  });

  it('has no message id that a shell would take for more than a word', () => {
    const odd = { ...patch, messageId: "x'$(id)@b.example" };
    assert.match(formatMail(reportOf([{ ...group, patch: odd }])), /^ {2}dmabuf-lint series <patches>$/m);
  });

  it('shows the code of each step, and how to see the same', () => {
    const text = formatMail(reportOf([group]));
    assert.match(text, /- drivers\/a\.c:1: pinned here\n {6}int ret = dma_buf_pin\(attach\);/);
    assert.match(text, /^-- \ndmabuf-lint\. To reproduce, in a kernel repository:$/m);
  });

  it('says in one line what a later patch resolves', () => {
    const text = formatMail(reportOf([{ ...group, resolved: new Map([[finding.fingerprint, '5/8']]) }]));
    assert.match(text, /^- drivers\/a\.c:2: pin-leak: resolved by 5\/8$/m);
    assert.doesNotMatch(text, /the pin is lost/);
  });

  it('has what is said of the whole series, for the cover letter or the first patch, and no place in a mailbox', () => {
    const missing = { ...finding, rule: 'series-incomplete', file: '/home/ann/box', message: 'patch 2 is missing' };
    const whole: FindingGroup = { ...group, patch: null, findings: [missing], textOf: () => undefined };
    const silent: FindingGroup = { ...group, findings: [] };
    const mails = (text: string): readonly string[] => text.split(/^From dmabuf-lint .*\n/m).slice(1);
    for (const groups of [
      [whole, group],
      [whole, silent],
    ]) {
      const text = formatMail(reportOf(groups));
      assert.match(text, /^error: patch 2 is missing \[series-incomplete\]$/m);
      assert.match(text, /^Subject: Re: /m);
      assert.doesNotMatch(text, /home/);
      assert.equal(mails(text).length, 1);
    }
    const mail = { subject: 'a', author: 'ben@b.example', body: 'All.', messageId: 'p0@b.example', envelope: null };
    const [first, second, third] = mails(
      formatMail(reportOf([whole, group], { cover: { mail, parts: [['The series is good.']] } })),
    );
    assert.match(first ?? '', /^The series is good\.\n\nerror: patch 2 is missing/m);
    assert.doesNotMatch(second ?? '', /is missing/);
    assert.equal(third, undefined);
    // A tree has no patches, and one mail.
    assert.match(formatMail(reportOf([{ ...whole, textOf: group.textOf }])), /^Subject: dma-buf contract of linux/m);
  });

  it('comes first for the cover letter', () => {
    const envelope = { subject: '[PATCH v4 0/8] a', sender: ['ben@b.example'], others: [], references: [], date: null };
    const mail = { subject: 'a', author: 'ben@b.example', body: 'All of a.', messageId: 'p0@b.example', envelope };
    const text = formatMail(reportOf([group], { cover: { mail, parts: [['The series adds 1 finding.']] } }));
    const long = `The series ${'adds a finding, and '.repeat(6)}stops.`;
    const wrapped = formatMail(reportOf([group], { cover: { mail, parts: [[long, `- ${long}`]] } }));
    assert.match(
      wrapped,
      /^The series .*\n\S.*\n(?:\S.*\n)?- The series .*\n {2}\S/m,
      'only items of a list are indented',
    );
    assert.match(text, /^From dmabuf-lint .*\nSubject: Re: \[PATCH v4 0\/8\] a\n/);
    assert.match(text, /^> \[\.\.\.\]\n\nThe series adds 1 finding\.$/m);
    assert.equal(text.match(/^From dmabuf-lint /gm)?.length, 2);
  });
});
