import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { compareNegotiations, type Negotiation, negotiationOf } from '../../contract/index.js';
import { analysedKernel } from '../kernels/analysed-kernel.js';
import { kernelsFolder, kernelTree, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { cli } from '../run/run-cli.js';
import { matrixReadings } from './readings-matrix.js';

const tables = new Map<string, Negotiation>();
let folder: string;

before(async () => {
  folder = await makeWorkFolder(kernelsFolder());
  for (const version of Object.keys(matrixReadings))
    tables.set(version, negotiationOf((await analysedKernel(version)).clean.contract));
});
after(() => removeWorkFolder(folder));

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
    assert.match(cell.reason, /takes only importers that can be revoked$/);
  });
});

describe('the page of linux 7.x', () => {
  it('can be mailed', (context) => {
    const file = join(folder, 'matrix.html');
    const args = [cli, 'matrix', kernelTree('7.x'), '--format', 'html', '--output', file];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
    const { length } = readFileSync(file);
    context.diagnostic(`${length} bytes`);
    assert.ok(length < 1_500_000);
  });
});
