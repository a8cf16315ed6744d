import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSubject } from './mail-subject.js';

function numbers(subject: string): string {
  const { revision, number, total } = readSubject(subject);
  return `v${revision} ${number}/${total}`;
}

describe('the subject of a patch mail', () => {
  it('says revision, number and total in any order and spelling', () => {
    assert.equal(numbers('[PATCH] a'), 'v1 null/null');
    assert.equal(numbers('[PATCH v6 3/8] a'), 'v6 3/8');
    assert.equal(numbers('[RFC PATCH 02/10] a'), 'v1 2/10');
    assert.equal(numbers('[PATCH net-next v2 1/3] a'), 'v2 1/3');
    assert.equal(numbers('[PATCH 5.15 1/2] a'), 'v1 1/2');
    assert.equal(numbers('[PATCH v5.15 1/2] a'), 'v1 1/2');
    assert.equal(numbers('[resend PATCH v3] a'), 'v3 null/null');
    assert.equal(numbers('[RFC][PATCH 3/8] a'), 'v1 3/8');
    assert.equal(numbers('[PATCHv2,3/5] a'), 'v2 3/5');
    assert.equal(numbers('[PATCH] [1/3] a'), 'v1 1/3');
    assert.equal(numbers('[PATCH 1/99999999] a'), 'v1 null/null');
  });

  it('keeps the text without prefixes, on one line', () => {
    assert.equal(readSubject('[PATCH v6\n 3/8]  drm:\t[x] a\x1b b ').text, 'drm: [x] a b');
    assert.equal(readSubject('[PATCH] [media] re: a').text, 're: a');
    assert.equal(readSubject('plain').text, 'plain');
  });

  it('knows a reply from a patch sent in reply', () => {
    for (const subject of ['Re: [PATCH 1/8] a', 'RE: a', '[list] Re: [PATCH] a', 'Aw: a', 'Fwd: [PATCH] a', 'Re[2]: a'])
      assert.equal(readSubject(subject).isReply, true, subject);
    for (const subject of [
      'AW: [PATCH] a',
      'SV: [PATCH] a',
      'Antw: [PATCH] a',
      'Odp: [PATCH] a',
      '回复: [PATCH] a',
      '答复：[PATCH] a',
      'AW: [EXT] Re: [PATCH] a',
    ])
      assert.equal(readSubject(subject).isReply, true, subject);
    for (const subject of ['[PATCH v2 3/8] a', '[PATCH] Re: a', 'regulator: a', 'rv: a', 'tr: a', '[resend PATCH] a'])
      assert.equal(readSubject(subject).isReply, false, subject);
  });

  it('knows requests for comments and resends', () => {
    assert.equal(readSubject('[RFC 1/2] a').isRfc, true);
    assert.equal(readSubject('[PATCH RFCv2] a').isRfc, true);
    assert.equal(readSubject('[PATCH RESEND] a').isResend, true);
    assert.equal(readSubject('[PATCH re-send] a').isResend, true);
    assert.equal(readSubject('[list] a').isMarked, false);
  });
});
