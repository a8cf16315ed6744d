import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../src/input/tree/tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig } from '../src/lint/index.js';
import rule from './err-ptr-unchecked/rule.js';

const header = `struct dma_buf *dma_buf_get(int fd);
void dma_buf_put(struct dma_buf *dmabuf);
struct dma_buf_attach_ops {
	void (*invalidate_mappings)(struct dma_buf_attachment *attach);
};
`;

interface Said {
  readonly message: string;
  /** The line of each step, and what the step says of it. */
  readonly steps: readonly string[];
}

/** What the rule says of a function with this body, which gets a descriptor `fd`. */
async function said(body: string): Promise<readonly Said[]> {
  const driver = `#include <linux/dma-buf.h>\nlong ex_ask(int fd)\n{\n${body}\n}\n`;
  const tree = openMemory('tree', { 'include/linux/dma-buf.h': header, 'drivers/ex/ex.c': driver });
  const { findings } = await lintTree(tree, [rule], defaultConfig);
  const lines = driver.split('\n');
  return findings.map(({ message, trace }) => ({
    message,
    steps: trace.map(({ line, message: step }) => `${lines[line - 1]?.trim()} // ${step}`),
  }));
}

describe('err-ptr-unchecked', () => {
  it('says that there is no test where there is none', async () => {
    const [finding] = await said('\tstruct dma_buf *buf = dma_buf_get(fd);\n\n\treturn buf->size;');
    assert.equal(
      finding?.message,
      'result of dma_buf_get() is used without an IS_ERR() test: an error code is used as a pointer',
    );
  });

  it('names the test, and what uses the error all the same, where there is a test before', async () => {
    const [finding, ...others] = await said(`	struct dma_buf *buf = dma_buf_get(fd);
	long ret = 0;

	if (IS_ERR(buf)) {
		ret = PTR_ERR(buf);
		goto put;
	}
	ret = buf->size;
put:
	dma_buf_put(buf);
	return ret;`);
    assert.deepEqual(others, []);
    assert.equal(
      finding?.message,
      'result of dma_buf_get() is used after the call has failed: dma_buf_put() takes an error code for a pointer',
    );
    assert.deepEqual(finding?.steps, [
      'if (IS_ERR(buf)) { // this test says that it is an error',
      'dma_buf_put(buf); // dma_buf_put() uses it here all the same',
    ]);
  });
});
