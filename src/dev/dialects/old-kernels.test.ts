import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { negotiationOf } from '../../contract/index.js';
import { openMemory } from '../../input/tree/tree.js';
import { factsOf, lintTree } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { actualFindings, expectedFindings, filesBelow, fixturesFolder } from '../examples/example-tree.js';

/** Scans a fixture tree with every file changed. */
async function scan(fixture: string, change: (text: string) => string = (text) => text) {
  const root = join(fixturesFolder, fixture);
  const files = filesBelow(root).map((path) => [path, change(readFileSync(join(root, path), 'utf8'))] as const);
  const result = await lintTree(openMemory(fixture, Object.fromEntries(files)), rules, defaultConfig);
  const { cells } = negotiationOf(result.contract);
  return {
    facts: factsOf(result),
    expected: files.flatMap(([path, text]) => expectedFindings(path, text)).sort(),
    cells: cells.map(
      ({ importer, exporter, verdict }) => `${importer.replace(/.*:/, '')} ${exporter.replace(/.*:/, '')} ${verdict}`,
    ),
  };
}

const noConvention = "no 'DOC: locking convention' in this tree: the reservation lock is not checked";

it('a tree as of Linux 5.4 has no callback, and its static importers and exporters are analysed', async () => {
  const { facts, expected, cells } = await scan('static-only');
  const { dialect, staticImporters, importers } = facts.inventory;
  assert.deepEqual([dialect.callback, dialect.notify, importers.length, staticImporters.length], [null, null, 0, 1]);
  assert.deepEqual(actualFindings(facts.findings), expected);
  assert.deepEqual(cells, ['static oxp_dmabuf_ops works']);
  assert.deepEqual(
    facts.notAnalysed.map(({ reason }) => reason),
    [noConvention],
  );
});

describe('a tree as of Linux 6.0, which requires the callback and maps at the attach', () => {
  const verdicts = ['ncb_ops pnx_dmabuf_ops refused at attach', 'static pnx_dmabuf_ops refused at pin'];

  it('has the findings and the matrix that its code deserves, and nobody is told of a lock', async () => {
    const { facts, expected, cells } = await scan('mapped-at-attach');
    assert.equal(facts.callbackRequired, true);
    assert.deepEqual(actualFindings(facts.findings), expected);
    assert.deepEqual(cells, verdicts);
    assert.deepEqual(
      facts.notAnalysed.map(({ reason }) => reason),
      [noConvention],
    );
  });

  it('has the same where kernel mappings have the name of Linux 5.15', async () => {
    const { facts, expected, cells } = await scan('mapped-at-attach', (text) =>
      text.replace(/\biosys_map\b/g, 'dma_buf_map'),
    );
    assert.deepEqual(actualFindings(facts.findings), expected);
    assert.deepEqual(cells, verdicts);
  });
});

it('a header that lost the ops of importers under a name that is not known is no tree of Linux 5.4', async () => {
  const lost = (text: string): string =>
    text.replace(/void \(\*move_notify\)\(struct dma_buf_attachment \*attach\);/, 'int state;');
  await assert.rejects(scan('mapped-at-attach', lost), /has no struct dma_buf_attach_ops with a move_notify/);
});
