import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import {
  buildContract,
  compareNegotiations,
  foldMatrix,
  type Negotiation,
  negotiationOf,
} from '../../contract/index.js';
import { filesBelow, fixturesFolder } from '../../dev/examples/example-tree.js';
import { run } from '../../dev/examples/run-command.js';
import { openMemory } from '../../input/tree/tree.js';
import { matrixSection } from './matrix-table.js';

const root = join(fixturesFolder, 'invalidate-mappings');
const fixture = Object.fromEntries(filesBelow(root).map((file) => [file, readFileSync(join(root, file), 'utf8')]));

const heads = (page: string): readonly string[] =>
  [...page.matchAll(/<th scope="col" data-driver[^>]*>(.*?)<\/th>/g)].map(([, head = '']) =>
    head.replaceAll('<wbr>', ''),
  );

let table: Negotiation;
let page: string;

before(async () => {
  table = negotiationOf(await buildContract(openMemory('example', fixture)));
  page = matrixSection(table, null).markup;
});

describe('the table of the matrix page', () => {
  it('has a column for exporters that behave alike, and names them all', () => {
    const { groups } = foldMatrix(table);
    assert.ok(groups.length < table.exporters.length);
    assert.equal(heads(page).length, groups.length);
    for (const { name } of table.exporters) assert.ok(page.replaceAll('<wbr>', '').includes(`>${name}<`), name);
  });

  it('says of each cell that has changed what it was, and which sides are new', async () => {
    const changed = table.cells.find(({ verdict }) => verdict === 'unsafe');
    const other = table.importers.find(({ key }) => key !== changed?.importer);
    assert.ok(changed && other);
    const former: Negotiation = {
      ...table,
      importers: table.importers.filter((importer) => importer !== other),
      cells: table.cells
        .filter(({ importer }) => importer !== other.key)
        .map((cell) => (cell === changed ? { ...cell, verdict: 'works' } : cell)),
    };
    const marked = matrixSection(table, compareNegotiations(former, table)).markup;
    assert.equal(marked.match(/ changed"/g)?.length, 1);
    assert.match(
      marked,
      /<td class="unsafe changed" data-verdict="unsafe"><a [^>]*>.*?<span class="was">worse: was works<\/span>/,
    );
    const fresh = [...marked.matchAll(/<tr data-driver="([^"]*)"><th scope="row">[^\n]*?<span class="new">/g)];
    assert.deepEqual(
      fresh.map(([, words = '']) => words.split(' ')[0]),
      [other.name],
    );
    assert.doesNotMatch(page, /class="was"|class="new"/);
  });
});

describe('the findings on a page', () => {
  it('come with the worst first', async () => {
    const { stdout } = await run(['scan', join(fixturesFolder, 'marker-field'), '--format', 'html']);
    const severities = [...stdout.matchAll(/<article class="finding (\w+)"/g)].map(([, severity]) => severity);
    assert.deepEqual(severities, ['error', 'error', 'error', 'error', 'note']);
  });
});
