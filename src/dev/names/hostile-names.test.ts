import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import PostalMime from 'postal-mime';
import { formats, reportFormats } from '../../commands/formats/formats.js';
import { formatSarif } from '../../report/formats/sarif.js';
import { html } from '../../report/html/markup.js';
import { formatMail } from '../../report/series/mail.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { hostileNames } from './hostile-names.js';
import { reportOf } from './hostile-report.js';

const shown = (name: string): string => JSON.stringify(name.slice(0, 60));

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const commands = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** What a terminal does with a text beside writing it: control characters, and characters that turn its direction. */
function obeyed(text: string): readonly string[] {
  return text.match(commands) ?? [];
}

const written = new Map<string, Promise<string>>();
function write(format: (typeof reportFormats)[number], name: string): Promise<string> {
  const key = `${format} ${name}`;
  const text =
    written.get(key) ??
    // The pages of the rules, which SARIF lists, are our own text.
    (format === 'sarif'
      ? Promise.resolve(formatSarif(reportOf(name), { version: '0.0.0', rules: [] }))
      : formats[format].report({ report: reportOf(name), failOn: 'error' }));
  written.set(key, text);
  return text;
}

describe('a name from outside', () => {
  it('is no command for a terminal in any format', async () => {
    for (const format of reportFormats)
      for (const name of hostileNames)
        assert.deepEqual(obeyed(await write(format, name)), [], `${format}: ${shown(name)}`);
  });

  it('adds no line to formats in which a line means something', async () => {
    for (const format of ['gcc', 'checkpatch', 'b4', 'nipa', 'github'] as const) {
      const lines = (await write(format, 'x')).split('\n').length;
      for (const name of hostileNames)
        assert.equal((await write(format, name)).split('\n').length, lines, `${format}: ${shown(name)}`);
    }
  });

  it('is one property or message of a GitHub command', async () => {
    const [finding = '', gap = ''] = (await write('github', 'x')).split('\n');
    const names = (line: string): readonly string[] => [...line.matchAll(/[ ,](\w+)=/g)].map(([, key = '']) => key);
    for (const name of hostileNames) {
      const lines = (await write('github', name)).split('\n');
      for (const [index, usual] of [finding, gap].entries()) {
        // The runner splits at the first `::` after the command, and the properties at commas.
        const properties = /^::\w+ (.*?)::/.exec(lines[index] ?? '')?.[1] ?? '';
        const keys = properties.split(',').map((one) => one.split('=', 1)[0]);
        assert.deepEqual(keys, names(` ${/^::\w+ (.*?)::/.exec(usual)?.[1] ?? ''}`), shown(name));
      }
    }
  });

  it('is a text in the formats of JSON', async () => {
    for (const format of ['sarif', 'gitlab', 'b4-review'] as const)
      for (const name of hostileNames) {
        const value: unknown = JSON.parse(await write(format, name));
        assert.deepEqual(keysOf(value), keysOf(JSON.parse(await write(format, 'x'))), `${format}: ${shown(name)}`);
      }
  });

  const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;
  it('is a text in JUnit, as xmllint reads it', { skip: hasXmllint ? false : 'xmllint is not there' }, async () => {
    const count = (documents: readonly string[]): number => {
      const input = `<all>${documents.map((text) => text.replace(/^<\?xml.*\n/, '')).join('')}</all>`;
      const args = ['--noent', '--huge', '--xpath', 'count(/all//*)', '-'];
      const { stdout, stderr, status } = spawnSync('xmllint', args, { input, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      return Number(stdout);
    };
    const all = await Promise.all(hostileNames.map((name) => write('junit', name)));
    assert.equal(count(all), all.length * count([await write('junit', 'x')]));
  });

  for (const name of hostileNames)
    it(`is a word in a mail, as postal-mime reads it: ${shown(name)}`, async () => {
      const box = formatMail(reportOf(name));
      const begins = box.split('\n').filter((line) => line.startsWith('From '));
      assert.equal(begins.length, 1, 'one mail');
      const head = box.slice(0, box.indexOf('\n\n'));
      for (const line of head.split('\n')) assert.ok(line.length <= 998, 'a line of a header is not too long');
      assert.match(head, /^[\x20-\x7e\n]*$/, 'a header is ASCII');
      const mail = await PostalMime.parse(box.slice(box.indexOf('\n') + 1));
      const usual = [
        'subject',
        'to',
        'in-reply-to',
        'references',
        'mime-version',
        'content-type',
        'content-transfer-encoding',
      ];
      for (const { key } of mail.headers) assert.ok(usual.includes(key), key);
      assert.equal(new Set(mail.headers.map(({ key }) => key)).size, mail.headers.length, 'each header once');
      const one = escapeForTerminal(name.replace(/\s+/g, ' ')).trim();
      assert.equal(mail.subject, `Re: [PATCH] ${one}`.replace(/\p{Surrogate}/gu, '\ufffd').trim());
      assert.ok((mail.to ?? []).length <= 1, 'one recipient at most');
      assert.equal(mail.attachments.length, 0);
    });

  const people: Readonly<Record<string, string>> = {
    'A. Developer <dev@example.org>': 'A. Developer',
    'Doe, John <dev@example.org>': 'Doe, John',
    '"Doe, John" <dev@example.org>': 'Doe, John',
    'J\u00fcrgen "J" M\u00fcller <dev@example.org>': 'J\u00fcrgen "J" M\u00fcller',
    'x <a@example.org>, y <dev@example.org>': 'x <a@example.org>, y',
    'group: a; <dev@example.org>': 'group: a;',
    'a (b <dev@example.org>': 'a (b',
  };
  for (const [author, expected] of Object.entries(people))
    it(`of an author is one recipient: ${author}`, async () => {
      const report = reportOf('x');
      const [group] = report.groups;
      assert.ok(group?.patch);
      const box = formatMail({ ...report, groups: [{ ...group, patch: { ...group.patch, author } }] });
      const { to } = await PostalMime.parse(box.slice(box.indexOf('\n') + 1));
      assert.deepEqual(
        to?.map(({ name, address }) => [name, address]),
        [[expected, 'dev@example.org']],
      );
    });

  it('is text in HTML, also in an attribute', () => {
    const page = (name: string): string => html`<p title="${name}" id=x><code>${name}</code></p><!-- end -->`.markup;
    for (const name of hostileNames) {
      const markup = page(name);
      assert.deepEqual(obeyed(markup), [], shown(name));
      assert.deepEqual(
        markup.match(/<[^>]*>|["']/g)?.map((tag) => tag.replace(/title="[^"]*"/, 'title')),
        page('x')
          .match(/<[^>]*>|["']/g)
          ?.map((tag) => tag.replace(/title="[^"]*"/, 'title')),
        shown(name),
      );
    }
  });
});

/** The paths of all keys of a JSON value. */
function keysOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, one]) => keysOf(one, `${path}.${key}`));
}
