import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FileChange } from '../../input/series/series.js';
import { openMemory } from '../../input/tree/tree.js';
import { createSpread } from './spread.js';

const files: Readonly<Record<string, string>> = {
  'include/linux/dma-buf.h': 'void dma_buf_unpin(struct dma_buf_attachment *attach);\n',
  'include/linux/helper.h': '#define helper_held(x) assert_held(x)\nstruct helper {\n\tint count;\n};\n',
  'include/linux/scope.h':
    'DEFINE_FREE(scoped, struct dma_buf *, if (_T) dma_buf_put(_T))\nenum scope_bits { SCOPE_A = 1, SCOPE_B };\ntypedef int (*scope_step)(void);\n',
  'drivers/gpu/lib/lib_own.h': 'static inline int lib_peek(struct lib *lib)\n{\n\treturn 1;\n}\n',
  'drivers/gpu/scope/scope.c':
    'int scope_a(int fd)\n{\n\tstruct dma_buf *buf __free(scoped) = dma_buf_get(fd);\n\treturn 0;\n}\n',
  'drivers/gpu/scope/bits.c': 'int scope_b(int bits)\n{\n\treturn bits & SCOPE_B;\n}\n',
  'drivers/gpu/scope/step.c': 'int scope_c(scope_step step)\n{\n\treturn step();\n}\n',
  'drivers/gpu/scope/peek.c': '#include "../lib/lib_own.h"\nint scope_d(void)\n{\n\treturn lib_peek(0);\n}\n',
  'include/linux/wrap.h': 'static inline int wrap(struct lib *lib)\n{\n\treturn lib_idle(lib);\n}\n',
  'drivers/gpu/lib/lib.c': [
    'static int lib_step(struct lib *lib)\n{\n\treturn lib_read(lib);\n}\n',
    'int lib_map(struct lib *lib)\n{\n\treturn lib_step(lib);\n}\nEXPORT_SYMBOL_GPL(lib_map);\n',
    'int lib_idle(struct lib *lib)\n{\n\treturn 0;\n}\nEXPORT_SYMBOL_GPL(lib_idle);\n',
    'int lib_own(struct lib *lib)\n{\n\treturn 1;\n}\n',
  ].join(''),
  'drivers/gpu/lib/more.c': 'int lib_read(struct lib *lib)\n{\n\treturn readl(lib->base);\n}\n',
  'drivers/gpu/user/user.c':
    'void user_start(struct user *user)\n{\n\tdma_buf_unpin(user->attach);\n\thelper_held(user);\n}\n',
  'drivers/gpu/user/part.c': 'int user_part(struct user *user)\n{\n\treturn lib_map(user->lib);\n}\n',
  'drivers/gpu/silent/silent.c': 'int silent(struct lib *lib)\n{\n\treturn lib_map(lib);\n}\n',
  'drivers/gpu/near/near.c':
    'int near_unpin(struct near *near)\n{\n\tdma_buf_unpin(near->attach);\n\treturn lib_map_all(near->lib) + wrap(near->lib);\n}\n',
};

function change(path: string, from: string, to: string): FileChange {
  const before = files[path] ?? '';
  assert.ok(before.includes(from), `${path} does not hold '${from}'`);
  return { path, oldPath: null, before, after: before.replace(from, to) };
}

const usersOf = (...changes: readonly FileChange[]): Promise<readonly string[] | null> =>
  createSpread(openMemory('memory', files)).usersOf(changes);

