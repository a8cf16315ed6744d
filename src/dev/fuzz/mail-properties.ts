import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type fc from 'fast-check';
import { parseDiff, pathTrouble } from '../../input/diff/diff.js';
import { binarySize, patchBounds, withinBounds } from '../../input/git/patch-bounds.js';
import { readBareDiff } from '../../input/mail/bare-diff.js';
import { hasTooManyParts, readHeaders, troublesOfParts } from '../../input/mail/mail-headers.js';
import { recognise, startOfDiff } from '../../input/mail/mail-kind.js';
import { readMailSeries } from '../../input/mail/mail-series.js';
import { oneLine, readSubject } from '../../input/mail/mail-subject.js';
import { fixturesFolder } from '../examples/example-tree.js';
import { mutated, mutatedLittle } from './fuzz-inputs.js';
import { type FuzzProperty, pureProperty, slowProperty } from './fuzz-property.js';

/** A mailbox with a series of patches. */
export const mailbox = readFileSync(join(fixturesFolder, 'formats/series.mbox'), 'utf8');

const plainDiff = 'diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n';
const diffs: readonly string[] = [
  plainDiff,
  'diff --git a/x/a.c b/y/b.c\nsimilarity index 90%\nrename from x/a.c\nrename to y/b.c\nindex 111..222 100644\n--- a/x/a.c\n+++ b/y/b.c\n@@ -1,3 +1,4 @@ int f(void)\n a\n-b\n+c\n+d\n e\n\\ No newline at end of file\n@@ -9 +10,0 @@\n-z\n',
  'diff --git "a/d\\303\\274.c" "b/d\\303\\274.c"\ndeleted file mode 120000\nindex 111..000\n--- "a/d\\303\\274.c"\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n-- \n2.39\n',
  '--- a/a.c\t2020-01-01\n+++ b/a.c\t2020-01-02\n@@ -0,0 +1,2 @@\n+a\n+b\ncopy from a\ncopy to b\nold mode 100644\nnew mode 100755\n',
];
const diffPieces: readonly string[] = [
  '+++ b/a.c\n',
  '--- /dev/null\n',
  'index 1..2 160000\n',
  '@@ -1,2 +1,2 @@\n',
  '+a\n',
  '-b\n',
  'Binary files a/x and b/x differ\n',
  'b/../x',
  '.git',
  '.GIT ',
  'git~1',
];

/** What a diff says lies in its text, in order; a path without trouble stays in the tree. */
function checkDiff(text: string): void {
  const bytes = Buffer.from(text);
  const files = parseDiff(bytes);
  let total = 0;
  for (const { oldPath, newPath, hunks, text: own } of files) {
    total += own.length;
    for (const { added, removed, oldStart, newStart } of hunks) {
      added.forEach(({ line }, index) => void assert.ok(line >= newStart && line > (added[index - 1]?.line ?? -1)));
      removed.forEach(({ line }, index) => void assert.ok(line >= oldStart && line > (removed[index - 1]?.line ?? -1)));
    }
    for (const path of [oldPath, newPath]) if (path !== null && pathTrouble(path) === undefined) checkPath(path);
  }
  assert.ok(total <= bytes.length);
  const { usable, refused } = withinBounds(files, () => 1000, { results: 0 }, patchBounds);
  assert.ok(usable.length <= files.length && refused.length > 0 === usable.length < files.length);
}

function checkPath(path: string): void {
  assert.ok(!path.startsWith('/') && !path.split('/').some((part) => ['', '.', '..'].includes(part)));
  assert.doesNotMatch(path, /(?:^|\/)\.git(?:$|\/)/i);
}

const binaryPatches: readonly string[] = [
  'diff --git a/x.bin b/x.bin\nnew file mode 100644\nindex 0000000..1111111\nGIT binary patch\nliteral 5\nMcmZQzfB*vk00aO8\n\nliteral 0\nHcmV?d00001\n\n',
  'diff --git a/x.bin b/x.bin\nindex 1111111..2222222 100644\nGIT binary patch\ndelta 12345678\nzcmeIVWmFu|\n\ndelta 1\nHcmV?d00001\n\n',
];
const binaryPieces = ['literal ', 'delta ', '99999999999', '+', ' ', '0x7fffffff', 'GIT binary patch\n', '\t'];

