import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { functionsIn, openCodebase } from '../../program/index.js';
import { eventsInOrder } from './calls-in-order.js';

const path = 'drivers/ex/main.c';
const files = {
  [path]: `#include "ex.h"
void ex_main(struct dma_buf *dmabuf)
{
	dma_buf_put(dmabuf);
	ex_below(dmabuf);
	ex_nowhere(dmabuf);
	ex_main(dmabuf);
}
`,
  'drivers/ex/ex.h': 'void ex_below(struct dma_buf *dmabuf);\n',
  'drivers/ex/below.c': '#include "ex.h"\nvoid ex_below(struct dma_buf *dmabuf)\n{\n\tex_nowhere_either(dmabuf);\n}\n',
};

describe('the calls of a function in order', () => {
  it('end at a depth, where a callee is looked for only when somebody asks whether it is known', async () => {
    const codebase = await openCodebase(openMemory('tree', files), { attributeWords: [], leftOut: [] });
    const [ref] = functionsIn(codebase.program, path);
    assert.ok(ref);
    const events = eventsInOrder(codebase, ref, -1, { depth: 0, isGoal: (name) => name === 'dma_buf_put' });
    // A call of itself says nothing new.
    assert.deepEqual(
      events.map(({ name }) => name),
      ['dma_buf_put', 'ex_below', 'ex_nowhere'],
    );
    const before = codebase.program.parsedFiles();
    assert.deepEqual(
      events.map(({ isOpaque }) => isOpaque),
      [false, false, true],
    );
    assert.ok(codebase.program.parsedFiles() > before);
  });

  it('go on in the callees above it', async () => {
    const codebase = await openCodebase(openMemory('tree', files), { attributeWords: [], leftOut: [] });
    const [ref] = functionsIn(codebase.program, path);
    assert.ok(ref);
    assert.deepEqual(
      eventsInOrder(codebase, ref, -1, { depth: 1, isGoal: () => false }).map(({ name, isOpaque }) => [name, isOpaque]),
      [
        ['dma_buf_put', true],
        ['ex_below', false],
        ['ex_nowhere_either', true],
        ['ex_nowhere', true],
      ],
    );
  });
});
