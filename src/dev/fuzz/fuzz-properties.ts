import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { rules } from '../../../rules/index.js';
import { openDiskCache } from '../../base/disk-cache.js';
import { UserError } from '../../base/errors.js';
import { formats, reportFormats } from '../../commands/formats/formats.js';
import { negotiationOf } from '../../contract/index.js';
import { parseDiff } from '../../input/diff/diff.js';
import { readMailSeries } from '../../input/mail/mail-series.js';
import { openMemory } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import { parseBaseline } from '../../lint/baseline/baseline-file.js';
import { checkConfig } from '../../lint/config/config.js';
import { defaultConfig } from '../../lint/index.js';
import { formatMatrixHtml } from '../../report/html/matrix-page.js';
import { formatText, scanReport } from '../../report/index.js';
import { formatMatrixText } from '../../report/matrix/matrix-text.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { judgeExample } from '../examples/example-series.js';
import { coreFiles, fixturesFolder } from '../examples/example-tree.js';
import { fixtureSources, hostilePieces, mutated } from './fuzz-inputs.js';
import * as surfaces from './fuzz-surfaces.js';

/** A property that holds for every input. */
export interface FuzzProperty {
  readonly name: string;
  readonly property: fc.IAsyncProperty<[string]>;
}

/** No input may take longer, in milliseconds of this process's own work: on a busy machine it waits for git, too. */
const longest = 20_000;
const longestWait = 300_000;

/** Wrong input must end in a UserError with a message of one line. Any other exception is a defect. */
async function survives(work: () => unknown): Promise<void> {
  const started = performance.now();
  const spent = process.cpuUsage();
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // What the message quotes may hold anything: it is escaped where it is shown.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    assert.doesNotMatch(escapeForTerminal(error.message), /[\u0000-\u001f\u007f]/);
  }
  const { user, system } = process.cpuUsage(spent);
  const [took, waited] = [(user + system) / 1000, performance.now() - started];
  assert.ok(took < longest && waited < longestWait, `took ${(took / 1000).toFixed(1)} s`);
}

const property = (name: string, texts: readonly string[], work: (text: string) => unknown): FuzzProperty => ({
  name,
  property: fc.asyncProperty(mutated(texts), (text) => survives(() => work(text))),
});

const core = Object.fromEntries(
  coreFiles.map((path) => [path, readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8')]),
);

/** Scans a tree with one more file, and formats the result in every format. */
async function scanAndShow(text: string): Promise<void> {
  const result = await lintTree(openMemory('fuzz', { ...core, 'drivers/fuzz.c': text }), rules, defaultConfig);
  const negotiation = negotiationOf(result.contract);
  const outcome = outcomeOf(result);
  const report = scanReport(outcome, { repository: null, changedLines: new Map() });
  const shown = [formatText(outcome, false), formatMatrixText(negotiation, { colour: false, traces: true })];
  for (const format of reportFormats) {
    // SARIF would read the pages of all rules each time. JUnit may hold control characters of a file name.
    if (format === 'sarif') continue;
    const output = await formats[format].report({ report, failOn: 'error' });
    if (format !== 'junit') shown.push(output);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  for (const output of shown) assert.doesNotMatch(output, /[\u0000-\u0008\u000b-\u001f\u007f]/);
  const page = formatMatrixHtml({ negotiation, report, changes: null, version: '0' });
  assert.equal([...page.matchAll(/<script\b/g)].length, 1);
}

/** Scans a tree whose dma-buf.h is damaged. */
async function scanWithHeader(text: string): Promise<void> {
  const files = { ...core, 'include/linux/dma-buf.h': text, 'drivers/a.c': fixtureSources()[0] ?? '' };
  await lintTree(openMemory('fuzz', files), rules, defaultConfig);
}

const mailbox = readFileSync(join(fixturesFolder, 'formats/series.mbox'), 'utf8');

async function readMails(text: string): Promise<void> {
  const series = await readMailSeries([{ name: 'fuzz.mbox', bytes: Buffer.from(text) }], process.env);
  for (const { diff } of series.patches) parseDiff(diff);
}

/** Applies what is left of a damaged series and judges it, in a scratch folder. */
async function judgeMails(text: string): Promise<void> {
  await judgeExample({ isBad: true, kind: 'series', code: text, options: {}, line: 1 }, rules, defaultConfig);
}

const configs = [
  '{"rules": {"pin-leak": "warning"}, "exclude": ["drivers/gpu/**"]}',
  '{"macros": ["__odd"], "markers": [{"field": "pinned_only", "setMeansCannot": true}]}',
];
const baselines = [
  `{"dmabuf-lint-baseline":1}\n{"file":"drivers/a.c","rule":"pin-leak","subject":"f","source":"x","occurrence":0,"message":"m","reason":"","fingerprint":"00"}\n`,
];

/**
 * The property for mutated files of a kernel tree.
 * @param files their texts
 */
export function kernelProperty(files: readonly string[]): FuzzProperty {
  return property('kernel files of any shape are scanned and shown', files, scanAndShow);
}

const cacheFolder = mkdtempSync(join(tmpdir(), 'fuzz-cache-'));
process.on('exit', () => rmSync(cacheFolder, { recursive: true, force: true }));
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

/** The properties for input from untrusted sources. */
export const fuzzProperties: readonly FuzzProperty[] = [
  property('C of any shape is scanned and shown', [...fixtureSources(), hostilePieces.join('\n'), ''], scanAndShow),
  property('a header of any shape is read', [core['include/linux/dma-buf.h'] ?? ''], scanWithHeader),
  property('mails of any shape are read', [mailbox], readMails),
  property('patches of any shape are applied and judged', [mailbox], judgeMails),
  property('diffs of any shape are read', [mailbox], (text) => parseDiff(Buffer.from(text))),
  property('a configuration of any shape is read', configs, (text) => readJson(text)),
  property('a cache entry of any shape is believed or dropped', [keptEntry], readCacheEntry),
  property('a baseline of any shape is read', baselines, (text) => parseBaseline(text, 'fuzz.jsonl')),
  property('an environment of any shape leads git nowhere', surfaces.environments, surfaces.checkEnvironment),
  property('a name of any shape is a word', surfaces.hostileNames, surfaces.checkName),
  property('links of any shape lead nowhere', surfaces.linkFarms, surfaces.checkLinks),
  property('mails of any structure are read', surfaces.mimeMails, surfaces.checkMime),
  property('binary patches of any shape are measured', surfaces.binaryPatches, surfaces.checkBinary),
  property('settings of any shape in a patch are told', surfaces.treeSettings, surfaces.checkSettings),
];

function readJson(text: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  checkConfig(
    value,
    'fuzz.json',
    rules.map(({ id }) => id),
  );
}
