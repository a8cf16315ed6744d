import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { run } from '../../dev/examples/run-command.js';
import { dmaBufCore } from '../../kernel/index.js';
import { scanFormats } from '../formats/formats.js';

let top: string;
let tree: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'dmabuf-lint-'));
  tree = join(top, 'tree');
  // Only the header and the core: nothing else is found in such a tree.
  cpSync(join(fixturesFolder, 'invalidate-mappings', 'include'), join(tree, 'include'), { recursive: true });
  cpSync(join(fixturesFolder, 'invalidate-mappings', dmaBufCore), join(tree, dmaBufCore));
});
after(() => rmSync(top, { recursive: true }));

const scan = (...args: readonly string[]) => run(['scan', tree, ...args], { cwd: top });

describe('a core with a function of unknown role', () => {
  it('is told apart from one in which all is known', async () => {
    const { code, stdout } = await scan('--strict');
    assert.doesNotMatch(stdout, /unknown.api/i);
    assert.notEqual(code, 3);
  });

  describe('that drivers can call', () => {
    before(() =>
      appendFileSync(
        join(tree, dmaBufCore),
        'void dma_buf_freeze(struct dma_buf *dmabuf)\n{\n\tdmabuf->size = 0;\n}\nEXPORT_SYMBOL_GPL(dma_buf_freeze);\n',
      ),
    );

    for (const format of scanFormats)
      it(`is told in the format ${format}`, async () => {
        const { stdout } = await scan('--format', format);
        assert.match(stdout, /dma_buf_freeze/);
        assert.match(stdout, /unknown.api/i);
      });

    it('fails under --strict, and else only warns', async () => {
      assert.equal((await scan('--strict')).code, 3);
      assert.equal((await scan()).code, 0);
    });
  });
});
