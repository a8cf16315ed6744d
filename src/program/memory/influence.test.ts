import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FileChange } from '../../input/series/series.js';
import { openMemory } from '../../input/tree/tree.js';
import { createInfluence } from './influence.js';

const files: Readonly<Record<string, string>> = {
  'include/linux/dma-buf.h': 'void dma_buf_unpin(struct dma_buf_attachment *attach);\n',
  'include/linux/helper.h': '#define helper_held(x) assert_held(x)\n#define nobody(x) (x)\n',
  'drivers/gpu/one/import.c':
    '#include <linux/dma-buf.h>\nvoid one_release(struct one *one)\n{\n\thelper_held(one);\n\tone_stop(one);\n\tdma_buf_unpin(one->attach);\n}\n',
  'drivers/gpu/one/engine.c':
    'void one_stop(struct one *one)\n{\n\tone_write(one, 1);\n}\nvoid one_idle(struct one *one)\n{\n\treturn;\n}\n',
  'drivers/gpu/one/registers.c': 'void one_write(struct one *one, int value)\n{\n\twritel(value, one->base);\n}\n',
  'drivers/gpu/one/module.c':
    'void one_exit(struct one *one)\n{\n\tone_release(one);\n}\nstatic const struct ops one_ops = {\n\t.stop = one_exit,\n};\n',
  'drivers/gpu/other/other.c': 'void one_stop(struct other *other)\n{\n\treturn;\n}\n',
  'Documentation/other.rst': 'Nothing.\n',
};

function change(path: string, from: string, to: string): FileChange {
  const before = files[path] ?? '';
  assert.ok(before.includes(from), `${path} does not hold '${from}'`);
  return { path, oldPath: null, before, after: before.replace(from, to) };
}

const matters = (...changes: readonly FileChange[]): Promise<boolean> =>
  createInfluence(openMemory('memory', files)).mayMatter(changes);

describe('a change matters', () => {
  const yes: Readonly<Record<string, FileChange>> = {
    'in a file that speaks of dma-bufs': change('drivers/gpu/one/import.c', 'one_stop(one);', 'one_stop(one); '),
    'in a function that such a file calls': change('drivers/gpu/one/engine.c', 'one_write(one, 1);', ';'),
    'in a function further down': change('drivers/gpu/one/registers.c', 'writel', 'writeq'),
    'in a function that calls one in such a file': change('drivers/gpu/one/module.c', 'one_release(one);', ';'),
    'in a table with one that leads there': change('drivers/gpu/one/module.c', '.stop', '.halt'),
    'in a macro of a header for all that such a file names': change('include/linux/helper.h', 'assert_held', 'held'),
    'when a file begins to speak of dma-bufs': change(
      'drivers/gpu/other/other.c',
      'return;',
      'dma_buf_put(other->buf);',
    ),
    'in documentation that speaks of the API': change('Documentation/other.rst', 'Nothing', 'See move_notify'),
  };
  for (const [where, one] of Object.entries(yes)) it(where, async () => assert.equal(await matters(one), true));

  it('where any of several does', async () => {
    const [silent, speaking] = [
      change('drivers/gpu/other/other.c', 'return', 'goto out'),
      yes['in a function further down'],
    ];
    assert.ok(speaking);
    assert.equal(await matters(silent, speaking), true);
  });
});

describe('a change does not matter', () => {
  const no: Readonly<Record<string, FileChange>> = {
    'in a module that never speaks of dma-bufs': change('drivers/gpu/other/other.c', 'return', 'goto out'),
    'in a function that nothing leads to': change('drivers/gpu/one/engine.c', 'return;', ';'),
    'in a macro that nobody names': change(
      'include/linux/helper.h',
      '(x)\n#define nobody(x) (x)',
      '(x)\n#define nobody(x) x',
    ),
    'in a comment': change('drivers/gpu/one/engine.c', 'void one_stop', '/* stops */ void one_stop'),
    'in documentation of something else': change('Documentation/other.rst', 'Nothing', 'Something'),
    'in what is neither source nor documentation': { path: 'Kconfig', oldPath: null, before: null, after: null },
  };
  for (const [where, one] of Object.entries(no)) it(where, async () => assert.equal(await matters(one), false));
});
