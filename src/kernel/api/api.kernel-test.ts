import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { kernelTree } from '../../dev/kernels/kernel-cache.js';
import { type Prototype, prototypesIn } from '../../dev/kernels/prototypes.js';
import { apiRow, functionsWithLock } from './api.js';
import { apiRows } from './rows.js';
import { directionNames, dmaBufCore, exporterOps, exporterOpsWithLock, importerCallback } from './structs.js';
import { shapeComplaints, takesBuffer } from './types.js';

const versions = ['6.1', '6.12', '7.x'];
const headers = ['include/linux/dma-buf.h', 'include/linux/dma-buf-mapping.h'];

function read(version: string, path: string): string {
  const file = join(kernelTree(version), path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function declared(version: string): readonly Prototype[] {
  return headers.flatMap((path) => [...prototypesIn(read(version, path)).values()]);
}

/** What drivers/dma-buf exports to modules, less the fences and heaps. */
function exported(version: string): readonly string[] {
  const folder = join(kernelTree(version), 'drivers/dma-buf');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.c'))
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/EXPORT_SYMBOL\w*\((dma_buf_\w+)/g)])
    .map(([, name = '']) => name);
}

for (const version of versions)
  describe(`the table of the API and Linux ${version}`, () => {
    it('has a row for every function that the header declares on a buffer or an attachment', () => {
      const missing = declared(version).filter((one) => takesBuffer(one) && apiRow(one.name) === undefined);
      assert.deepEqual(
        missing.map(({ name }) => name),
        [],
      );
    });

    it('has a row for every function that the core exports, and the header declares each of them', () => {
      const names = new Set(declared(version).map(({ name }) => name));
      const symbols = exported(version);
      assert.ok(symbols.length > 15);
      assert.deepEqual(
        symbols.filter((name) => apiRow(name) === undefined || !names.has(name)),
        [],
      );
    });

    it('agrees with every prototype', () => {
      const complaints = declared(version).flatMap((one) => {
        const row = apiRow(one.name);
        return row ? shapeComplaints(row, one) : [];
      });
      assert.deepEqual(complaints, []);
    });

    it('has the ops of an exporter', () => {
      const text = read(version, 'include/linux/dma-buf.h').replace(/\/\*[\s\S]*?\*\//g, '');
      const struct = text.slice(text.indexOf('struct dma_buf_ops {'), text.indexOf('\n};'));
      assert.deepEqual([...struct.matchAll(/\(\*(\w+)\)\s*\(/g)].map(([, name]) => name).sort(), [
        ...exporterOps.map(({ name }) => name).sort(),
      ]);
    });

    it('has the callback of an importer', () => {
      const text = read(version, 'include/linux/dma-buf.h').replace(/\/\*[\s\S]*?\*\//g, '');
      const struct = /struct dma_buf_attach_ops \{([\s\S]*?)\n\};/.exec(text)?.[1] ?? '';
      const [, callback] = /\(\*(\w+)\)/.exec(struct) ?? [];
      assert.ok(importerCallback(callback));
      assert.match(text, new RegExp(`\\b${importerCallback(callback)?.notify}\\(`));
    });

    it('has the directions', () => {
      const text = read(version, 'include/linux/dma-direction.h');
      const body = /enum dma_data_direction \{([\s\S]*?)\}/.exec(text)?.[1] ?? '';
      assert.deepEqual(
        [...body.matchAll(/\bDMA_\w+/g)].map(([name]) => name),
        directionNames,
      );
    });
  });

it('no row is for a function that none of these trees has', () => {
  const names = new Set(versions.flatMap((version) => declared(version).map(({ name }) => name)));
  assert.deepEqual(
    apiRows.filter(({ name, posted }) => !posted && !names.has(name)).map(({ name }) => name),
    [],
  );
});

describe('the locking convention of Linux 7.x', () => {
  const text = read('7.x', dmaBufCore);
  const start = text.indexOf('DOC: locking convention');
  const items = text.slice(start, text.indexOf('*/', start)).split(/\n \* \d+\. /);
  const listOf = (pattern: RegExp): readonly string[] =>
    items
      .filter((item) => pattern.test(item.replace(/\s+\*?\s*/g, ' ')))
      .flatMap((item) => [...item.matchAll(/\* +- &?(?:dma_buf_ops\.)?(\w+)/g)].map(([, name = '']) => name))
      .sort();

  it('is that of the rows: held', () => {
    const held = functionsWithLock('must-hold').filter((name) => name !== 'dma_buf_move_notify');
    assert.deepEqual(listOf(/must hold/), [...held].sort());
  });

  it('is that of the rows: not held', () => {
    assert.deepEqual(listOf(/must not hold/), [...functionsWithLock('must-not-hold')].sort());
  });

  it("is that of the exporter's ops", () => {
    assert.deepEqual(listOf(/with locked/), [...exporterOpsWithLock('held')].sort());
    assert.deepEqual(listOf(/with unlocked/), [...exporterOpsWithLock('not-held')].sort());
  });
});
