import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InputError } from '../tree/tree.js';
import type { Mail } from './mail.js';
import { type Choice, chooseSeries } from './mail-choice.js';
import { readSubject } from './mail-subject.js';
import { anySeries, type WantedSeries } from './mail-wanted.js';

/** A mail as the choice sees it: of Ann, with a patch if its subject does not say that it is a cover letter or reply. */
function mail(subject: string, id: string, { from = 'ann', parent = '', file = id } = {}): Mail {
  const read = readSubject(subject);
  const hasDiff = !read.isReply && read.number !== 0;
  return {
    source: { name: 'box', line: 1 },
    messageId: `${id}@x.example`,
    references: parent ? [`${parent}@x.example`] : [],
    sender: `${from}@x.example`,
    envelope: null,
    subject: read,
    title: subject,
    author: from,
    body: '',
    diff: hasDiff ? Buffer.from(`diff --git a/${file}.c b/${file}.c\n--- a/${file}.c\n+++ b/${file}.c\n`) : null,
    baseCommit: null,
    changeId: null,
    troubles: [],
  };
}

/** Two series: kelp as RFC, v1, v2 and v3, the last with other titles; wrack, of somebody else, as v1 and v2. */
const mails: readonly Mail[] = [
  mail('[RFC PATCH 1/1] misc: kelp', 'kelp-rfc'),
  mail('[PATCH 1/1] misc: kelp', 'kelp1'),
  mail('Re: [PATCH 1/1] misc: kelp', 'kelp1-re', { from: 'bob', parent: 'kelp1' }),
  mail('[PATCH v2 1/1] misc: kelp', 'kelp2', { file: 'leaf' }),
  mail('[PATCH v3 1/1] misc: an importer', 'kelp3', { file: 'leaf' }),
  mail('[PATCH 1/1] gpu: wrack', 'wrack1', { from: 'eve' }),
  mail('[PATCH v2 1/1] gpu: wrack', 'wrack2', { from: 'eve' }),
  mail('[PATCH v2 1/1] gpu: wrack', 'wrack2-again', { from: 'eve', file: 'other' }),
];

const choose = (wanted: Partial<WantedSeries>): Choice | undefined => chooseSeries(mails, { ...anySeries, ...wanted });
const chosen = (wanted: Partial<WantedSeries>): string | undefined =>
  choose(wanted)?.patches[0]?.messageId?.replace(/@.*/, '');

function refusal(wanted: Partial<WantedSeries>): string {
  try {
    choose(wanted);
  } catch (error) {
    assert.ok(error instanceof InputError);
    return error.message;
  }
  assert.fail('nothing is wrong');
}

