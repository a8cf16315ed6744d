import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expressionText } from '../../c/index.js';
import { openMemory } from '../../input/tree/tree.js';
import { functionsIn, openCodebase } from '../../program/index.js';
import type { FunctionFlow } from '../model/results.js';
import { followFunction } from '../paths/follow.js';
import { leaksAt } from '../paths/leaks.js';
import { createRelevance } from '../tree/relevance.js';

const path = 'drivers/example/example.c';

async function follow(code: string): Promise<FunctionFlow> {
  const tree = openMemory('example', { [path]: `#include <linux/dma-buf.h>\n${code}` });
  const codebase = await openCodebase(tree, { attributeWords: [], leftOut: [] });
  const ref = functionsIn(codebase.program, path).find(({ outline }) => outline.name === 'f');
  assert.ok(ref, 'no function f');
  return followFunction(codebase, createRelevance(codebase), ref);
}

/** The leaks of a function, as text: the kind of resource, and the outcome of the exit. */
function lost(flow: FunctionFlow): readonly string[] {
  return flow.exits.flatMap((exit) => leaksAt(exit).map(({ resource }) => `${resource.kind} in ${exit.outcome}`));
}

describe('a macro of the module that jumps', () => {
  const macros = `
#define EX_OUT(label, code) do { ret = (code); goto label; } while (0)
#define EX_CHECK(cond, action) if (!(cond)) { action; }
#define EX_FAILED(p) (!(p) || IS_ERR(p))
`;
  const taken = (way: string): string => `${macros}
static int f(struct dev *dev, struct dma_buf *buf)
{
	struct dma_buf_attachment *a = dma_buf_attach(buf, dev->dev);
	int ret = 0;

	${way}
	dev_use(a);
detach:
	dma_buf_detach(buf, a);
out:
	return ret;
}`;

  for (const way of [
    'if (IS_ERR(a))\n\t\tEX_OUT(out, PTR_ERR(a));',
    'EX_CHECK(!IS_ERR(a), return PTR_ERR(a));',
    'EX_CHECK(!IS_ERR(a), ret = PTR_ERR(a); goto out);',
    'EX_CHECK(!IS_ERR(a), goto out)',
    'if (EX_FAILED(a))\n\t\treturn -EINVAL;',
  ])
    it(`leaves no error pointer behind: ${way.replace(/\s+/g, ' ')}`, async () => {
      const flow = await follow(taken(way));
      assert.deepEqual([flow.events, lost(flow), flow.incomplete], [[], [], null]);
    });

  it('loses what is held where its label comes too late', async () =>
    assert.deepEqual(
      lost(
        await follow(
          taken('if (IS_ERR(a))\n\t\tEX_OUT(out, PTR_ERR(a));\n\tif (dev_no(dev))\n\t\tEX_OUT(out, -EPERM);'),
        ),
      ),
      ['attachment in error'],
    ));
});

describe('the decisions of a path', () => {
  it('are told as the code writes them', async () => {
    const flow = await follow(`static int f(struct dev *dev, struct dma_buf *buf)
{
	struct dma_buf_attachment *a = dma_buf_attach(buf, dev->dev);

	if (IS_ERR(a))
		return PTR_ERR(a);
	if (!dev_ok(dev) || unlikely(!dev->ready))
		return -EINVAL;
	dma_buf_detach(buf, a);
	return 0;
}`);
    const leaking = flow.exits.filter((exit) => leaksAt(exit).length > 0);
    const told = leaking.map(({ state }) =>
      state.decisions.map((one) => (one.kind === 'test' ? `${expressionText(one.test)} is ${one.answer}` : one.kind)),
    );
    assert.deepEqual(told.map((steps) => steps.at(-1)).sort(), ['!dev_ok(dev) is true']);
  });
});
