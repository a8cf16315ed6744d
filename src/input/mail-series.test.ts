import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type MailSeries, readMailSeries } from './mail-series.js';
import { InputError } from './tree.js';

/** A diff that changes one line of a file. */
function diffOf(file: string, text = 'new'): string {
  return `diff --git a/${file} b/${file}\nindex 1111111..2222222 100644\n--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n-old\n+${text}\n`;
}

interface Draft {
  readonly subject: string;
  readonly id?: string;
  readonly parent?: string;
  readonly from?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A mail; by default its body is a patch of its own. */
function mail({ subject, id, parent, from = 'Ann <ann@example.org>', headers = [], body }: Draft): string {
  const file = `${subject.replace(/\[.*\]|\W/g, '') || 'x'}.c`;
  return [
    `From: ${from}`,
    `Subject: ${subject}`,
    ...(id ? [`Message-ID: <${id}@example.org>`] : []),
    ...(parent ? [`In-Reply-To: <${parent}@example.org>`] : []),
    ...headers,
    '',
    body ?? patchBody(file),
  ].join('\n');
}

function patchBody(file: string): string {
  return `Why it is so.\n\nSigned-off-by: Ann <ann@example.org>\n---\n ${file} | 2 +-\n\n${diffOf(file)}-- \n2.39.5\n`;
}

function mbox(...mails: readonly string[]): string {
  return mails.map((one) => `From mboxrd@z Thu Jan  1 00:00:00 1970\n${one}\n`).join('');
}

function read(...texts: readonly (string | Buffer)[]): Promise<MailSeries> {
  return readMailSeries(texts.map((text, index) => ({ name: `in${index}`, bytes: Buffer.from(text as string) })));
}

function subjects({ patches }: MailSeries): readonly string[] {
  return patches.map(({ number, subject }) => `${number} ${subject}`);
}

async function refusal(...texts: readonly (string | Buffer)[]): Promise<string> {
  const error = await read(...texts).then(
    () => assert.fail('nothing is wrong'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof InputError, String(error));
  assert.doesNotMatch(error.message, /\n/);
  return error.message;
}

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
      },
    ]);
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
    assert.deepEqual(mixed.remarks, ['in0:1: "[PATCH] a": attachment shot.png passed over']);
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

describe('a plain diff', () => {
  it('is a patch without a number', async () => {
    const { patches, total } = await read(diffOf('x.c'));
    assert.deepEqual(
      [patches[0]?.number, patches[0]?.subject, patches[0]?.author, patches[0]?.diff.toString(), total],
      [null, 'patch', '', diffOf('x.c'), null],
    );
  });

  it('keeps the carriage returns of a file, not those of its way here', async () => {
    const content = diffOf('x.c', 'new\r');
    assert.equal((await read(content)).patches[0]?.diff.toString(), content);
    const converted = diffOf('x.c').replaceAll('\n', '\r\n');
    assert.equal((await read(converted)).patches[0]?.diff.toString(), diffOf('x.c'));
  });

  it('keeps the message that git show puts in front; a log is refused', async () => {
    const commit = `commit ${'a'.repeat(40)}\nAuthor: Ann <ann@example.org>\nDate:   today\n\n    drm: a\n    \n    Why.\n\n${diffOf('x.c')}`;
    const { patches } = await read(commit);
    assert.deepEqual(
      [patches[0]?.subject, patches[0]?.author, patches[0]?.body],
      ['drm: a', 'Ann <ann@example.org>', 'Why.'],
    );
    assert.match(await refusal(`${commit}\n${commit}`), /git log.*format-patch/);
  });

  it('stands for itself, however many there are', async () => {
    const series = await read(diffOf('x.c'), diffOf('y.c'));
    assert.deepEqual(subjects(series), ['null patch', 'null patch']);
    assert.deepEqual(series.remarks, []);
  });
});

