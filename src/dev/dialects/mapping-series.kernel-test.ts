import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Inventory } from '../../contract/index.js';
import { run } from '../examples/run-command.js';
import { kernelsFolder, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { oneOfSome } from '../run/cases.js';
import type { SeriesJson } from '../series/series-run.js';
import { exporters, importers } from './kernel-mapping-drivers.js';
import { commitMappingSeries, forgotten, mappingPart } from './kernel-mapping-series.js';

describe('mapping types that come to Linux 7.x in ten patches', () => {
  let folder: string;
  let repository: string;

  before(async () => {
    folder = await makeWorkFolder(kernelsFolder());
    for (const name of ['cache', 'tmp']) mkdirSync(join(folder, name));
    repository = await mappingPart(folder);
  });
  after(() => removeWorkFolder(folder));

  async function judged(isRight: boolean): Promise<SeriesJson> {
    const branch = await commitMappingSeries(repository, isRight);
    const env = { XDG_CACHE_HOME: join(folder, 'cache'), TMPDIR: join(folder, 'tmp') };
    const { stdout, stderr } = await run(['series', '--format', 'json', `main..${branch}`], {
      cwd: repository,
      env,
    });
    assert.equal(stderr, '');
    return JSON.parse(stdout) as SeriesJson;
  }

  it('are judged by the API that each patch has, and bring nothing wrong', async () => {
    const { patches, series, contract } = await judged(true);
    assert.equal(patches.length, 10);
    assert.deepEqual(series, []);
    const [first] = patches;
    assert.ok(first && first.unchanged > 0, 'Linux has findings of its own');
    for (const { index, introduced, fixed, unchanged, notAnalysed } of patches) {
      assert.deepEqual([index, introduced, fixed, unchanged], [index, [], [], first.unchanged]);
      // Its callers are drivers of other folders, which are not in this part of the tree.
      assert.deepEqual(
        notAnalysed.map((gap) => (gap as { readonly function: string }).function),
        ['ib_umem_dmabuf_get_with_dma_device'],
        `patch ${index}`,
      );
    }
    const [old, fresh] = [contract.before, contract.after] as [Inventory, Inventory];
    assert.deepEqual(drivers(fresh), drivers(old));
    assertTypes(fresh);
  });

  it('have each of three mistakes told at its patch', oneOfSome(false), async () => {
    const { patches, series } = await judged(false);
    assert.deepEqual(
      series.map(({ patch, rule, file }) => `${patch} ${rule} ${file}`),
      [
        `4 no-common-type ${exporters.cmaHeap}`,
        `5 no-common-type ${exporters.udmabuf}`,
        // It maps once, and unmaps in two places.
        ...Array(3).fill(`10 rename-leftover ${forgotten}`),
      ],
    );
    for (const [at, ops] of [
      [0, 'cma_heap_buf_ops'],
      [1, 'udmabuf_ops'],
    ] as const)
      assert.match(
        series[at]?.message ?? '',
        new RegExp(`^exporter '${ops}' no longer has a mapping type in common with '\\w+' and \\d+ more: `),
      );
    // What a rule on series tells is not told again for the patch, nor is what the file does called fixed.
    for (const { index, introduced, fixed } of patches) assert.deepEqual([index, introduced, fixed], [index, [], []]);
  });
});

/** Who attaches and who exports: the series changes how, and not who. */
function drivers({ importers: withOps, staticImporters, exporters: all }: Inventory): readonly string[] {
  return [
    ...withOps.flatMap(({ ops, attachSites }) => attachSites.map(({ file }) => `${ops} ${file}`)),
    ...staticImporters.map(({ file, function: name }) => `static ${file} ${name}`),
    ...all.map(({ ops, file }) => `${ops} ${file}`),
  ];
}

/** The lists as the last patch has them: in the order of the code, with whether peer-to-peer is possible. */
function assertTypes({ importers: withOps, exporters: all }: Inventory): void {
  const inWords = (types: Inventory['exporters'][number]['mappingTypes']): string =>
    (types?.entries ?? []).map(({ type, peer2peer }) => `${type} ${peer2peer}`).join(', ');
  const offered = new Map(all.map(({ file, mappingTypes }) => [file, inWords(mappingTypes)]));
  assert.equal(offered.get(exporters.udmabuf), 'dma_buf_phys_type no, dma_buf_sgt_type no');
  for (const [file, types] of offered)
    if (file !== exporters.udmabuf) assert.equal(types, 'dma_buf_sgt_type no', `${file}: as if it had the core's list`);
  const accepted = withOps.map(({ file, mappingTypes }) => [file, ...(mappingTypes ?? []).map(inWords)]);
  assert.deepEqual(
    accepted.filter(([file]) => file === importers.virtgpu),
    [[importers.virtgpu, 'dma_buf_sgt_type yes']],
  );
  // The others attach by dma_buf_dynamic_attach(), whose list asks the ops.
  for (const [file, types] of accepted)
    if (file !== importers.virtgpu) assert.equal(types, 'dma_buf_sgt_type of-ops', file);
}
