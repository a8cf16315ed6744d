import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { functionsWithRole } from './api.js';
import {
  exporterOps,
  exporterOpsWithLock,
  importerCallback,
  importerCallbacks,
  lockOfExporterOp,
  mandatoryExporterOps,
} from './structs.js';

function header(fixture: string): string {
  const path = `../../../../fixtures/${fixture}/include/linux/dma-buf.h`;
  return readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
}

/** The first parameter of a member that is a function, as the header writes it. */
function firstParameter(text: string, member: string): string | undefined {
  return new RegExp(`\\(\\*${member}\\)\\(\\s*(struct \\w+ \\*)`).exec(text)?.[1];
}

describe('the ops of an exporter', () => {
  for (const fixture of ['move-notify', 'invalidate-mappings'])
    it(`are those of the header of ${fixture}, with the same first argument`, () => {
      const text = header(fixture);
      const struct = text.slice(text.indexOf('struct dma_buf_ops {'), text.indexOf('struct dma_buf {'));
      const members = [...struct.matchAll(/\(\*(\w+)\)\(/g)].map(([, name]) => name);
      assert.deepEqual([...members].sort(), exporterOps.map(({ name }) => name).sort());
      for (const { name, first } of exporterOps)
        assert.equal(
          firstParameter(struct, name),
          first === 'buffer' ? 'struct dma_buf *' : 'struct dma_buf_attachment *',
          name,
        );
    });

  it('have three without which dma_buf_export() fails', () => {
    assert.deepEqual(mandatoryExporterOps, ['map_dma_buf', 'unmap_dma_buf', 'release']);
  });

  it('run with the lock held where they touch the place of the memory', () => {
    assert.deepEqual(exporterOpsWithLock('held'), ['pin', 'unpin', 'map_dma_buf', 'unmap_dma_buf', 'vmap', 'vunmap']);
    assert.deepEqual(exporterOpsWithLock('not-held'), [
      'attach',
      'detach',
      'release',
      'begin_cpu_access',
      'end_cpu_access',
      'mmap',
    ]);
  });

  it('lead from their first argument to the lock', () => {
    assert.deepEqual(lockOfExporterOp('vmap'), ['resv']);
    assert.deepEqual(lockOfExporterOp('map_dma_buf'), ['dmabuf', 'resv']);
  });
});

describe('the callback of an importer', () => {
  for (const [fixture, name] of [
    ['move-notify', 'move_notify'],
    ['invalidate-mappings', 'invalidate_mappings'],
  ] as const)
    it(`is called ${name} in ${fixture}, and is called by the function of the same generation`, () => {
      const text = header(fixture);
      assert.equal(firstParameter(text, name), 'struct dma_buf_attachment *');
      assert.match(text, new RegExp(`\\b${importerCallback(name)?.notify}\\(`));
    });

  it('is required under its old name, and optional under the new one', () => {
    assert.equal(importerCallback('move_notify')?.isRequired, true);
    assert.equal(importerCallback('invalidate_mappings')?.isRequired, false);
  });

  it('has a function of the API to call it, for each name', () => {
    assert.deepEqual(
      importerCallbacks.map(({ notify }) => notify),
      functionsWithRole('notify'),
    );
  });
});
