import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import type { JudgedSeries } from '../../lint/index.js';
import { tableNamesOf } from './table-names.js';

const makefiles = {
  'drivers/net/one/Makefile': 'obj-m += one_drv.o\none_drv-y := main.o buf.o\nobj-m += one-kunit.o\n',
  'drivers/net/two/Makefile': 'obj-m += two.o\n',
  'drivers/net/lib/Makefile': 'obj-m += lib.o\n',
};
const use = (file: string) => ({ file, line: 1, function: 'f' });
const inventory = {
  importers: [
    { ops: 'one_ops', file: 'drivers/net/one/buf.c', usedBy: [use('drivers/net/one/buf.c')] },
    { ops: 'kunit_ops', file: 'drivers/net/one/one-kunit.c', usedBy: [] },
    {
      ops: 'lib_ops',
      file: 'drivers/net/lib/lib.c',
      usedBy: [use('drivers/net/two/two.c'), use('drivers/net/three/three.c')],
    },
  ],
  staticImporters: [{ file: 'drivers/net/two/two.c', line: 3, function: 'two_open' }],
  exporters: [
    { ops: 'in_ops', file: 'drivers/net/one/main.c' },
    { ops: 'out_ops', file: 'drivers/net/one/buf.c' },
  ],
};

describe('what a reply calls importers and exporters', () => {
  const facts = { inventory, testFiles: ['drivers/net/one/one-kunit.c'] };
  const series = { baseTree: openMemory('linux', makefiles) };
  const names = tableNamesOf({ series, patches: [], start: null, end: facts } as unknown as JudgedSeries);
  const of = (key: string) => [names.get(key)?.short, names.get(key)?.full];

  it('is the module of the Makefile, and test code says so', () => {
    assert.deepEqual(of('drivers/net/one/buf.c:one_ops'), ['one_drv', 'one_drv (one_ops)']);
    assert.deepEqual(of('drivers/net/one/one-kunit.c:kunit_ops'), [
      'one-kunit (test code)',
      'one-kunit (kunit_ops) (test code)',
    ]);
    assert.deepEqual(of('drivers/net/two/two.c:two_open()'), ['two_open()', 'two (two_open())']);
  });

  it('is the ops table where the driver does not tell which one it is; the full name has both', () => {
    assert.deepEqual(of('drivers/net/lib/lib.c:lib_ops'), ['lib_ops', 'three, two (lib_ops)']);
    assert.deepEqual(of('drivers/net/one/buf.c:out_ops'), ['out_ops', 'one_drv (out_ops)']);
  });
});