describe('a mailbox that holds several series and revisions', () => {
  it('gives the newest revision of the first, and says where that is unsure and what decides', () => {
    const choice = choose({});
    assert.equal(choice?.patches[0]?.messageId, 'kelp3@x.example');
    assert.deepEqual(choice?.remarks, [
      '1 reply without a patch skipped',
      'several series: v3 of "misc: an importer" (1 patch) is judged; --subject or --message-id chooses another',
      'v2 of "misc: kelp" (1 patch) skipped: v3 is newer (the same series by its sender and files alone)',
      'v1 of "misc: kelp" (1 patch) skipped: v3 is newer (the same series by its sender and files alone)',
      'RFC v1 of "misc: kelp" (1 patch) skipped: v3 is newer (the same series by its sender and files alone)',
      'another series skipped: v2 of "gpu: wrack" (1 patch)',
      'another series skipped: v2 of "gpu: wrack" (1 patch)',
      'another series skipped: v1 of "gpu: wrack" (1 patch)',
    ]);
  });

  it('gives the revision that is asked for, with the one before it', () => {
    assert.deepEqual(
      ['v1', 'v2', '3', 'RFC', 'rfc v1'].map((revision) => chosen({ revision })),
      ['kelp1', 'kelp2', 'kelp3', 'kelp-rfc', 'kelp-rfc'],
    );
    assert.deepEqual(
      choose({ revision: 'v2' })?.previous?.patches.map(({ messageId }) => messageId),
      ['kelp1@x.example'],
    );
  });

  it('gives the series of which a title has the words, the whole title first', () => {
    assert.equal(chosen({ subject: 'WRACK', revision: 'v1' }), 'wrack1');
    assert.equal(chosen({ subject: 'an importer' }), 'kelp3');
    const remarks = choose({ subject: 'wrack', revision: '1' })?.remarks.join('\n') ?? '';
    assert.doesNotMatch(remarks, /several series/);
    assert.match(remarks, /another series skipped: v3 of "misc: an importer"/);
    const two = [mail('[PATCH] misc: kelp: more', 'more', { from: 'eve' }), mail('[PATCH] misc: kelp', 'kelp')];
    assert.equal(chooseSeries(two, { ...anySeries, subject: 'misc: kelp' })?.patches[0]?.messageId, 'kelp@x.example');
  });

  it('gives the series of a mail, of a reply and of an address at lore, in its newest revision', () => {
    for (const messageId of ['kelp1@x.example', '<kelp-rfc@x.example>', 'kelp1-re@x.example'])
      assert.equal(chosen({ messageId }), 'kelp3');
    for (const path of ['all/wrack1@x.example/', 'r/wrack1%40x.example/T/#u'])
      assert.equal(chosen({ messageId: `https://lore.kernel.org/${path}`, revision: 'v1' }), 'wrack1');
  });

  it('has one revision twice: the mail that is named decides, and the other is told', () => {
    for (const id of ['wrack2', 'wrack2-again']) assert.equal(chosen({ messageId: `${id}@x.example` }), id);
    assert.ok(
      choose({ subject: 'wrack' })?.remarks.includes(
        'v2 of "gpu: wrack" (1 patch), wrack2-again@x.example, skipped: v2 of "gpu: wrack" (1 patch), wrack2@x.example, is taken; --message-id chooses between them',
      ),
    );
  });

  it('has patches of two queues under one title: their numbers tell them apart', () => {
    const queued = [
      mail('[PATCH 7.3 105/480] misc: kelp', 'q1'),
      mail('[PATCH 6.12 088/300] misc: kelp', 'q2', { file: 'other' }),
    ];
    assert.deepEqual(chooseSeries(queued)?.remarks, [
      'v1 of "misc: kelp" (1 patch), 88 of 300, skipped: v1 of "misc: kelp" (1 patch), 105 of 480, is taken; --message-id chooses between them',
    ]);
  });

  it('is asked for what it does not hold: one line lists what it does', () => {
    assert.equal(
      refusal({ revision: 'v7', subject: 'wrack' }),
      '--revision v7: no series here has it; the mails hold v2 of "gpu: wrack" (1 patch); v2 of "gpu: wrack" (1 patch); v1 of "gpu: wrack" (1 patch)',
    );
    assert.match(
      refusal({ subject: 'fucus' }),
      /^--subject fucus: no series here has such a title; the mails hold v3 of /,
    );
    assert.match(refusal({ subject: ': ' }), /^--subject :: several series have such a title; the mails hold v3 of /);
    assert.match(refusal({ messageId: 'x@y' }), /^--message-id x@y: no mail here has this id; the mails hold v3 of /);
    assert.equal(refusal({ revision: 'newest' }), '--revision newest: must be like v3, or RFC v1');
  });

  it('may hold a revision in another series only, or in several', () => {
    const [kelp, wrack, fucus] = ['kelp', 'wrack', 'fucus'].map((name, n) =>
      mail(`[PATCH${n > 0 ? ' v2' : ''} 1/1] ${name}`, name, { from: name }),
    ) as [Mail, Mail, Mail];
    const second = { ...anySeries, revision: 'v2' };
    assert.deepEqual(chooseSeries([kelp, wrack], second)?.patches, [wrack]);
    assert.throws(() => chooseSeries([kelp, wrack, fucus], second), /^Error: --revision v2: several series have it/);
  });
});
