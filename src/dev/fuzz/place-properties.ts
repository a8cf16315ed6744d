import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { openDiskCache } from '../../base/disk-cache.js';
import { errorCode } from '../../base/errors.js';
import { placeInTree } from '../../base/place-in-tree.js';
import { gitEnvironment } from '../../input/git/environment.js';
import { mutated, mutatedLittle } from './fuzz-inputs.js';
import { type FuzzProperty, pureProperty } from './fuzz-property.js';

const top = mkdtempSync(join(tmpdir(), 'fuzz-'));
process.on('exit', () => rmSync(top, { recursive: true, force: true }));

const environments: readonly string[] = [
  'GIT_DIR=/x\nGIT_INDEX_FILE=/x\nGIT_WORK_TREE=/x\nGIT_OBJECT_DIRECTORY=/x\nPATH=/bin\nHOME=/root',
  'GIT_CONFIG_COUNT=2\nGIT_CONFIG_KEY_0=core.fsmonitor\nGIT_CONFIG_VALUE_0=x\nGIT_CONFIG_KEY_1=safe.directory\nGIT_CONFIG_VALUE_1=/x',
  'git_dir=/x\nGit_Ssh_Command=x\nGIT_EXTERNAL_DIFF=x\nGIT_AUTHOR_NAME=x\n__proto__=x\nconstructor=y',
];
const variables =
  'GIT_DIR GIT_CONFIG_PARAMETERS GIT_CONFIG_COUNT=1e3 GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_NAMESPACE GIT_SSH GIT_ASKPASS GIT_TRACE=/x GIT_CEILING_DIRECTORIES GIT_ATTR_SOURCE GIT_QUARANTINE_PATH GIT_COMMON_DIR GIT_CONFIG_KEY_2=alias.x'
    .split(' ')
    .map((name) => `\n${name}=`);

/** Git gets none of the caller's variables that lead it elsewhere. */
function checkEnvironment(text: string): void {
  const lines = text.split('\n').map((line) => line.split('='));
  const env = gitEnvironment(Object.fromEntries(lines.map(([name = '', ...value]) => [name, value.join('=')])));
  const usual =
    /^GIT_(?:(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL)|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|(?:KEY|VALUE)_\d+)|OPTIONAL_LOCKS|TERMINAL_PROMPT|ATTR_NOSYSTEM|NO_LAZY_FETCH|PAGER)$/;
  for (const name of Object.keys(env)) if (/^git_/i.test(name)) assert.match(name, usual);
  for (const [name, value] of Object.entries(env))
    if (name.startsWith('GIT_CONFIG_KEY_')) assert.equal(value?.toLowerCase(), 'safe.directory');
}

/** Links, one on a line. */
const linkFarms: readonly string[] = [
  'a -> .\na/b -> ..\nb -> a/a/a\nc/d -> ../../..\nc/e -> /etc',
  'x -> y\ny -> x\nz -> z/z\nq -> q/../..',
  'include/linux -> ../../../etc\nDocumentation -> /tmp',
];
const linkName = fc.constantFrom('a', 'b', 'a/b', 'a/b/c', 'b/a', 'c', 'include/linux', '.', 'é');
const linkGoal = fc.constantFrom(
  'a',
  'b',
  '.',
  '..',
  '../..',
  '../tree',
  '/',
  '/tmp',
  'a/..',
  'b/../..',
  './b/',
  '../a',
  '',
);
const farms: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(fc.tuple(linkName, linkGoal), { minLength: 1, maxLength: 6 })
    .map((links) => links.map((link) => link.join(' -> ')).join('\n')),
  mutatedLittle(linkFarms, [' -> ', '../', '/', '\n']),
);

/** What a tree of links calls inside lies inside. */
function checkLinks(text: string): void {
  const folder = mkdtempSync(join(top, 'links-'));
  const root = join(folder, 'tree');
  mkdirSync(root);
  try {
    const lines = text.split('\n').slice(0, 20);
    const paths = lines.map((line) => makeLink(root, line));
    for (const path of paths) if (path !== null) checkPlace(root, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
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

const cacheFolder = join(top, 'cache');
const kept = JSON.stringify({ findings: ['one', 'two'], stats: { filesSeen: 1 } });
const keptEntry = entryOf(kept);

/** The cache file for a text. */
function entryOf(text: string): string {
  openDiskCache(cacheFolder, 'fuzz', { entries: 10, bytes: 1 << 20 }).put('key', text);
  return readFileSync(join(cacheFolder, readdirSync(cacheFolder)[0] ?? ''), 'utf8');
}

/** The cache must drop a damaged entry, and return an undamaged one. */
function readCacheEntry(text: string): void {
  entryOf(kept);
  const path = join(cacheFolder, readdirSync(cacheFolder)[0] ?? '');
  writeFileSync(path, text);
  const found = openDiskCache(cacheFolder, 'fuzz', { entries: 10, bytes: 1 << 20 }).get('key');
  assert.equal(found, text === keptEntry ? kept : undefined);
  assert.equal(readdirSync(cacheFolder).length, text === keptEntry ? 1 : 0);
}

export const placeProperties: readonly FuzzProperty[] = [
  pureProperty(
    'an environment of any shape leads git nowhere',
    7000,
    mutatedLittle(environments, variables),
    checkEnvironment,
  ),
  pureProperty('links of any shape lead nowhere', 150, farms, checkLinks),
  pureProperty('a cache entry of any shape is believed or dropped', 40, mutated([keptEntry]), readCacheEntry),
];
