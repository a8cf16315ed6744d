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
    const unknown = {
      file: 'drivers/dma-buf/dma-buf.c',
      line: 7,
      function: 'f',
      message: 'the role of f() is not known',
    };
    const none = {
      kernelVersion: null,
      callback: null,
      importers: [],
      exporters: [],
      cells: [],
      unknownApi: [unknown],
    };
    const page = compileMarkdown(matrixTree(none));
    assert.match(page, /0 importers, 0 exporters: there is no pair/);
    assert.match(page, /`drivers\/dma-buf\/dma-buf.c:7`: the role of f\(\) is not known/);
    assert.doesNotMatch(compileMarkdown(matrixTree({ ...none, unknownApi: [] })), /not known/i);
  });
});
