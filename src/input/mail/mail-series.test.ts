import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { onlyInCi } from '../../dev/run/cases.js';
import { diffOf, mail, mbox, read, refusal, subjects } from '../../dev/series/mail-drafts.js';

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
    assert.deepEqual(series.cover && { subject: series.cover.subject, body: series.cover.body }, {
      subject: 'drm: title',
      body: `Blurb.\n\nbase-commit: ${'c'.repeat(40)}`,
    });
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
      '1 mail found more than once: read once',
      `in0:${lineOf(before)}: "Re: [PATCH v2 1/2] one" is a reply with a diff: skipped`,
      `in0:${lineOf(before + mbox(idea, second, first))}: "talk" has no patch: skipped`,
      '1 reply without a patch skipped',
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
    assert.deepEqual(series.remarks, ['v1 of "one" (2 patches) skipped: v2 is newer']);
  });

  it('is the one whose cover letter comes first, whatever the other series in the mailbox', async () => {
    const others = ['b', 'd'].flatMap((name) =>
      ['', ' v2'].map((version) =>
        mail({
          subject: `[PATCH${version}] ${name}`,
          id: `${name}${version.trim()}`,
          from: `${name} <${name}@example.org>`,
        }),
      ),
    );
    const series = await read(mbox(cover, ...others, second, first));
    assert.deepEqual(subjects(series), ['1 one', '2 two']);
    assert.deepEqual(series.remarks, [
      'several series: v2 of "drm: title" (2 patches) is judged; --subject or --message-id chooses another',
      ...['b', 'd'].flatMap((name) => [
        `another series skipped: v2 of "${name}" (1 patch)`,
        `another series skipped: v1 of "${name}" (1 patch)`,
      ]),
    ]);
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
    assert.deepEqual(series.remarks, ['v3 replaces only some patches: 1 taken from v2']);
  });

  it('has single patches replaced by those that go by a step of its revision', async () => {
    const replaced = (step: string, number: number) =>
      mail({
        subject: `[PATCH v${step} ${number}/2] again`,
        id: `s${step}`,
        parent: `p${number}`,
        body: `x\n---\n${diffOf(`${step}.c`)}`,
      });
    const once = await read(mbox(cover, first, second, replaced('2.1', 1)));
    assert.deepEqual(
      once.patches.map(({ messageId }) => messageId),
      ['s2.1@example.org', 'p2@example.org'],
    );
    assert.deepEqual(once.remarks, ['v2.1 replaces only some patches: 2 taken from v2']);
    const twice = await read(mbox(replaced('2.1', 1), replaced('2.2', 2), cover, first, second));
    assert.deepEqual(
      twice.patches.map(({ messageId }) => messageId),
      ['s2.1@example.org', 's2.2@example.org'],
    );
    // For the kernels 2.3 and 6.1: one is no reply, the other replies to a series of another revision.
    const alone = mail({ subject: '[PATCH v2.3 1/2] one', id: 'k1', body: `x\n---\n${diffOf('k.c')}` });
    const kernel = await read(mbox(cover, first, second, replaced('6.1', 1), alone));
    assert.deepEqual([kernel.revision, subjects(kernel)], [2, ['1 one', '2 two']]);
  });

  it('is the first of several; the others are named', async () => {
    const bob = 'Bob <bob@example.org>';
    const other = mail({ subject: '[PATCH v9 1/1] other', id: 'x', from: bob, parent: 'c' });
    const fix = mail({ subject: '[PATCH] fix', id: 'f', from: bob, parent: 'p1' });
    const series = await read(mbox(cover, first, second, other, fix));
    assert.deepEqual(subjects(series), ['1 one', '2 two']);
    assert.deepEqual(series.remarks, [
      'several series: v2 of "drm: title" (2 patches) is judged; --subject or --message-id chooses another',
      'another series skipped: v9 of "other" (1 patch)',
      'another series skipped: v1 of "fix" (1 patch)',
    ]);
  });

  it('keeps its patches where a newer revision has only a cover letter yet', async () => {
    const empty = mail({ subject: '[PATCH v3 0/2] drm: title', id: 'c3', parent: 'c', body: 'Soon.\n' });
    const series = await read(mbox(cover, first, second, empty));
    assert.deepEqual([series.revision, subjects(series)], [2, ['1 one', '2 two']]);
    assert.deepEqual(series.remarks, ['v3 of "drm: title" (0 patches) skipped: only its cover letter is there']);
  });

  it('may do without threads: a number that comes again begins another series', async () => {
    const titles = ['1/2] a', '2/2] b', '1/2] c', '2/2] d'];
    const series = await read(mbox(...titles.map((title) => mail({ subject: `[PATCH ${title}` }))));
    assert.deepEqual(subjects(series), ['1 a', '2 b']);
    assert.deepEqual(series.remarks, [
      'several series: v1 of "a" (2 patches) is judged; --subject or --message-id chooses another',
      'another series skipped: v1 of "c" (2 patches)',
    ]);
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

  it('are one patch where a later revision of the same sender has another title and the same files', async () => {
    const [one, two] = [
      mail({ subject: '[PATCH] misc: add kelp', body: `\n---\n${diffOf('kelp.c')}` }),
      mail({ subject: '[PATCH v2] misc: add an importer for kelp', body: `\n---\n${diffOf('kelp.c')}\n` }),
    ];
    const series = await read(mbox(one, two));
    assert.deepEqual(subjects(series), ['null misc: add an importer for kelp']);
    assert.deepEqual(series.remarks, [
      'v1 of "misc: add kelp" (1 patch) skipped: v2 is newer (the same series by its sender and files alone)',
    ]);
  });

  it('are two patches where both are of the first revision', async () => {
    const drafts = ['one', 'two'].map((title) =>
      mail({ subject: `[PATCH] misc: ${title}`, body: `\n---\n${title}\n${diffOf('kelp.c')}` }),
    );
    assert.equal((await read(mbox(...drafts))).patches.length, 2);
  });

  it('are read in their newest revision, each', async () => {
    const again = mail({ subject: '[PATCH v2] a', id: 'a2', body: `x\n---\n${diffOf('z.c')}` });
    const series = await read(
      mbox(mail({ subject: '[PATCH] a', id: 'a' }), again, mail({ subject: '[PATCH] b', id: 'b' })),
    );
    assert.deepEqual(subjects(series), ['null a', 'null b']);
    assert.equal(series.patches[0]?.revision, 2);
    assert.deepEqual(series.remarks, ['v1 of "a" (1 patch) skipped: v2 is newer']);
  });
});

