import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import PostalMime from 'postal-mime';
import { rules } from '../../../rules/index.js';
import { errorCode, UserError } from '../../base/errors.js';
import { placeInTree } from '../../base/place-in-tree.js';
import { formats } from '../../commands/formats/formats.js';
import { parseDiff } from '../../input/diff/diff.js';
import { gitEnvironment } from '../../input/git/environment.js';
import { binarySize } from '../../input/git/patch-bounds.js';
import { readMailSeries } from '../../input/mail/mail-series.js';
import { addedEntries } from '../../lint/change/added-entries.js';
import { addedSettings } from '../../lint/change/added-settings.js';
import { parseConfig } from '../../lint/index.js';
import { hostileNames } from '../names/hostile-names.js';
import { reportOf } from '../names/hostile-report.js';

// What a stranger controls beside C and patches: each function takes any text, and throws where something does not hold.

export const environments: readonly string[] = [
  'GIT_DIR=/x\nGIT_INDEX_FILE=/x\nGIT_WORK_TREE=/x\nGIT_OBJECT_DIRECTORY=/x\nPATH=/bin\nHOME=/root',
  'GIT_CONFIG_COUNT=2\nGIT_CONFIG_KEY_0=core.fsmonitor\nGIT_CONFIG_VALUE_0=x\nGIT_CONFIG_KEY_1=safe.directory\nGIT_CONFIG_VALUE_1=/x',
  'git_dir=/x\nGit_Ssh_Command=x\nGIT_EXTERNAL_DIFF=x\nGIT_AUTHOR_NAME=x\n__proto__=x\nconstructor=y',
];

/** Git gets none of the caller's variables that lead it elsewhere. */
export function checkEnvironment(text: string): void {
  const lines = text.split('\n').map((line) => line.split('='));
  const env = gitEnvironment(Object.fromEntries(lines.map(([name = '', ...value]) => [name, value.join('=')])));
  const usual =
    /^GIT_(?:(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL)|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|(?:KEY|VALUE)_\d+)|OPTIONAL_LOCKS|TERMINAL_PROMPT|ATTR_NOSYSTEM|NO_LAZY_FETCH|PAGER)$/;
  for (const name of Object.keys(env)) if (/^git_/i.test(name)) assert.match(name, usual);
  for (const [name, value] of Object.entries(env))
    if (name.startsWith('GIT_CONFIG_KEY_')) assert.equal(value?.toLowerCase(), 'safe.directory');
}

export { hostileNames };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** A name is a word in the formats of lines, and in a mail. */
export async function checkName(text: string): Promise<void> {
  const name = text.slice(0, 4000);
  const report = reportOf(name);
  for (const format of ['gcc', 'checkpatch', 'github'] as const) {
    const output = await formats[format].report({ report, failOn: 'error' });
    assert.doesNotMatch(output, obeyed);
    const usual = await formats[format].report({ report: reportOf('x'), failOn: 'error' });
    assert.equal(output.split('\n').length, usual.split('\n').length);
  }
  const box = await formats.mail.report({ report, failOn: 'error' });
  assert.equal(box.match(/^From /gm)?.length, 1);
  const { headers, to } = await PostalMime.parse(box.slice(box.indexOf('\n') + 1));
  const known = /^(?:subject|to|in-reply-to|references|mime-version|content-type|content-transfer-encoding)$/;
  for (const { key } of headers) assert.match(key, known);
  assert.equal(new Set(headers.map(({ key }) => key)).size, headers.length);
  assert.ok((to ?? []).length <= 1);
}

export const linkFarms: readonly string[] = [
  'a -> .\na/b -> ..\nb -> a/a/a\nc/d -> ../../..\nc/e -> /etc',
  'x -> y\ny -> x\nz -> z/z\nq -> q/../..',
  'include/linux -> ../../../etc\nDocumentation -> /tmp',
];

