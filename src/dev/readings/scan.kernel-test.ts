import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { before, describe, it } from 'node:test';
import { dmaBufCore } from '../../kernel/index.js';
import { freeProcessors } from '../../lint/analysis.js';
import { attachCallsBySpatch, type Census, takeCensus } from '../kernels/census.js';
import { kernelTree } from '../kernels/kernel.js';
import { type KernelScan, scanOfKernel } from '../kernels/kernel-scan.js';
import { oneOfSome } from '../run/cases.js';
import type { Series } from './reading.js';
import {
  exporterDifferences,
  importerDifferences,
  type ScannedExporter,
  type ScannedImporter,
} from './reading-differences.js';
import { neverUsers, readingOf } from './readings.js';
import { judgements } from './validation.js';

type Scan = KernelScan['result'];

// The resident memory of both processes at their peaks; what they share is counted twice. Measured on 7.3: 430 to 450 when
// the scan runs alone, and 160 more for each thread that follows paths. The bound catches what holds a tree's texts or
// syntax trees; a slow growth shows in `npm run bench`.
const mostMegabytes = 600 + 200 * Math.min(2, freeProcessors());

interface Expectation {
  readonly importers: number;
  /** The series whose readings hold. */
  readonly series: Series;
  /** Whether its tree must be in the cache. The tests of other kernels are skipped if it is not. */
  readonly required: boolean;
}

const kernels: Readonly<Record<string, Expectation>> = {
  '5.10': { importers: 1, series: '5.10', required: false },
  '6.1': { importers: 3, series: '6.1', required: false },
  '6.12': { importers: 6, series: '6.12', required: true },
  '7.2': { importers: 8, series: '7.2', required: false },
  '7.x': { importers: 8, series: '7.3', required: true },
};

/** The expected errors and warnings of a series, from the readings. */
function judged(tree: Series): readonly string[] {
  return judgements
    .filter(({ trees }) => trees.includes(tree))
    .flatMap(({ severity, confidence, rule, file, times }) =>
      Array.from({ length: times }, () => `${severity} ${confidence} ${rule} ${file}`),
    )
    .sort();
}