describe('a patch that is attached to a reply', () => {
  /** A reply with attachments, each a file name and its text. */
  const reply = (...files: readonly (readonly [name: string, text: string])[]): string =>
    mail({
      subject: 'Re: [BUG] kelp: oops on detach',
      id: 'answer',
      headers: [
        'In-Reply-To: <report@x.example>',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary="cut"',
      ],
      body: [
        '--cut\nContent-Type: text/plain\n\nDoes this help?\n',
        ...files.map(
          ([name, text]) =>
            `--cut\nContent-Type: text/x-diff\nContent-Disposition: attachment; filename="${name}"\n\n${text}\n`,
        ),
        '--cut--\n',
      ].join('\n'),
    });
  const formatted = (subject: string, path: string): string =>
    `From 1234567890123456789012345678901234567890 Mon Sep 17 00:00:00 2001\n${mail({ subject, body: `why\n---\n${diffOf(path)}` }).replace(/^Message-I[dD]:.*\n/m, '')}`;

  it('is read where nobody sends one as a mail of its own', async () => {
    const series = await read(reply(['0001-kelp.patch', formatted('[PATCH] misc: kelp: no oops', 'kelp.c')]));
    assert.deepEqual(subjects(series), ['null misc: kelp: no oops']);
    assert.equal(series.patches[0]?.messageId, 'answer@example.org');
    assert.deepEqual(series.remarks, ['in0:1: the patch is attached to a reply: read']);
  });

  it('is read with the others of its series', async () => {
    const files = [1, 2].map(
      (n) => [`000${n}-kelp.patch`, formatted(`[PATCH ${n}/2] misc: kelp: step ${n}`, `kelp${n}.c`)] as const,
    );
    const series = await read(reply(...files));
    assert.deepEqual(subjects(series), ['1 misc: kelp: step 1', '2 misc: kelp: step 2']);
    assert.deepEqual(series.remarks, ['in0:1: 2 patches are attached to a reply: read']);
  });

  it('is no mail of its own in a mailbox, though it begins as one', async () => {
    const patch = mail({ subject: '[PATCH] misc: kelp', id: 'own', body: `x\n---\n${diffOf('kelp.c')}` });
    const better = reply(['0001-kelp.patch', formatted('[PATCH] misc: kelp: another way', 'other.c')]);
    const series = await read(mbox(patch, better, mail({ subject: 'Re: [PATCH] misc: kelp', body: 'Thanks.\n' })));
    assert.deepEqual(subjects(series), ['null misc: kelp']);
    assert.deepEqual(series.remarks, [
      `in0:${mbox(patch).split('\n').length}: "Re: [BUG] kelp: oops on detach" is a reply with a diff: skipped`,
      '1 reply without a patch skipped',
    ]);
    assert.deepEqual(subjects(await read(mbox(better))), ['null misc: kelp: another way']);
  });

  it('does not swallow the mails after one that is cut off', async () => {
    const cut = reply(['fix.diff', diffOf('other.c')]).replace('--cut--\n', '');
    const patch = mail({ subject: '[PATCH] misc: kelp', id: 'own', body: `x\n---\n${diffOf('kelp.c')}` });
    assert.deepEqual(subjects(await read(mbox(cut, patch))), ['null misc: kelp']);
  });

  it('may be a plain diff', async () => {
    const series = await read(reply(['fix.diff', diffOf('kelp.c')]));
    assert.deepEqual(subjects(series), ['null fix']);
    assert.match(series.patches[0]?.diff.toString() ?? '', /kelp\.c/);
  });

  it('is passed over where the patch itself is there', async () => {
    const patch = mail({ subject: '[PATCH] misc: kelp', id: 'own', body: `x\n---\n${diffOf('kelp.c')}` });
    const series = await read(mbox(patch, reply(['fix.diff', diffOf('other.c')])));
    assert.deepEqual(subjects(series), ['null misc: kelp']);
  });
});