describe('who uses what a change alters', () => {
  const expected: Readonly<Record<string, readonly [FileChange, readonly string[]]>> = {
    'an exported function: who names it, in modules that mention dma-bufs': [
      change('drivers/gpu/lib/lib.c', 'return lib_step(lib);', 'return 0;'),
      ['drivers/gpu/lib/lib.c', 'drivers/gpu/user/part.c'],
    ],
    'a private function below an exported one': [
      change('drivers/gpu/lib/lib.c', 'return lib_read(lib);', 'return 0;'),
      ['drivers/gpu/lib/lib.c', 'drivers/gpu/user/part.c'],
    ],
    'a function of another file of the module, further down': [
      change('drivers/gpu/lib/more.c', 'readl', 'readw'),
      ['drivers/gpu/lib/lib.c', 'drivers/gpu/user/part.c'],
    ],
    'a macro of a header for all': [
      change('include/linux/helper.h', 'assert_held', 'held'),
      ['drivers/gpu/user/user.c'],
    ],
    'a function that a header wraps for others': [
      change('drivers/gpu/lib/lib.c', 'return 0;', 'return 2;'),
      ['drivers/gpu/near/near.c'],
    ],
    'what releases a variable at the end of its scope': [
      change('include/linux/scope.h', 'if (_T) ', ''),
      ['drivers/gpu/scope/scope.c'],
    ],
    'an enumerator, whose number depends on those before it': [
      change('include/linux/scope.h', 'SCOPE_A = 1', 'SCOPE_A = 2'),
      ['drivers/gpu/scope/bits.c'],
    ],
    'a type': [change('include/linux/scope.h', 'typedef int', 'typedef long'), ['drivers/gpu/scope/step.c']],
    'a header of a driver, which another one includes': [
      change('drivers/gpu/lib/lib_own.h', 'return 1', 'return 2'),
      ['drivers/gpu/scope/peek.c'],
    ],
    'a function that the module keeps to itself': [change('drivers/gpu/lib/lib.c', 'return 1;', 'return 2;'), []],
    'a driver that exports nothing': [change('drivers/gpu/user/part.c', 'user->lib', '&user->lib'), []],
    'a comment': [change('drivers/gpu/lib/lib.c', 'return lib_step(lib);', 'return lib_step(lib); /* all */'), []],
  };
  for (const [what, [one, users]] of Object.entries(expected))
    it(what, async () => {
      const found = (await usersOf(one)) ?? [];
      // The module that is changed belongs to the part in any case.
      const others = (paths: readonly string[]) => paths.filter((path) => !path.startsWith('drivers/gpu/lib/')).sort();
      assert.deepEqual(others(found), others(users));
    });

  it('a new function, which nobody uses yet', async () => {
    const before = files['drivers/gpu/lib/lib.c'] ?? '';
    const after = `${before}int lib_new(void)\n{\n\treturn 0;\n}\nEXPORT_SYMBOL(lib_new);\n`;
    assert.deepEqual(await usersOf({ path: 'drivers/gpu/lib/lib.c', oldPath: null, before, after }), []);
  });

  it('a function of a driver that is too large for one module: its other folders need no export', async () => {
    const many = Array.from({ length: 1500 }, (_, index) => [`drivers/gpu/drm/big/regs/${index}.h`, ''] as const);
    const path = 'drivers/gpu/drm/big/core/core.c';
    const before = 'int big_map(struct big *big)\n{\n\treturn 0;\n}\n';
    const user = 'int big_use(struct big *big)\n{\n\tdma_buf_unpin(big->attach);\n\treturn big_map(big);\n}\n';
    const tree = openMemory('memory', {
      [path]: before,
      'drivers/gpu/drm/big/use/use.c': user,
      ...Object.fromEntries(many),
    });
    const change = { path, oldPath: null, before, after: before.replace('0', '1') };
    assert.deepEqual(await createSpread(tree).usersOf([change]), ['drivers/gpu/drm/big/use/use.c']);
  });

  it('more names than can be told apart: anybody', async () => {
    const names = Array.from({ length: 400 }, (_, index) => `#define NAME_${index} ${index}\n`).join('');
    const change = { path: 'include/linux/many.h', oldPath: null, before: names, after: names.replaceAll(' ', '  1') };
    assert.equal(await usersOf(change), null);
  });
});
