import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diffOf, mail, mbox, read, subjects } from '../../dev/series/mail-drafts.js';

/** How a mail program sends a patch: further headers, and what becomes of the text. */
interface Client {
  readonly headers: readonly string[];
  readonly body: (text: string) => string;
}

const base64 = (text: string): string =>
  (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\n');
const quoted = (text: string): string => text.replace(/=/g, '=3D').replace(/ $/gm, '=20');
const part = (headers: string, text: string): string => `--b\n${headers}\n\n${text}\n`;
const multipart = (kind: string): readonly string[] => [
  'MIME-Version: 1.0',
  `Content-Type: multipart/${kind}; boundary="b"`,
];

const clients: Readonly<Record<string, Client>> = {
  'git send-email': {
    headers: ['X-Mailer: git-send-email 2.43.0', 'Content-Transfer-Encoding: 8bit'],
    body: (text) => text,
  },
  'a quoting mailer': {
    headers: [
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
    ],
    body: quoted,
  },
  Outlook: {
    headers: [...multipart('alternative'), 'X-Mailer: Microsoft Outlook 16.0', 'Thread-Index: AQHa'],
    body: (text) =>
      `${part('Content-Type: text/plain; charset="us-ascii"\nContent-Transfer-Encoding: base64', base64(text.replace(/\n/g, '\r\n')))}${part('Content-Type: text/html', '<html><body>patch</body></html>')}--b--\n`,
  },
  Thunderbird: {
    headers: [
      'User-Agent: Mozilla Thunderbird',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=UTF-8; format=flowed',
    ],
    body: (text) => text.replace(/^ /gm, '  '),
  },
  'mutt, signed': {
    headers: multipart('signed; micalg=pgp-sha256; protocol="application/pgp-signature"'),
    body: (text) =>
      `${part('Content-Type: text/plain; charset=us-ascii\nContent-Disposition: inline', text)}${part('Content-Type: application/pgp-signature; name="signature.asc"', '-----BEGIN PGP SIGNATURE-----')}--b--\n`,
  },
  'mutt, attached': {
    headers: multipart('mixed'),
    body: (text) => {
      const [message = '', diff = ''] = text.split('\n---\n');
      return `${part('Content-Type: text/plain; charset=us-ascii', message)}${part('Content-Type: text/x-diff\nContent-Disposition: attachment; filename="a.patch"', `---\n${diff}`)}--b--\n`;
    },
  },
};

describe('two revisions of a series in a mailbox of many', () => {
  const names = Object.keys(clients);
  /** Both revisions by one program, with a reply to the first. */
  const revisions = (name: string, { headers, body }: Client): readonly string[] => {
    const id = name.replace(/\W/g, '');
    const from = `${id} <${id}@example.org>`;
    const sent = (version: string, text: string): string =>
      mail({
        subject: `[PATCH${version}] ${id}: ${version === '' ? 'a title' : 'another title'}`,
        id: `${id}${version.trim()}`,
        from,
        headers,
        body: body(`Why.\n\nSigned-off-by: ${from}\n---\n ${id}.c | 2 +-\n\n${diffOf(`${id}.c`, text)}`),
      });
    const reply = mail({ subject: `Re: [PATCH] ${id}: a title`, id: `re${id}`, parent: id, body: '> +old\nNo.\n' });
    return [sent('', 'first = 1;'), reply, sent(' v2', 'second = 2;')];
  };

  it('is read in the newer one, by whatever program it was sent, and all others are told', async () => {
    const mails = names.flatMap((name) => revisions(name, clients[name] ?? { headers: [], body: (text) => text }));
    const series = await read(mbox(...mails));
    const ids = names.map((name) => name.replace(/\W/g, ''));
    assert.deepEqual(
      subjects(series),
      ids.map((id) => `null ${id}: another title`),
    );
    // What other parts of the mail say follows the diff: git passes over it.
    for (const [index, { diff }] of series.patches.entries())
      assert.ok(diff.toString().startsWith(diffOf(`${ids[index]}.c`, 'second = 2;')), names[index]);
    for (const id of ids)
      assert.ok(
        series.remarks.includes(
          `v1 of "${id}: a title" (1 patch) skipped: v2 is newer (the same series by its sender and files alone)`,
        ),
        series.remarks.join('\n'),
      );
  });
});
