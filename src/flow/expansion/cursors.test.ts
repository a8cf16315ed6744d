import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { openCodebase } from '../../program/index.js';
import { cursorsOf } from './cursors.js';

const path = 'drivers/example/example.c';

async function cursors(code: string, macro: string): Promise<readonly number[] | undefined> {
  const tree = openMemory('example', { [path]: `#include <linux/dma-buf.h>\n${code}` });
  return cursorsOf(await openCodebase(tree, { attributeWords: [], leftOut: [] }), macro, path);
}

describe('the cursors of a loop macro', () => {
  it('are those of the table for a macro of the kernel', async () => {
    assert.deepEqual(await cursors('', 'list_for_each_entry_safe'), [0, 1]);
  });

  it('are what the loop macro inside assigns', async () => {
    const code = '#define ex_for_each_bo(ctx, bo, n) \\\n\tlist_for_each_entry_safe(bo, (n), &(ctx)->bos, link)\n';
    assert.deepEqual(await cursors(code, 'ex_for_each_bo'), [1, 2]);
  });

  it('are what its for statement assigns', async () => {
    const code = '#define for_each_lane(lane, dev) for ((lane) = (dev)->first; (lane) != NULL; lane = (lane)->next)\n';
    assert.deepEqual(await cursors(code, 'for_each_lane'), [0]);
  });

  it('are not known where the macro is not found, or assigns nothing', async () => {
    assert.equal(await cursors('', 'for_each_lane'), undefined);
    assert.equal(await cursors('#define for_each_lane(l, d) while (ex_step(&(l), d))\n', 'for_each_lane'), undefined);
  });

  it('are found through macros that use each other', async () => {
    const code = '#define a_for_each(x, l) b_for_each(x, l)\n#define b_for_each(x, l) a_for_each(x, l)\n';
    assert.equal(await cursors(code, 'a_for_each'), undefined);
  });
});