/** The size to which git would inflate a binary patch is known, or infinite, which refuses it. */
function checkBinary(text: string): void {
  for (const file of parseDiff(Buffer.from(text))) {
    const size = binarySize(file);
    assert.ok(size >= 0, String(size));
    if (!file.isBinary) continue;
    // Git reads the number with strtoul().
    for (const [, sign, digits] of file.text.toString('latin1').matchAll(/^(?:literal|delta) \s*([+-]?)(\d+)/gm))
      assert.ok(size >= (sign === '-' ? Number.POSITIVE_INFINITY : Number(digits)), `${size}: ${digits}`);
  }
}

const head =
  'From x Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: [PATCH 1/1] x\nMessage-Id: <1@example.org>\nMIME-Version: 1.0\n';
const mimeMails: readonly string[] = [
  `${head}Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nwords\n--b\nContent-Type: text/x-patch\nContent-Transfer-Encoding: base64\n\n${Buffer.from(plainDiff).toString('base64')}\n--b--\n`,
  `${head}Content-Type: text/plain; charset=utf-7\nContent-Transfer-Encoding: quoted-printable\n\n${plainDiff.replaceAll('=', '=3D')}`,
  `${head}Content-Type: multipart/signed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\n${plainDiff}\n--c--\n--a--\n`,
];
const mimePieces = [
  '--b\n',
  'boundary=',
  'charset=utf-16',
  '=?utf-8?q?=0A?=',
  '=?x?b?//?=',
  'multipart/',
  '\n\n',
  '\n ',
];

/** What is read of a mail without git: headers, parts, and where its diff begins. */
async function checkParts(text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const known = recognise({ name: 'fuzz.mbox', bytes });
  const start = startOfDiff(bytes);
  assert.ok(start === -1 || /^(?:diff --git |--- )/.test(bytes.toString('latin1', start, start + 11)));
  if (known.kind === 'diff') return void readBareDiff(known);
  const { subject, references, messageId } = await readHeaders(bytes);
  for (const one of [subject, ...references, messageId ?? '']) assert.equal(one, oneLine(one));
  if (!hasTooManyParts(bytes)) for (const one of await troublesOfParts(bytes)) assert.doesNotMatch(one, /\n/);
}

const subjects: readonly string[] = [
  'Re: [RFC PATCH net-next v2 03/10] drm: x',
  '[RFC][PATCH 3/8] dma-buf: y',
  '[list] Fwd: [PATCHv6 RESEND 1/2] [media] z',
];

function checkSubject(text: string): void {
  const { text: rest, number, total, revision } = readSubject(text);
  assert.equal(rest, oneLine(rest));
  assert.equal(number === null, total === null);
  for (const one of [number ?? 0, total ?? 0, revision]) assert.ok(Number.isInteger(one) && one >= 0 && one < 10_000);
}

async function readMails(text: string): Promise<void> {
  const { patches } = await readMailSeries([{ name: 'fuzz.mbox', bytes: Buffer.from(text) }], process.env);
  for (const { diff } of patches) parseDiff(diff);
}

const subjectTexts: fc.Arbitrary<string> = mutatedLittle(subjects, ['[', ']', 'v2', '1/2', 'Re:', 'PATCH', ' ']);

export const mailProperties: readonly FuzzProperty[] = [
  pureProperty('diffs of any shape are read', 9000, mutatedLittle(diffs, diffPieces), checkDiff),
  pureProperty('long diffs of any shape are read', 30, mutated([mailbox]), (text) => parseDiff(Buffer.from(text))),
  pureProperty(
    'binary patches of any shape are measured',
    7000,
    mutatedLittle(binaryPatches, binaryPieces),
    checkBinary,
  ),
  pureProperty('subjects of any shape are read', 7000, subjectTexts, checkSubject),
  slowProperty('mails of any structure are taken apart', 4000, mutatedLittle(mimeMails, mimePieces), checkParts),
  slowProperty('mails of any structure are read with git', 5, mutated(mimeMails), readMails),
  slowProperty('mails of any shape are read with git', 3, mutated([mailbox]), readMails),
];