/** The tree of a version, or why there is none. */
function treeOf(version: string): { readonly root: string } | { readonly missing: string } {
  try {
    return { root: kernelTree(version) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

for (const [version, expected] of Object.entries(kernels)) {
  const found = treeOf(version);
  const { skip = false } =
    'missing' in found && !expected.required ? { skip: found.missing } : oneOfSome(expected.required);
  describe(`kernel ${version}`, { skip }, () => {
    const root = 'root' in found ? found.root : '';
    let run: KernelScan['run'];
    let scan: Scan;
    let census: Census;

    before(async () => {
      if ('missing' in found) throw new Error(found.missing);
      ({ run, result: scan } = await scanOfKernel(version));
      census = await takeCensus(root);
    });

    it('runs, and within the memory that it may take', (context) => {
      const { filesSeen, filesParsed, functions } = scan.stats;
      context.diagnostic(
        `linux ${scan.tree.kernelVersion}: ${filesSeen} files seen, ${filesParsed} parsed, ${functions} functions; ` +
          `${run.seconds.toFixed(1)} s (${(scan.stats.milliseconds / 1000).toFixed(1)} s of analysis), ${run.peakMegabytes} MB at most`,
      );
      assert.equal(run.stderr, '');
      assert.equal(run.exitCode, judged(expected.series).some((line) => line.startsWith('error')) ? 1 : 0);
      assert.ok(run.peakMegabytes <= mostMegabytes, `${run.peakMegabytes} MB are more than ${mostMegabytes} MB`);
    });

    it('has every importer, as ctags and plain text count them', () => {
      assert.equal(census.importerOps.length, expected.importers);
      const missing = notIn(census.importerOps, tablesOf(scan.importers), scan);
      assert.deepEqual(missing, []);
      assert.equal(scan.importers.length, expected.importers);
    });

    it('has every exporter, as ctags and plain text count them', (context) => {
      context.diagnostic(
        `${census.exporterOps.length} exporters by ctags and plain text, ${scan.exporters.length} by the scan`,
      );
      assert.ok(census.exporterOps.length >= 18);
      assert.deepEqual(notIn(census.exporterOps, tablesOf(scan.exporters), scan), []);
      assert.deepEqual(
        [...tablesOf(scan.exporters)].filter((table) => !census.exporterOps.includes(table)),
        [],
      );
    });

    it('has every attach, as plain text and Coccinelle count them', async (context) => {
      const files = [...new Set(census.attachCalls.map((place) => place.replace(/:\d+$/, '')))];
      const bySpatch = await attachCallsBySpatch(root, files);
      // The core's own call, in its wrapper dma_buf_attach(), is no importer.
      const all = [...new Set([...census.attachCalls, ...bySpatch])]
        .filter((at) => !at.startsWith(`${dmaBufCore}:`))
        .sort();
      context.diagnostic(`${census.attachCalls.length} attach calls by plain text, ${bySpatch.length} by spatch`);
      assert.ok(bySpatch.length >= 10);
      const known = new Set(
        [
          ...scan.importers.flatMap((importer) => importer.attachSites),
          ...scan.staticImporters,
          ...scan.notAnalysed,
        ].map(({ file, line }) => `${file}:${line}`),
      );
      assert.deepEqual(
        all.filter((place) => !known.has(place)),
        [],
      );
    });

    it('agrees with what was read of every importer', () => {
      const { importers } = reading(root);
      assert.deepEqual(scan.importers.map(({ ops }) => ops).sort(), importers.map(({ ops }) => ops).sort());
      assert.deepEqual(
        importers.flatMap((wanted) => importerDifferences(wanted, byOps(scan.importers, wanted.ops))),
        [],
      );
    });

    it('agrees with what was read of the exporters that matter', () => {
      const { exporters } = reading(root);
      assert.deepEqual(
        exporters.flatMap((wanted) => exporterDifferences(wanted, byOps(scan.exporters, wanted.ops))),
        [],
      );
      const others = scan.exporters.filter(({ ops }) => !exporters.some((wanted) => wanted.ops === ops));
      const notPlain = others.filter(
        (exporter) => exporter.pinPolicy !== 'none' || exporter.revokes || exporter.invalidates.length > 0,
      );
      assert.deepEqual(
        notPlain.map(({ ops }) => ops),
        [],
      );
    });

    it('reports the errors and warnings that were read in the source, and no other', () => {
      const findings = scan.findings.filter(({ severity }) => severity !== 'note');
      assert.deepEqual(
        findings.map(({ severity, confidence, rule, file }) => `${severity} ${confidence} ${rule} ${file}`).sort(),
        judged(expected.series),
      );
    });

    // Where other paths go on, none contradicts itself: 'no path was found' is not among the reasons.
    it('names what it could not follow, and it is little', () => {
      const reasons = scan.notAnalysed.map(({ reason }) => reason);
      const known =
        /^not every path was followed: more than \d+ (?:steps|exits of \w+\(\))$|^it is unknown whether the reservation lock is held at|^no 'DOC: locking convention' in this tree/;
      assert.deepEqual(
        reasons.filter((reason) => !known.test(reason) && !/cannot be parsed/.test(reason)),
        [],
      );
      assert.ok(reasons.length <= 25, `${reasons.length} are not analysed`);
      assert.equal(
        reasons.some((reason) => reason.startsWith("no 'DOC: locking")),
        version === '5.10' || version === '6.1',
      );
    });

    if (version === '6.12') {
      it('traces the pinned importer: attach, ops, pin, callback', () => {
        const [finding] = scan.findings.filter(({ rule }) => rule === 'pinned-importer-unmarked');
        const steps = finding?.trace.map(({ message }) => message) ?? [];
        const marks = [
          /attach.*ib_umem_dmabuf_get_with_dma_device/,
          /ops.*ib_umem_dmabuf_attach_pinned_ops/,
          /pin.*ib_umem_dmabuf_get_pinned_and_lock/,
          /ib_umem_dmabuf_unsupported_move_notify/,
        ];
        const positions = marks.map((mark) => steps.findIndex((step) => mark.test(step)));
        const isOrdered = positions.every((position, index) => position > (positions[index - 1] ?? -1));
        assert.ok(isOrdered, steps.join('\n'));
      });
    }

    // It came with 5.12.
    if (version !== '5.10') {
      it('names who uses the pinned RDMA importer, and nobody else', () => {
        const { usedBy, status } = byOps(scan.importers, 'ib_umem_dmabuf_attach_pinned_ops');
        const isOld = version.startsWith('6.');
        const drivers: Readonly<Record<string, readonly string[]>> = {
          '6.1': ['efa', 'mlx5'],
          '6.12': ['efa', 'bnxt_re', 'irdma', 'mlx5'],
        };
        const folders = new Set(
          usedBy.map(({ file }) => /^drivers\/infiniband\/hw\/([^/]+)\//.exec(file)?.[1] ?? file),
        );
        for (const driver of drivers[version] ?? ['efa', 'bnxt_re', 'mlx5', 'mana'])
          assert.ok(folders.has(driver), driver);
        assert.deepEqual(
          usedBy.filter(({ file }) => neverUsers.some((folder) => file.startsWith(folder))),
          [],
        );
        assert.equal(status, isOld ? 'undeclared-non-revocable' : 'declared-non-revocable');
      });
    }

    if (version.startsWith('7.')) {
      it('tells apart who revokes and who moves', () => {
        const vfio = byOps(scan.exporters, 'vfio_pci_dmabuf_ops');
        assert.deepEqual([vfio.revokes, vfio.rejectsNonRevocable, vfio.pinPolicy], [true, true, 'none']);
        const uverbs = byOps(scan.exporters, 'uverbs_dmabuf_ops');
        assert.deepEqual([uverbs.revokes, uverbs.rejectsNonRevocable, uverbs.pinPolicy], [true, true, 'refuses-all']);
        for (const ops of ['amdgpu_dmabuf_ops', 'xe_dmabuf_ops']) {
          const mover = byOps(scan.exporters, ops);
          assert.deepEqual([ops, mover.revokes, mover.pinPolicy, mover.invalidates.length], [ops, false, 'accepts', 1]);
        }
        // The exporter of iommufd's test revokes and asks nobody, but its map_dma_buf always fails.
        assert.deepEqual(
          scan.findings.filter(({ rule }) => rule === 'revoke-unchecked'),
          [],
        );
      });
    }
  });
}

function reading(root: string) {
  const known = readingOf(basename(root));
  assert.ok(known, `nobody has read kernel ${basename(root)} yet`);
  return known;
}

function byOps<T extends { readonly ops: string }>(list: readonly T[], ops: string): T {
  const found = list.find((entry) => entry.ops === ops);
  assert.ok(found, `${ops} is not in the result`);
  return found;
}

function tablesOf(list: readonly (ScannedImporter | ScannedExporter)[]): ReadonlySet<string> {
  return new Set(list.map(({ file, ops }) => `${file} ${ops}`));
}

/** The tables that neither the result nor its list of gaps names. */
function notIn(tables: readonly string[], known: ReadonlySet<string>, scan: Scan): readonly string[] {
  return tables.filter((table) => {
    const [file, name] = table.split(' ');
    const isNamed = scan.notAnalysed.some((gap) => gap.file === file && gap.reason.includes(name ?? ''));
    return !known.has(table) && !isNamed;
  });
}
