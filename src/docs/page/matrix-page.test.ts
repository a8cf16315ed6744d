import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { buildContract, negotiationOf } from '../../contract/index.js';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { openFolder } from '../../input/tree/tree.js';
import { compileMarkdown } from '../compile/markdown.js';
import { compileRest } from '../compile/rest.js';
import { matrixTree } from './matrix-page.js';

describe('the negotiation table', () => {
  it('as Markdown and as reST has a row for each importer', async () => {
    const table = negotiationOf(await buildContract(openFolder(join(fixturesFolder, 'invalidate-mappings'))));
    const page = matrixTree(table);
    for (const { name } of table.importers) {
      assert.ok(compileMarkdown(page).includes(`| \`${name}\` |`), name);
      assert.ok(compileRest(page).includes(`\`\`${name}\`\``), name);
    }
  });

  it('says where nobody can meet', () => {
    const none = { kernelVersion: null, callback: 'move_notify', importers: [], exporters: [], cells: [] };
    assert.match(compileMarkdown(matrixTree(none)), /0 importers, 0 exporters: there is no pair/);
  });
});
