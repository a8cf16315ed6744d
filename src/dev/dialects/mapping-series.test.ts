import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dmaBufCore, dmaBufHeader } from '../../kernel/index.js';
import { makeRepository } from '../examples/example-repository.js';
import { run } from '../examples/run-command.js';
import { mappingSeries } from './mapping-series.js';

interface Json {
  readonly patches: readonly {
    readonly introduced: readonly { readonly rule: string; readonly file: string; readonly message: string }[];
    readonly notAnalysed: readonly unknown[];
    readonly unchanged: number;
  }[];
  readonly series: readonly {
    readonly rule: string;
    readonly patch: number | null;
    readonly file: string;
    readonly message: string;
  }[];
  readonly contract: {
    readonly after: {
      readonly importers: readonly {
        readonly ops: string;
        readonly attachSites: readonly { readonly file: string }[];
      }[];
    };
  };
}

let top: string;
before(() => {
  top = mkdtempSync(join(tmpdir(), 'dmabuf-lint-'));
});
after(() => rmSync(top, { recursive: true }));

async function judge(folder: string, ...args: readonly string[]): Promise<Json> {
  const { stdout, stderr } = await run(['series', '--no-cache', '--format', 'json', ...args], { cwd: folder });
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as Json;
}

function introduced({ patches }: Json): readonly string[] {
  return patches.flatMap((patch, index) => patch.introduced.map(({ rule, file }) => `${index + 1} ${rule} ${file}`));
}

describe('a series of ten patches that brings mapping types, converts drivers and renames the rest', () => {
  // The four importers keep their attachment where the map fails, from the first tree to the last.
  const rewritten = ['5 attach-leak drivers/misc/ima.c', '6 attach-leak drivers/misc/imb.c'];

  it('is judged by the API that each patch has', async () => {
    const judged = await judge(mappingSeries(join(top, 'right')).folder, 'main..topic');
    assert.equal(judged.patches.length, 10);
    // The line that attaches is another one since these two patches, and still leaks.
    assert.deepEqual(introduced(judged), rewritten);
    assert.deepEqual(judged.series, []);
    assert.deepEqual(
      judged.patches.flatMap(({ notAnalysed }) => notAnalysed),
      [],
    );
    assert.ok(judged.patches.every(({ unchanged }) => unchanged >= 3));
    // The core's dma_buf_dynamic_attach() attaches for alpha and beta, and is no importer.
    assert.deepEqual(
      judged.contract.after.importers.map(({ ops, attachSites }) => [ops, ...attachSites.map(({ file }) => file)]),
      ['alpha', 'beta', 'ima', 'imb'].map((name) => [`${name}_ops`, `drivers/misc/${name}.c`]),
    );
  });

  it('has each of three mistakes told at its patch', async () => {
    const { folder } = mappingSeries(join(top, 'wrong'), ['importer-not-converted', 'no-common-type', 'leftover']);
    const judged = await judge(folder, 'main..topic');
    assert.deepEqual(
      judged.series.map(({ patch, rule, file }) => `${patch} ${rule} ${file}`),
      [
        '4 no-common-type drivers/misc/exb.c',
        '5 no-common-type drivers/misc/exa.c',
        ...Array(3).fill('10 rename-leftover drivers/misc/beta.c'),
      ],
    );
    assert.match(
      judged.series[0]?.message ?? '',
      /^exporter 'exb_ops' no longer has a mapping type in common with 'alpha_ops' and 3 more/,
    );
    // What rename-leftover tells is not told once more as renamed-api.
    assert.deepEqual(introduced(judged), rewritten);
  });
});

describe('a series on top of another, each of which renames a function tree-wide', () => {
  it('has its own use of what the other renamed told at its patch, and nothing else', async () => {
    const { folder, write, edit, commit, git } = makeRepository(join(top, 'merged'), 'invalidate-mappings');
    const driver = (name: string): string => `#include <linux/dma-buf.h>

struct dma_buf_attachment *${name}_open(struct dma_buf *dmabuf, struct device *dev)
{
	return dma_buf_attach(dmabuf, dev);
}

void ${name}_close(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	dma_buf_detach(dmabuf, attach);
}
`;
    const rename = (from: string, to: string, drivers: readonly string[]): void => {
      for (const path of [dmaBufCore, dmaBufHeader, ...drivers]) edit(path, `${from}(`, `${to}(`);
      edit(dmaBufCore, `(${from},`, `(${to},`);
    };
    write('drivers/misc/alpha.c', driver('alpha'));
    commit('alpha');
    git('checkout', '--quiet', '-b', 'other');
    rename('dma_buf_attach', 'dma_buf_join', ['drivers/misc/alpha.c']);
    commit('dma-buf: rename dma_buf_attach()');
    git('checkout', '--quiet', '-b', 'topic', 'main');
    rename('dma_buf_detach', 'dma_buf_leave', ['drivers/misc/alpha.c']);
    commit('dma-buf: rename dma_buf_detach()');
    write('drivers/misc/beta.c', driver('beta').replace('dma_buf_detach', 'dma_buf_leave'));
    commit('beta: new driver');

    assert.deepEqual(introduced(await judge(folder, 'main..topic')), []);
    const merged = await judge(folder, '--merge-with', 'main..other', 'main..topic');
    assert.deepEqual(introduced(merged), []);
    assert.deepEqual(
      merged.series.map(({ patch, rule, file }) => [patch, rule, file]),
      [[2, 'rename-leftover', 'drivers/misc/beta.c']],
    );
    assert.match(
      merged.series[0]?.message ?? '',
      /^a queued patch renamed dma_buf_attach\(\) to dma_buf_join\(\) in .*, but it is used here: the file does not build$/,
    );
  });
});
