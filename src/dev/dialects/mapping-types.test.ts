import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { type Contract, listsInWords, type Negotiation, negotiationOf, opsOfKey } from '../../contract/index.js';
import { amendFiles } from '../../docs/comments/amend-files.js';
import { dialectFacts } from '../../docs/facts.js';
import { openMemory } from '../../input/tree/tree.js';
import { factsOf, lintTree } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { formatMatrixText } from '../../report/matrix/matrix-text.js';
import { actualFindings, expectedFindings, filesBelow, fixturesFolder } from '../examples/example-tree.js';

const root = join(fixturesFolder, 'mapping-types');
const files = Object.fromEntries(filesBelow(root).map((path) => [path, readFileSync(join(root, path), 'utf8')]));

/** Scans the fixture tree with every file changed. */
async function scan(change: (text: string) => string = (text) => text) {
  const tree = Object.entries(files).map(([path, text]) => [path, change(text)] as const);
  const result = await lintTree(openMemory('mapping-types', Object.fromEntries(tree)), rules, defaultConfig);
  return { facts: factsOf(result), table: negotiationOf(result.contract), contract: result.contract };
}

function cellOf({ cells }: Negotiation, importer: string, exporter: string) {
  const cell = cells.find((one) => opsOfKey(one.importer) === importer && opsOfKey(one.exporter) === exporter);
  assert.ok(cell, `${importer} x ${exporter}`);
  return cell;
}

/** The verdicts of an importer, and what it gets, by exporter. */
function rowOf({ cells }: Negotiation, importer: string): Readonly<Record<string, string>> {
  const row = cells.filter((cell) => opsOfKey(cell.importer) === importer);
  return Object.fromEntries(
    row.map(({ exporter, verdict, mappingTypes }) => [
      opsOfKey(exporter),
      [verdict, ...(mappingTypes ?? []).map((type) => type.replace(/^dma_buf_/, ''))].join(' '),
    ]),
  );
}

type Scanned = Awaited<ReturnType<typeof scan>>;

let plain: Scanned;
before(async () => {
  plain = await scan();
});