describe('a series', () => {
  const cover = mail({
    subject: '[PATCH v2 0/2] drm: title',
    id: 'c',
    body: `Blurb.\n\nbase-commit: ${'c'.repeat(40)}\n-- \n2.39.5\n`,
  });
  const first = mail({ subject: '[PATCH v2 1/2] one', id: 'p1', parent: 'c' });
  const second = mail({ subject: '[PATCH v2 2/2] two', id: 'p2', parent: 'c' });

  it('is put in order, with its cover letter and base', async () => {
    const series = await read(mbox(second, cover, first));
    assert.deepEqual(subjects(series), ['1 one', '2 two']);
    assert.deepEqual(series.cover, { subject: 'drm: title', body: `Blurb.\n\nbase-commit: ${'c'.repeat(40)}` });
    assert.deepEqual(
      [series.total, series.missing, series.revision, series.baseCommit, series.remarks],
      [2, [], 2, 'c'.repeat(40), []],
    );
  });

  it('comes as one mailbox, as a file a mail, and packed', async () => {
    for (const form of [[mbox(first, second)], [first, second], [gzipSync(mbox(first, second))]])
      assert.deepEqual(subjects(await read(...form)), ['1 one', '2 two']);
  });

  it('takes a base only from a whole object name', async () => {
    assert.equal((await read(`${first}\nbase-commit: v6.1\n`)).baseCommit, null);
    assert.equal((await read(`${first}\nbase-commit: ${'d'.repeat(64)}\n`)).baseCommit, 'd'.repeat(64));
  });

  it('says which numbers are missing', async () => {
    const series = await read(mbox(mail({ subject: '[PATCH 2/4] b' }), mail({ subject: '[PATCH 4/4] d' })));
    assert.deepEqual(series.missing, [1, 3]);
  });

  it('passes over replies, mails without a patch, and what came twice', async () => {
    const reply = mail({
      subject: 'Re: [PATCH v2 1/2] one',
      id: 'r1',
      parent: 'p1',
      body: '> diff --git a/x b/x\nNo.\n',
    });
    const idea = mail({ subject: 'Re: [PATCH v2 1/2] one', id: 'r2', parent: 'p1', body: `Or:\n${diffOf('x.c')}` });
    const talk = mail({ subject: 'talk', body: 'hi' });
    const before = mbox(cover, first, reply);
    const series = await read(mbox(cover, first, reply, idea, second, first, talk));
    const lineOf = (text: string) => text.split('\n').length;
    assert.deepEqual(subjects(series), ['1 one', '2 two']);
    assert.deepEqual(series.remarks, [
      '1 mail came more than once: read once',
      `in0:${lineOf(before)}: "Re: [PATCH v2 1/2] one" is a reply with a diff: passed over`,
      `in0:${lineOf(before + mbox(idea, second, first))}: "talk" carries no patch: passed over`,
      '1 reply without a patch passed over',
    ]);
  });

  it('unquotes From lines as lore writes them, and leaves those of git and b4 alone', async () => {
    const body = `>From here\n---\n${diffOf('x.c')}`;
    const text = mail({ subject: '[PATCH] a', body });
    assert.equal((await read(mbox(text))).patches[0]?.body, 'From here');
    for (const sender of [`${'a'.repeat(40)} Mon Sep 17 00:00:00 2001`, 'git@z Thu Jan  1 00:00:00 1970'])
      assert.equal((await read(`From ${sender}\n${text}`)).patches[0]?.body, '>From here');
  });

  it('is read in its newest revision', async () => {
    const old = mail({ subject: '[PATCH 1/2] one', id: 'o1' });
    const series = await read(mbox(old, mail({ subject: '[PATCH 2/2] older', parent: 'o1' }), cover, first, second));
    assert.deepEqual([series.revision, subjects(series)], [2, ['1 one', '2 two']]);
    assert.deepEqual(series.remarks, ['v1 of "one" (2 patches) passed over: v2 is newer']);
  });

  it('takes a patch proper over a request for comments, and a resend over the first sending', async () => {
    const series = await read(
      mbox(
        mail({ subject: '[RFC PATCH 1/1] a', id: '1' }),
        mail({ subject: '[PATCH 1/1] a', id: '2', parent: '1', body: `x\n---\n${diffOf('second.c')}` }),
        mail({ subject: '[PATCH RESEND 1/1] a', id: '3', parent: '1', body: `x\n---\n${diffOf('third.c')}` }),
      ),
    );
    assert.deepEqual(
      series.patches.map(({ messageId }) => messageId),
      ['3@example.org'],
    );
    assert.equal(series.remarks.length, 2);
  });

  it('is made whole from the revision before where only some patches were sent anew', async () => {
    const renewed = mail({ subject: '[PATCH v3 2/2] two', id: 'n2', parent: 'p2', body: `x\n---\n${diffOf('n.c')}` });
    const series = await read(mbox(cover, first, second, renewed));
    assert.deepEqual(
      series.patches.map(({ number, messageId, revision }) => [number, messageId, revision]),
      [
        [1, 'p1@example.org', 2],
        [2, 'n2@example.org', 3],
      ],
    );
    assert.deepEqual([series.revision, series.cover?.subject], [3, 'drm: title']);
    assert.deepEqual(series.remarks, ['v3 renews only some patches: 1 taken from v2']);
  });

  it('is the first of several; the others are named', async () => {
    const bob = 'Bob <bob@example.org>';
    const other = mail({ subject: '[PATCH v9 1/1] other', id: 'x', from: bob, parent: 'c' });
    const fix = mail({ subject: '[PATCH] fix', id: 'f', from: bob, parent: 'p1' });
    const series = await read(mbox(cover, first, second, other, fix));
    assert.deepEqual(subjects(series), ['1 one', '2 two']);
    assert.deepEqual(series.remarks, [
      'another series passed over: v9 of "other" (1 patch)',
      'another series passed over: v1 of "fix" (1 patch)',
    ]);
  });

  it('keeps its patches where a newer revision has only a cover letter yet', async () => {
    const empty = mail({ subject: '[PATCH v3 0/2] drm: title', id: 'c3', parent: 'c', body: 'Soon.\n' });
    const series = await read(mbox(cover, first, second, empty));
    assert.deepEqual([series.revision, subjects(series)], [2, ['1 one', '2 two']]);
    assert.deepEqual(series.remarks, ['v3 of "drm: title" (0 patches) passed over: only its cover letter is there']);
  });

  it('may do without threads: a number that comes again begins another series', async () => {
    const titles = ['1/2] a', '2/2] b', '1/2] c', '2/2] d'];
    const series = await read(mbox(...titles.map((title) => mail({ subject: `[PATCH ${title}` }))));
    assert.deepEqual(subjects(series), ['1 a', '2 b']);
    assert.deepEqual(series.remarks, ['another series passed over: v1 of "c" (2 patches)']);
  });
});

