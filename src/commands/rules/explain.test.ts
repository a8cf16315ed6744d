import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { run } from '../../dev/examples/run-command.js';

describe('dmabuf-lint explain', () => {
  it('says what, why and how to fix, then ten lines bad and ten lines good', async () => {
    for (const { id } of rules) {
      const { code, stdout } = await run(['explain', id]);
      assert.equal(code, 0);
      const headings = stdout
        .split('\n')
        .filter((line) => /^(?:What it checks|Why it matters|How to fix|Bad|Good)$/.test(line));
      assert.deepEqual(headings.slice(0, 3), ['What it checks', 'Why it matters', 'How to fix'], id);
      for (const example of stdout.split(/^(?:Bad|Good)$/m).slice(1)) {
        const code = example.split('\n').filter((line) => line.startsWith('    '));
        assert.ok(code.length > 0 && code.length <= 12, `${id}: ${code.length} lines`);
      }
      assert.doesNotMatch(stdout, /expect: /, id);
      assert.match(stdout, new RegExp(`dmabuf-lint explain ${id}\\s--full`), id);
    }
  });

  it('points at the line that the rule reports', async () => {
    const { stdout } = await run(['explain', 'pin-leak']);
    assert.match(stdout, /\n {4}\tret = dma_buf_pin\(attach\);\n {4}\t\^ pin-leak\n/);
    assert.match(stdout, /\nGood\n[\s\S]*\tret = dma_buf_pin\(attach\);\n/);
    const { stdout: map } = await run(['explain', 'map-returns-null']);
    assert.match(map, /\nGood\n[\s\S]*\*ex_map\(struct dma_buf_attachment \*attach,\n[\s\S]*ERR_PTR\(-ENOMEM\)/);
    // The call, not the structure with a `struct dma_buf_attachment`.
    const { stdout: attach } = await run(['explain', 'err-ptr-unchecked']);
    assert.match(attach, /\nGood\n[\s\S]* = dma_buf_attach\(dmabuf, buf->dev\);\n/);
  });

  it('prints the whole page with --full', async () => {
    const { stdout } = await run(['explain', 'pin-leak', '--full']);
    assert.match(stdout, /\nKnown gaps\n/);
    assert.match(stdout, /#include <linux\/dma-buf\.h>/);
  });
});

describe('dmabuf-lint rules --format json', () => {
  it('tells of every rule what a program may want to know', async () => {
    const { stdout } = await run(['rules', '--format', 'json']);
    const list: readonly Record<string, unknown>[] = JSON.parse(stdout).rules;
    assert.deepEqual(
      list.map(({ id }) => id),
      rules.map(({ id }) => id),
    );
    const fixable = list.filter((rule) => rule['fixable']).map(({ id }) => id);
    assert.ok(fixable.includes('pinned-importer-unmarked') && !fixable.includes('pin-leak'));
  });
});
