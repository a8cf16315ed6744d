import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { overlayTree } from '../../input/tree/overlay.js';
import { openMemory } from '../../input/tree/tree.js';
import { openCodebase } from '../codebase.js';
import { createUnitStore } from '../units/store.js';

const makefile = 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 4\n';
const options = { attributeWords: [], leftOut: [] };
const path = 'drivers/ex/main.c';
const module = {
  Makefile: makefile,
  'drivers/ex/kernel.h':
    '#include <linux/version.h>\n#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)\n#define EX_NEW\n#endif\n',
  'drivers/ex/ex.h': '#ifndef EX_H\n#define EX_H\n#include "kernel.h"\n#endif\n',
  [path]: '#include "ex.h"\n#ifdef EX_NEW\nvoid dma_buf_new(void) { }\n#else\nvoid dma_buf_old(void) { }\n#endif\n',
};

describe('what is known before a file begins', () => {
  it('is what headers of its module define, one through the other', async () => {
    const { program } = await openCodebase(openMemory('tree', module), options);
    assert.deepEqual(
      program.file(path)?.unit.functions.map(({ name }) => name),
      ['dma_buf_new'],
    );
  });

  it('is nothing of the version where the Makefile does not say it', async () => {
    const { program } = await openCodebase(openMemory('tree', { ...module, Makefile: '' }), options);
    assert.deepEqual(
      program.file(path)?.unit.functions.map(({ name }) => name),
      ['dma_buf_new', 'dma_buf_old'],
    );
  });

  it('changes with a header, though the file does not', async () => {
    const store = createUnitStore();
    const tree = openMemory('tree', module);
    const names = async (one: typeof tree): Promise<readonly string[] | undefined> =>
      (await openCodebase(one, options, store)).program.file(path)?.unit.functions.map(({ name }) => name);
    assert.deepEqual(await names(tree), ['dma_buf_new']);
    const header = module['drivers/ex/kernel.h'].replace('6, 2', '7, 1');
    const older = overlayTree(tree, new Map([['drivers/ex/kernel.h', header]]));
    assert.deepEqual(await names(older), ['dma_buf_old']);
    assert.deepEqual(await names(tree), ['dma_buf_new']);
  });
});
