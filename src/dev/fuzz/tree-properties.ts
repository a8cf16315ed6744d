import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../../rules/index.js';
import { formats, reportFormats } from '../../commands/formats/formats.js';
import { negotiationOf } from '../../contract/index.js';
import { openMemory } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { formatMatrixHtml } from '../../report/html/matrix-page.js';
import { formatText, scanReport } from '../../report/index.js';
import { formatMatrixText } from '../../report/matrix/matrix-text.js';
import { judgeExample } from '../examples/example-series.js';
import { coreFiles, fixturesFolder } from '../examples/example-tree.js';
import { fixtureSources, hostilePieces, mutated } from './fuzz-inputs.js';
import { type FuzzProperty, slowProperty } from './fuzz-property.js';
import { mailbox } from './mail-properties.js';

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

/** Applies what is left of a damaged series and judges it, in a scratch folder. */
async function judgeMails(text: string): Promise<void> {
  await judgeExample({ isBad: true, kind: 'series', code: text, options: {}, line: 1 }, rules, defaultConfig);
}

/**
 * The property for mutated files of a kernel tree.
 * @param files their texts
 */
export function kernelProperty(files: readonly string[]): FuzzProperty {
  return slowProperty('kernel files of any shape are scanned and shown', 4, mutated(files), scanAndShow);
}

const shapes = mutated([...fixtureSources(), hostilePieces.join('\n'), '']);

export const treeProperties: readonly FuzzProperty[] = [
  slowProperty('C of any shape is scanned and shown', 4, shapes, scanAndShow),
  slowProperty('a header of any shape is read', 4, mutated([core['include/linux/dma-buf.h'] ?? '']), scanWithHeader),
  slowProperty('patches of any shape are applied and judged', 1, mutated([mailbox]), judgeMails),
];
