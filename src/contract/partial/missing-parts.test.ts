import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { openCodebase } from '../../program/index.js';
import { findMissingParts } from './missing-parts.js';

const path = 'drivers/x/one/one.c';
const files: Readonly<Record<string, string>> = {
  'include/linux/dma-buf.h':
    '#define DMA_BUF_H\nstruct dma_buf *dma_buf_get(int fd);\nbool dma_buf_asks(struct dma_buf *);\n',
  'include/linux/other.h': 'int other_call(void);\n',
  'drivers/x/one/one.h':
    '#define one_macro(x) (x)\nint one_pin(struct one *one);\nstatic inline int one_here(void)\n{\n\treturn 0;\n}\n',
  [path]:
    '#include <linux/dma-buf.h>\n#include <linux/other.h>\n#include "one.h"\nint one_open(struct one *one)\n{\n\tdma_buf_get(0);\n\tother_call();\n\tunknown();\n\tone_here();\n\treturn one_macro(1);\n}\n',
};

async function missing(others: Readonly<Record<string, string>>): Promise<readonly (string | undefined)[]> {
  const tree = openMemory('memory', { ...files, ...others });
  const parts = findMissingParts(await openCodebase(tree, { attributeWords: [], leftOut: [] }), []);
  return [parts.around(path)?.name, ...parts.gaps().map(({ file, line }) => `${file}:${line}`)];
}

describe('a driver of which a part is missing', () => {
  const with_ = (line: string): string => `${files[path]}${line}\n`;

  it('calls a function that its header declares and nobody defines, or has it in a table', async () => {
    const expected = ['one_pin()', 'drivers/x/one/one.h:2'];
    assert.deepEqual(
      await missing({ [path]: with_('int a(struct one *one)\n{\n\treturn one_pin(one);\n}') }),
      expected,
    );
    assert.deepEqual(await missing({ [path]: with_('struct ops ops = { .pin = one_pin };') }), expected);
  });

  it('asks by a function of the API that the core of the tree does not define', async () => {
    assert.deepEqual(await missing({ [path]: with_('int a(struct dma_buf *b)\n{\n\treturn dma_buf_asks(b);\n}') }), [
      'dma_buf_asks()',
      'include/linux/dma-buf.h:3',
    ]);
  });

  it('has more objects than the tree has sources, which is said once for a makefile', async () => {
    const tree = openMemory('memory', {
      ...files,
      'drivers/x/one/Makefile': 'obj-m += one.o two.o\nobj-m += three.o\n',
    });
    const { gaps } = findMissingParts(await openCodebase(tree, { attributeWords: [], leftOut: [] }), [path]);
    assert.deepEqual(
      gaps().map(({ file, line, reason }) => `${file}:${line}: ${reason.replace(/:.*/, '')}`),
      ["drivers/x/one/Makefile:1: 'two.o' and 1 more object are built here, but their sources are not in this tree"],
    );
  });

  it('is whole where a header declares the type of a function, and not a function', async () => {
    const use = with_('int a(struct one *one, one_ioctl_t *run)\n{\n\treturn run(one);\n}');
    const header = `${files['drivers/x/one/one.h']}typedef int one_ioctl_t(struct one *one);\n`;
    assert.deepEqual(await missing({ [path]: use, 'drivers/x/one/one.h': header }), [undefined]);
  });

  it('is whole where it is not: the function is defined, is a macro, or is not its own', async () => {
    assert.deepEqual(await missing({}), [undefined]);
    const call = with_('int a(struct one *one)\n{\n\treturn one_pin(one);\n}');
    const other = 'drivers/x/one/two.c';
    assert.deepEqual(await missing({ [path]: call, [other]: 'int one_pin(struct one *one)\n{\n\treturn 0;\n}\n' }), [
      undefined,
    ]);
    assert.deepEqual(await missing({ [path]: `#define one_pin(x) 0\n${call}` }), [undefined]);
  });
});
