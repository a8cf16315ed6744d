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

  it('changes with a header that comes or goes, which the file has included all along', async () => {
    const store = createUnitStore();
    const { 'drivers/ex/kernel.h': header, ...without } = module;
    const names = async (files: Readonly<Record<string, string>>): Promise<readonly string[] | undefined> =>
      (await openCodebase(openMemory('tree', files), options, store)).program
        .file(path)
        ?.unit.functions.map(({ name }) => name);
    assert.deepEqual(await names(without), ['dma_buf_new', 'dma_buf_old']);
    assert.deepEqual(await names({ ...without, 'drivers/ex/kernel.h': header }), ['dma_buf_new']);
    assert.deepEqual(await names(without), ['dma_buf_new', 'dma_buf_old']);
  });

  it('is kept where a header changes that the file does not read', async () => {
    const store = createUnitStore();
    const tree = openMemory('tree', { ...module, 'drivers/ex/other.h': '#define EX_OTHER\n' });
    const before = (await openCodebase(tree, options, store)).program.file(path);
    const changed = overlayTree(tree, new Map([['drivers/ex/other.h', '#undef EX_OTHER\n']]));
    assert.equal((await openCodebase(changed, options, store)).program.file(path), before);
  });
});

describe('the macros of a file', () => {
  it('are noted apart from the rest of it: what was made from them is kept where other code changes', async () => {
    const store = createUnitStore();
    const text = '#define EX_ONE(x) (x)\nint dma_buf_one;\n';
    const tree = openMemory('tree', { 'drivers/ex/main.c': text });
    let made = 0;
    const ask = async (changed: string): Promise<readonly string[]> => {
      const one = overlayTree(tree, new Map([[path, changed]]));
      const { program, memory } = await openCodebase(one, options, store);
      return memory.recall('macros', () => {
        made++;
        return program.macrosIn(path).map(({ name, body }) => `${name} ${body}`);
      });
    };
    assert.deepEqual([await ask(text), made], [['EX_ONE (x)'], 1]);
    assert.deepEqual([await ask(`int dma_buf_two;\n${text}`), made], [['EX_ONE (x)'], 1]);
    assert.deepEqual([await ask(text.replace('(x)\n', '(x + 1)\n')), made], [['EX_ONE (x + 1)'], 2]);
  });
});