describe('what is no series', () => {
  it('is refused in one line that says what to do', async () => {
    assert.match(await refusal(), /^no mail; name a mailbox/);
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
    assert.match(await refusal(talk), /in0: the mail has no patch/);
    const reply = mail({ subject: 'Re: [PATCH] a' });
    assert.match(await refusal(mbox(talk, reply)), /none of the 2 mails has a patch \(only replies hold a diff\)/);
    assert.match(await refusal(mail({ subject: '[PATCH 0/3] a', body: 'hi' })), /has no patch/);
  });

  it('is refused where it is larger than any series', onlyInCi, async () => {
    assert.match(await refusal(gzipSync(Buffer.alloc(65 << 20, 'a\n'))), /more than 64 MB/);
    const half = Buffer.concat([Buffer.from(mail({ subject: '[PATCH] a' })), Buffer.alloc(33 << 20, '\n')]);
    assert.match(await refusal(half, half), /in1: more than 64 MB/);
  });
});

describe('a mail that costs more than it is worth', () => {
  it('is not taken apart where it has 100,000 parts', async () => {
    const body = `--x\n\n${'\n--x\nContent-Type: text/plain\n\n.\n'.repeat(100_000)}--x--\n`;
    const many = mail({
      subject: '[PATCH 1/2] many',
      headers: ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="x"'],
      body,
    });
    const series = await read(mbox(many, mail({ subject: '[PATCH 2/2] two' })));
    assert.deepEqual(subjects(series), ['2 two']);
    assert.deepEqual(series.remarks, [
      'in0:1: "[PATCH 1/2] many" has no diff: skipped',
      'in0:1: "[PATCH 1/2] many": has more than 500 parts: it is not read',
    ]);
  });

  it('is refused where it holds more lines of a patch than anybody reads', onlyInCi, async () => {
    const lines = 4_000_001;
    const diff = `diff --git a/x.c b/x.c\n--- /dev/null\n+++ b/x.c\n@@ -0,0 +1,${lines} @@\n${'+\n'.repeat(lines)}`;
    assert.equal(await refusal(diff), 'in0:1: more than 4000000 lines of patches; give a shorter series');
  });

  it('is refused in a mailbox of more mails than any thread has', onlyInCi, async () => {
    const short = mbox(mail({ subject: 'talk', body: '.' }));
    assert.equal(await refusal(short.repeat(5001)), 'in0: more than 5000 mails; give the mails of one series only');
  });
});