describe('patches without numbers', () => {
  it('are each a patch, in order of arrival', async () => {
    const series = await read(
      mbox(...['c', 'a', 'b'].map((title) => mail({ subject: `[PATCH] ${title}`, id: title }))),
    );
    assert.deepEqual(subjects(series), ['null c', 'null a', 'null b']);
    assert.deepEqual([series.total, series.missing, series.remarks], [null, [], []]);
  });

  it('are read in their newest revision, each', async () => {
    const again = mail({ subject: '[PATCH v2] a', id: 'a2', body: `x\n---\n${diffOf('z.c')}` });
    const series = await read(
      mbox(mail({ subject: '[PATCH] a', id: 'a' }), again, mail({ subject: '[PATCH] b', id: 'b' })),
    );
    assert.deepEqual(subjects(series), ['null a', 'null b']);
    assert.equal(series.patches[0]?.revision, 2);
    assert.deepEqual(series.remarks, ['v1 of "a" (1 patch) passed over: v2 is newer']);
  });
});

describe('what is no series', () => {
  it('is refused in one line that says what to do', async () => {
    assert.match(await refusal(), /no mail is given/);
    assert.match(await refusal(' \n'), /in0: is empty/);
    assert.match(await refusal('\n<!DOCTYPE html><html>'), /web page.*t\.mbox\.gz/);
    assert.match(await refusal(gzipSync('<html>')), /web page/);
    assert.match(await refusal(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0])), /binary file/);
    assert.match(await refusal(Buffer.from('\ufeffdiff --git', 'utf16le')), /UTF-16/);
    assert.match(await refusal(Buffer.from('\xfd7zXZ\0', 'latin1')), /xz; unpack/);
    assert.match(await refusal('Dear list'), /neither mail nor a patch/);
    assert.match(await refusal(gzipSync(mail({ subject: '[PATCH] a' })).subarray(0, 60)), /cut short/);
  });

  it('is refused where no mail carries a patch', async () => {
    const talk = mail({ subject: 'talk', body: 'hi' });
    assert.match(await refusal(talk), /in0: the mail carries no patch/);
    const reply = mail({ subject: 'Re: [PATCH] a' });
    assert.match(await refusal(mbox(talk, reply)), /none of the 2 mails carries a patch \(only replies hold a diff\)/);
    assert.match(await refusal(mail({ subject: '[PATCH 0/3] a', body: 'hi' })), /carries no patch/);
  });

  it('is refused where it is larger than any series', async () => {
    assert.match(await refusal(gzipSync(Buffer.alloc(65 << 20, 'a\n'))), /more than 64 MB/);
    const half = Buffer.concat([Buffer.from(mail({ subject: '[PATCH] a' })), Buffer.alloc(33 << 20, '\n')]);
    assert.match(await refusal(half, half), /in1: more than 64 MB/);
  });
});