/** What a tree of links calls inside lies inside. */
export function checkLinks(text: string): void {
  const top = mkdtempSync(join(tmpdir(), 'fuzz-links-'));
  const root = join(top, 'tree');
  mkdirSync(root);
  try {
    const lines = text.split('\n').slice(0, 20);
    const paths = lines.map((line) => makeLink(root, line));
    for (const path of paths) if (path !== null) checkPlace(root, path);
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

/** @returns the path of the link in the tree, whether or not it could be made */
function makeLink(root: string, line: string): string | null {
  const [from = '', to = ''] = line.split(' -> ');
  const path = join(root, `./${from.replaceAll('\0', '').slice(0, 200)}`);
  if (!path.startsWith(`${root}/`)) return null;
  try {
    const parent = placeInTree(root, dirname(path));
    if (parent.kind !== 'inside') return path;
    mkdirSync(parent.path, { recursive: true });
    symlinkSync(to.replaceAll('\0', '').slice(0, 200) || '.', path);
  } catch (error) {
    if (errorCode(error) === '') throw error;
  }
  return path;
}

function checkPlace(root: string, path: string): void {
  for (const below of [path, join(path, 'file.c'), join(path, 'a/b/c')]) {
    let place: ReturnType<typeof placeInTree>;
    try {
      place = placeInTree(root, below);
    } catch (error) {
      assert.ok(['ELOOP', 'ENAMETOOLONG', 'ENOTDIR'].includes(errorCode(error)), String(error));
      continue;
    }
    if (place.kind !== 'inside') continue;
    const real = nearestReal(place.path);
    assert.ok(real === realpathSync(root) || real?.startsWith(`${realpathSync(root)}/`), `${below}: ${real}`);
  }
}

/** The real path of the nearest folder that exists. */
function nearestReal(path: string): string | null {
  for (let at = path; at !== dirname(at); at = dirname(at))
    try {
      return realpathSync(at);
    } catch {}
  return null;
}

const head =
  'From x Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: [PATCH 1/1] x\nMessage-Id: <1@example.org>\nMIME-Version: 1.0\n';
const diff = 'diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n';
export const mimeMails: readonly string[] = [
  `${head}Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nwords\n--b\nContent-Type: text/x-patch\nContent-Transfer-Encoding: base64\n\n${Buffer.from(diff).toString('base64')}\n--b--\n`,
  `${head}Content-Type: text/plain; charset=utf-7\nContent-Transfer-Encoding: quoted-printable\n\n${diff.replaceAll('=', '=3D')}`,
  `${head}Content-Type: multipart/signed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\n${diff}\n--c--\n--a--\n`,
];

/** Mails of any structure are read, or refused in one line. */
export async function checkMime(text: string): Promise<void> {
  const series = await readMailSeries([{ name: 'fuzz.mbox', bytes: Buffer.from(text) }], process.env);
  for (const patch of series.patches) parseDiff(patch.diff);
}

export const binaryPatches: readonly string[] = [
  'diff --git a/x.bin b/x.bin\nnew file mode 100644\nindex 0000000..1111111\nGIT binary patch\nliteral 5\nMcmZQzfB*vk00aO8\n\nliteral 0\nHcmV?d00001\n\n',
  'diff --git a/x.bin b/x.bin\nindex 1111111..2222222 100644\nGIT binary patch\ndelta 12345678\nzcmeIVWmFu|\n\ndelta 1\nHcmV?d00001\n\n',
];

/** The size to which a binary patch inflates is known, or infinite, which refuses it. */
export function checkBinary(text: string): void {
  for (const file of parseDiff(Buffer.from(text))) {
    const size = binarySize(file);
    assert.ok(size >= 0, String(size));
  }
}

export const treeSettings: readonly string[] = [
  '{"rules": {"pin-leak": "off", "map-leak": "note"}, "exclude": ["drivers/gpu"]}',
  '{"macros": ["__odd"], "markers": [{"field": "pinned_only", "meaning": "cannot-revoke"}], "baseline": "x.jsonl"}',
  '{"version":1}\n{"file":"a.c","rule":"pin-leak","subject":"f","source":"x","occurrence":0,"message":"m","reason":"r"}\n',
];

/** What a configuration of any shape switches off is told, and one that cannot be read is told as well. */
export function checkSettings(text: string): void {
  const added = addedSettings({ path: 'dmabuf-lint.json', before: null, after: text }, rules);
  addedEntries({ path: 'dmabuf-lint-baseline.jsonl', before: null, after: text }, new Map());
  const kinds = new Set(added.map(({ kind }) => kind));
  for (const { line, column } of added) assert.ok(line >= 1 && column >= 1 && line <= text.split('\n').length);
  let config: ReturnType<typeof parseConfig>;
  try {
    config = parseConfig(
      text,
      'dmabuf-lint.json',
      rules.map(({ id }) => id),
    );
  } catch (error) {
    assert.ok(error instanceof UserError);
    assert.deepEqual([...kinds], ['unusable']);
    return;
  }
  assert.equal(kinds.has('rule-off'), Object.values(config.rules).includes('off'));
  assert.equal(kinds.has('exclusion'), config.exclude.length > 0);
  assert.equal(kinds.has('macro'), config.macros.length > 0);
  assert.equal(kinds.has('baseline'), config.baseline !== null);
  assert.equal(kinds.has('markers'), config.markers.length > 0);
}
