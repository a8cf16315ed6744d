import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FileChange } from '../../../input/series/series.js';
import { openMemory, type SourceTree } from '../../../input/tree/tree.js';
import { type Reach, reachOf } from './reach.js';

const driver = (name: string, call = 'dma_buf_unpin'): string =>
  `void ${name}_stop(struct ${name} *one)\n{\n\t${call}(one->attach);\n}\n`;
const files: Readonly<Record<string, string>> = {
  Makefile: 'VERSION = 7\n',
  'Documentation/driver-api/dma-buf.rst': 'An importer has move_notify.\n',
  'include/linux/dma-buf.h': 'void dma_buf_unpin(struct dma_buf_attachment *attach);\n',
  'include/net/sock.h': '#define SOCK 1\n',
  'drivers/dma-buf/dma-buf.c': 'void dma_buf_unpin(struct dma_buf_attachment *attach)\n{\n}\n',
  'drivers/dma-buf/udmabuf.c': driver('udmabuf'),
  'drivers/misc/one/one.c': driver('one'),
  'drivers/misc/one/one_more.c': 'int one_more(void)\n{\n\treturn 0;\n}\n',
  'drivers/misc/two/two.c': `${driver('two')}EXPORT_SYMBOL(two_stop);\n`,
  'drivers/misc/three/three.c': driver('three', 'two_stop(x); dma_buf_unpin'),
};
const tree: SourceTree = openMemory('memory', files);

async function reachOfChange(path: string, from: string, to: string, limits = {}): Promise<Reach> {
  const before = files[path] ?? null;
  const after = before === null ? to : before.replace(from, to);
  const change: FileChange = { path, oldPath: null, before, after };
  return await reachOf(tree, [change], { leastSources: 0, mostFiles: 100, ...limits });
}

function partOf(reach: Reach): readonly string[] {
  assert.equal(reach.kind, 'part');
  return reach.kind === 'part' ? Object.keys(files).filter(reach.isPart) : [];
}

const needed = ['Makefile', 'include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c'];

describe('a series reaches', () => {
  it('the module that it changes, with the headers and the core', async () => {
    const reach = await reachOfChange('drivers/misc/one/one_more.c', 'return 0', 'return 1');
    assert.deepEqual(partOf(reach), [...needed, 'drivers/misc/one/one.c', 'drivers/misc/one/one_more.c']);
    assert.deepEqual(reach.kind === 'part' && reach.folders, ['drivers/misc/one']);
  });

  it('the modules that use a function which it changes', async () => {
    const reach = await reachOfChange('drivers/misc/two/two.c', 'one->attach', 'one->other');
    assert.deepEqual(partOf(reach), [...needed, 'drivers/misc/two/two.c', 'drivers/misc/three/three.c']);
  });

  it('all of the tree, where it changes the API, its documentation or the version of the kernel', async () => {
    for (const [path, from, to] of [
      ['include/linux/dma-buf.h', 'void', 'int'],
      ['Documentation/driver-api/dma-buf.rst', 'An', 'Any'],
      ['drivers/dma-buf/dma-buf.c', 'void', '/* the locking convention */ void'],
      ['Makefile', '7', '8'],
    ] as const)
      assert.deepEqual(await reachOfChange(path, from, to), { kind: 'whole' }, path);
  });

  it('all of a small tree, and of one in which the part is large: nothing would be saved', async () => {
    const small = await reachOfChange('drivers/misc/one/one.c', 'one', 'two', { leastSources: 100 });
    const large = await reachOfChange('drivers/misc/one/one.c', 'one', 'two', { mostFiles: 2 });
    assert.deepEqual([small, large], [{ kind: 'whole' }, { kind: 'whole' }]);
  });
});
