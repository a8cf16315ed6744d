import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { matrixHtml } from '../../commands/matrix/matrix-formats.js';
import { compareNegotiations, type Negotiation, negotiationOf } from '../../contract/index.js';
import { analysedKernel } from '../kernels/analysed-kernel.js';
import { kernelTree } from '../kernels/kernel-cache.js';
import { matrixReadings } from './readings-matrix.js';

const tables = new Map<string, Negotiation>();

before(async () => {
  for (const version of Object.keys(matrixReadings))
    tables.set(version, negotiationOf((await analysedKernel(version)).clean.contract));
});

const nameOf = (key: string): string => key.slice(key.lastIndexOf(':') + 1);

for (const [version, { exporters, rows }] of Object.entries(matrixReadings))
  describe(`the negotiation table of linux ${version}`, () => {
    it('says of each cell what was read in the source', () => {
      const { cells = [] } = tables.get(version) ?? {};
      const found = Object.fromEntries(
        Object.keys(rows).map((importer) => [
          importer,
          exporters.map(
            (exporter) =>
              cells.find((cell) => nameOf(cell.importer) === importer && nameOf(cell.exporter) === exporter)?.verdict,
          ),
        ]),
      );
      assert.deepEqual(found, rows);
    });

    it('has a reason and a trace in files of the tree for every cell', () => {
      const tree = kernelTree(version);
      const { cells = [] } = tables.get(version) ?? {};
      const files = new Set(cells.flatMap(({ trace }) => trace.map(({ file }) => file)));
      for (const { reason, trace } of cells) assert.ok(reason !== '' && trace.length > 0, reason);
      for (const file of files) assert.ok(readFileSync(join(tree, file)).length > 0, file);
    });
  });

describe('the change from linux 6.12 to 7.x', () => {
  it('shows VFIO, which refuses RDMA with pinned ops at attach', () => {
    const [before, after] = [tables.get('6.12'), tables.get('7.x')];
    assert.ok(before && after);
    const { sides } = compareNegotiations(before, after);
    const vfio = sides.find(({ name }) => name === 'vfio_pci_dmabuf_ops');
    assert.equal(vfio?.kind, 'new');
    const cell = vfio.cells.find(({ importer }) => nameOf(importer) === 'ib_umem_dmabuf_attach_pinned_ops');
    assert.equal(cell?.verdict, 'refused at attach');
    assert.match(cell.reason, /accepts only importers that can be revoked$/);
  });
});

describe('the page of linux 7.x', () => {
  it('can be mailed', async (context) => {
    const { clean: result } = await analysedKernel('7.x');
    const negotiation = negotiationOf(result.contract);
    const shown = { result, negotiation, before: null, colour: false, traces: false };
    const { length } = Buffer.from(await matrixHtml({ ...shown, repository: async () => null }));
    context.diagnostic(`${length} bytes`);
    assert.ok(length > 10_000 && length < 1_500_000);
  });
});