describe('a tree whose importers and exporters agree on a mapping type', () => {
  let facts: Scanned['facts'];
  let table: Negotiation;
  let contract: Contract;
  before(() => {
    ({ facts, table, contract } = plain);
  });

  it('has the findings that its code deserves, also in the ops of a type', () => {
    const expected = Object.entries(files).flatMap(([path, text]) => expectedFindings(path, text));
    assert.deepEqual(actualFindings(facts.findings), expected.sort());
  });

  it('has lists in arrays, macros, inline functions, entries alone, and built at run time', () => {
    const accepted = table.importers.map(({ name, mappingTypes }) => [
      name,
      ...(listsInWords(mappingTypes, 'importer') ?? []),
    ]);
    assert.deepEqual(accepted, [
      ['pho_ops', 'dma_buf_phys_type'],
      ['eit_ops', 'dma_buf_phys_type (on some paths), dma_buf_sgt_type'],
      ['hid_ops', "? (the list comes from member 'accepted')"],
      ['stub_ops', 'dma_buf_sgt_type (peer-to-peer)'],
      ['static importers (dma_buf_phys_type)', 'dma_buf_phys_type'],
      ['static importers', 'dma_buf_sgt_type'],
    ]);
    const offered = table.exporters.map(({ name, mappingTypes: types }) => [
      name,
      ...(listsInWords(types && [types], 'exporter') ?? []),
    ]);
    assert.deepEqual(offered, [
      ['blt_dmabuf_ops', 'dma_buf_sgt_type, dma_buf_phys_type (on some paths)'],
      ['phx_dmabuf_ops', 'dma_buf_phys_type'],
      ['plx_dmabuf_ops', 'dma_buf_sgt_type'],
      ['vrm_dmabuf_ops', 'dma_buf_phys_type, dma_buf_sgt_type (needs peer-to-peer)'],
    ]);
  });

  it('has a pair refused that has no type in common', () => {
    const { verdict, cause, reason } = cellOf(table, 'pho_ops', 'plx_dmabuf_ops');
    assert.deepEqual([verdict, cause], ['refused at attach', 'no common type']);
    assert.equal(
      reason,
      "no mapping type in common: 'pho_ops' accepts dma_buf_phys_type; 'plx_dmabuf_ops' offers dma_buf_sgt_type",
    );
  });

  it('has the type picked that the exporter prefers, and says where it is not known', () => {
    assert.deepEqual(rowOf(table, 'stub_ops'), {
      blt_dmabuf_ops: 'unsafe sgt_type',
      phx_dmabuf_ops: 'refused at attach',
      plx_dmabuf_ops: 'works sgt_type',
      vrm_dmabuf_ops: 'unsafe sgt_type',
    });
    // Its list has physical addresses on some paths only, and its tables of pages cannot be peer-to-peer.
    assert.deepEqual(rowOf(table, 'eit_ops'), {
      blt_dmabuf_ops: 'works sgt_type',
      phx_dmabuf_ops: 'unknown phys_type',
      plx_dmabuf_ops: 'works sgt_type',
      vrm_dmabuf_ops: 'unknown phys_type',
    });
    assert.equal(
      cellOf(table, 'eit_ops', 'phx_dmabuf_ops').reason,
      "they may have no mapping type in common: an entry is in the list on some paths only; 'eit_ops' accepts dma_buf_phys_type on some paths, dma_buf_sgt_type; 'phx_dmabuf_ops' offers dma_buf_phys_type",
    );
    assert.match(cellOf(table, 'hid_ops', 'phx_dmabuf_ops').reason, /; 'hid_ops' accepts types that are not known; /);
    const text = formatMatrixText(table, { colour: false, traces: false });
    assert.match(text, /^ {2}stub_ops gets dma_buf_sgt_type from 1, 2, 4$/m);
    assert.match(text, /^ {2}eit_ops gets dma_buf_sgt_type from 1, 4; dma_buf_phys_type from 2, 3$/m);
  });

  it('has a pair refused whose common type needs a peer-to-peer that the importer cannot do', async () => {
    const { table: without } = await scan((text) => text.replace('DMA_BUF_OFFER_PHYS(&vrm_phys_ops),', ''));
    const { verdict, cause, reason } = cellOf(without, 'eit_ops', 'vrm_dmabuf_ops');
    assert.deepEqual([verdict, cause], ['refused at attach', 'not peer-to-peer']);
    assert.equal(reason, "'vrm_dmabuf_ops' offers dma_buf_sgt_type only to importers that allow peer-to-peer");
    assert.equal(cellOf(without, 'stub_ops', 'vrm_dmabuf_ops').verdict, 'unsafe');
  });

  it('has the op that chooses documented, also where its comment is of one line', () => {
    const texts = amendFiles(contract)
      .files.map(({ after }) => after)
      .join('\n');
    assert.match(
      texts,
      /@match_mapping: choose a mapping[^\n]*\n\t \*\n\t \* A revocation concerns every mapping type/,
    );
    assert.equal(dialectFacts(contract).hasMappingTypes, true, 'the page has its part on them');
  });

  it('has a list that cannot be read told as a gap', () => {
    assert.deepEqual(
      facts.notAnalysed.map(({ file, reason }) => `${file}: ${reason}`),
      ["drivers/misc/hiddenimp.c: mapping types of importer 'hid_ops': the list comes from member 'accepted'"],
    );
    assert.match(cellOf(table, 'hid_ops', 'phx_dmabuf_ops').reason, /the list comes from member 'accepted'/);
  });
});

describe('a tree with other names for all of it', () => {
  const words = {
    dma_buf_mapping_match: 'zz_row',
    match_mapping: 'zz_choose',
    dma_buf_match_args: 'zz_question',
    dma_buf_mapping_attach: 'zz_join',
    dma_buf_match_mapping: 'zz_answer',
    dma_buf_sgt_exp_ops: 'zz_pages_ops',
    dma_buf_phys_map: 'zz_take',
    dma_buf_phys_unmap: 'zz_give',
    dma_buf_attach_ops: 'zz_importer',
    dma_buf_ops: 'zz_exporter',
    invalidate_mappings: 'zz_gone',
    type: 'zz_kind',
  };

  it('has the same verdicts and findings', async () => {
    const pattern = new RegExp(`\\b(?:${Object.keys(words).join('|')})\\b`, 'g');
    const renamed = await scan((text) =>
      text.replace(pattern, (word) => Object.entries(words).find(([old]) => old === word)?.[1] ?? word),
    );
    assert.equal(renamed.facts.notAnalysed.length, plain.facts.notAnalysed.length);
    assert.deepEqual(actualFindings(renamed.facts.findings), actualFindings(plain.facts.findings));
    assert.equal(renamed.facts.inventory.dialect.callback, 'zz_gone');
    const verdicts = ({ table: { cells } }: Scanned): readonly string[] =>
      cells.map((cell) => `${cell.importer} ${cell.exporter} ${cell.verdict} ${cell.mappingTypes}`);
    assert.deepEqual(verdicts(renamed), verdicts(plain));
  });
});
