import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diffOf, mail, mbox, patchBody, read, subjects } from '../../dev/series/mail-drafts.js';
import { readHeaders } from './mail-headers.js';

describe('one mail', () => {
  it('gives subject, author, message and diff, and says where it begins', async () => {
    const { patches } = await read(mbox('Subject: talk\n\nhi\n', mail({ subject: '[PATCH v6 3/8] drm: a', id: 'm3' })));
    assert.deepEqual(patches, [
      {
        number: 3,
        total: 8,
        revision: 6,
        subject: 'drm: a',
        author: 'Ann <ann@example.org>',
        body: 'Why it is so.\n\nSigned-off-by: Ann <ann@example.org>',
        diff: Buffer.from(`${diffOf('drma.c')}-- \n2.39.5\n\n`),
        source: { name: 'in0', line: 6 },
        messageId: 'm3@example.org',
        envelope: {
          subject: '[PATCH v6 3/8] drm: a',
          sender: ['Ann <ann@example.org>'],
          others: [],
          references: [],
          date: null,
        },
      },
    ]);
  });

  it('has no control characters in its message id', async () => {
    const { messageId, references } = await readHeaders(
      Buffer.from('Subject: a\nMessage-Id: <\u0001m@example.org>\nReferences: <a\u001b[2J@x> <b@x>\n\n'),
    );
    assert.equal(messageId, null);
    assert.deepEqual(references, ['b@x']);
  });

  it('has the date that it says, and none that is other text', async () => {
    const dateIn = async (value: string) => (await readHeaders(Buffer.from(`Date: ${value}\n\n`))).envelope.date;
    assert.equal(await dateIn('Tue,  3 Feb 2026\n 10:00:00 +0000 (UTC)'), 'Tue, 3 Feb 2026 10:00:00 +0000');
    assert.equal(await dateIn('3 Feb 2026 10:00 -0800'), '3 Feb 2026 10:00 -0800');
    assert.equal(await dateIn('Tue, 3 Feb 2026 10:00:00 +0000, Eve wrote: buy this'), null);
    assert.equal(await dateIn('yesterday'), null);
  });

  it('may come without a From line, with CRLF, or behind empty lines', async () => {
    const text = mail({ subject: '[PATCH] a' });
    for (const form of [text, text.replaceAll('\n', '\r\n'), `\n\n${text}`, `\ufeff${text}`]) {
      const { patches } = await read(form);
      assert.equal(patches[0]?.subject, 'a');
      assert.equal(patches[0]?.diff.toString(), `${diffOf('a.c')}-- \n2.39.5\n`);
    }
  });

  it('may be encoded as quoted-printable or base64, with line feeds or CRLF', async () => {
    const body = patchBody('drü.c');
    const base64 = (text: string) => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\n');
    const quoted = body.replaceAll('=', '=3D').replaceAll('ü', '=C3=BC').replace('Why it', 'Why=\n it');
    for (const [encoding, encoded] of [
      ['base64', base64(body)],
      ['base64', base64(body.replaceAll('\n', '\r\n'))],
      ['quoted-printable', quoted],
    ] as const) {
      const headers = [`Content-Transfer-Encoding: ${encoding}`, 'Content-Type: text/plain; charset=UTF-8'];
      const { patches, remarks } = await read(mail({ subject: '[PATCH] a', headers, body: encoded }));
      assert.equal(patches[0]?.diff.toString(), `${diffOf('drü.c')}-- \n2.39.5\n`);
      assert.match(patches[0]?.body ?? '', /^Why it is so/);
      assert.deepEqual(remarks, []);
    }
  });

  it('may have a folded, encoded subject and another character set; the diff keeps its bytes', async () => {
    const headers = ['Content-Type: text/plain; charset=KOI8-R', 'Content-Transfer-Encoding: 8bit'];
    const subject = '=?UTF-8?q?=5BPATCH_v2_1/2=5D_dr=C3=BC?=\n =?UTF-8?q?cke?= =?KOI8-R?q?=D4?= fest';
    const text = mail({ subject, headers, body: `\xd4\n---\n${diffOf('x.c', '\xd4')}` });
    const { patches } = await read(Buffer.from(text, 'latin1'));
    assert.deepEqual([patches[0]?.number, patches[0]?.subject, patches[0]?.body], [1, 'drückeт fest', 'т']);
    assert.deepEqual(patches[0]?.diff, Buffer.from(diffOf('x.c', '\xd4'), 'latin1'));
  });

  it('is read as it is where nobody knows its character set', async () => {
    const headers = ['Content-Type: text/plain; charset=x-none'];
    const { patches, remarks } = await read(
      mail({ subject: '[PATCH 2/3] ä', headers, body: `ö\n---\n${diffOf('x.c')}` }),
    );
    assert.deepEqual([patches[0]?.number, patches[0]?.subject, patches[0]?.body], [2, 'ä', 'ö']);
    assert.match(remarks.join(), /character set/);
  });

  it('may be flowed text', async () => {
    const headers = ['Content-Type: text/plain; format=flowed'];
    const body = `One line \nin two.\n---\n${diffOf('x.c').replace(/^ /gm, '  ')}`;
    const { patches } = await read(mail({ subject: '[PATCH] a', headers, body }));
    assert.equal(patches[0]?.body, 'One line in two.');
    assert.equal(patches[0]?.diff.toString(), diffOf('x.c'));
  });

  it('takes author and subject from the body, and the numbers from where they are', async () => {
    const body = `From: Bob <bob@example.org>\nSubject: real subject\n\n${patchBody('x.c')}`;
    const { patches } = await read(mail({ subject: '[PATCH v2 2/3] cut', body }));
    assert.equal(patches[0]?.author, 'Bob <bob@example.org>');
    assert.deepEqual([patches[0]?.subject, patches[0]?.number, patches[0]?.revision], ['real subject', 2, 2]);
  });

  it('begins at the scissors, which make a patch of a reply', async () => {
    const body = `> [...]\nNo. How about:\n\n-- >8 --\nSubject: [PATCH] better\n\n${patchBody('x.c')}`;
    const { patches } = await read(mail({ subject: 'Re: [PATCH 1/2] a', body }));
    assert.deepEqual(
      patches.map(({ subject, number, body: message }) => [subject, number, message.split('\n')[0]]),
      [['better', null, 'Why it is so.']],
    );
  });

  it('may be signed, and may carry the patch as an attachment; other attachments are named', async () => {
    const part = (type: string, text: string) => `--b\nContent-Type: ${type}\n\n${text}\n`;
    const multipart = (kind: string, ...parts: readonly string[]) =>
      mail({
        subject: '[PATCH] a',
        headers: ['MIME-Version: 1.0', `Content-Type: multipart/${kind}; boundary="b"`],
        body: `${parts.join('')}--b--\n`,
      });
    const signed = await read(
      multipart('signed', part('text/plain', patchBody('x.c')), part('application/pgp-signature', '-----BEGIN PGP')),
    );
    assert.deepEqual([subjects(signed), signed.remarks], [['null a'], []]);
    const mixed = await read(
      multipart(
        'mixed',
        part('text/plain', 'Hello'),
        part('text/x-patch; name="x.patch"', diffOf('x.c')),
        part('image/png; name="shot.png"', 'PNG'),
      ),
    );
    assert.match(mixed.patches[0]?.diff.toString() ?? '', /^diff --git a\/x\.c/);
    const html = await read(multipart('alternative', part('text/plain', patchBody('x.c')), part('text/html', '<p>')));
    assert.match(html.remarks.join(), /also holds HTML/);
    assert.deepEqual(mixed.remarks, ['in0:1: "[PATCH] a": attachment shot.png skipped']);
  });

  it('may hold bytes of any value', async () => {
    const { patches } = await read(mail({ subject: '[PATCH] a', body: `m\n---\n${diffOf('x.c', 'a\0b')}` }));
    assert.equal(patches[0]?.diff.toString(), diffOf('x.c', 'a\0b'));
  });

  it('says where it breaks off', async () => {
    const encoded = Buffer.from(patchBody('x.c')).toString('base64').slice(0, -7);
    const base64 = mail({ subject: '[PATCH] a', headers: ['Content-Transfer-Encoding: base64'], body: encoded });
    assert.match((await read(base64)).remarks.join(), /breaks off within its base64/);
    const headers = ['Content-Type: multipart/mixed; boundary=b'];
    const multipart = mail({ subject: '[PATCH] a', headers, body: `--b\n\n${patchBody('x.c')}` });
    assert.match((await read(multipart)).remarks.join(), /breaks off before its last part/);
    const cut = mbox(mail({ subject: '[PATCH 1/2] a' }), 'From: Ann <ann@example.org>\nSubject: [PATCH 2/2] b');
    const series = await read(cut.trimEnd());
    assert.deepEqual(series.missing, [2]);
    assert.match(series.remarks.join(), /in0:\d+: "\[PATCH 2\/2\] b": breaks off within its headers/);
  });
});
