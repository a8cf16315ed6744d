import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { missingObjects } from './build-lists.js';

/** What is missing around `drivers/x/one/one.c`, as `file:line object`. */
function missing(files: Readonly<Record<string, string>>, path = 'drivers/x/one/one.c'): readonly string[] {
  const tree = openMemory('memory', { 'drivers/x/one/one.c': '', 'drivers/x/one/sub/two.c': '', ...files });
  return missingObjects(tree, path).map(({ file, line, object }) => `${file}:${line} ${object}`);
}

const makefile = 'drivers/x/one/Makefile';

describe('an object without a source', () => {
  const lists: Readonly<Record<string, string>> = {
    'of the same module': 'obj-m += m.o\nm-y := one.o gone.o\n',
    'of the same module, by another variable': '# m\nm-objs := one.o\\\n\tgone.o\nobj-y += m.o\n',
    'of a part that a configuration adds': 'm-y := one.o\nm-$(CONFIG_GONE) += gone.o\n',
    'that is built in beside the file': 'obj-y += one.o\nobj-y += gone.o\n',
    'of another module that the same configuration builds': 'obj-$(CONFIG_X) += m.o gone.o\nm-y = one.o\n',
  };
  for (const [what, text] of Object.entries(lists))
    it(`belongs to the driver of a file: one ${what}`, () => {
      assert.deepEqual(
        missing({ [makefile]: text }).map((one) => one.replace(/:\d+/, '')),
        [`${makefile} gone.o`],
      );
    });

  it('is told with the line on which its list begins', () => {
    assert.deepEqual(missing({ [makefile]: '# one\nm-y := one.o \\\n\tgone.o\n' }), [`${makefile}:2 gone.o`]);
  });

  it('is found by Kbuild, and by the makefile of a folder above', () => {
    const text = 'obj-m += m.o\nm-y := one.o sub/two.o sub/gone.o\n';
    const kbuild = 'drivers/x/one/Kbuild';
    assert.deepEqual(missing({ [kbuild]: text, [makefile]: 'all:\n' }), [`${kbuild}:2 sub/gone.o`]);
    assert.deepEqual(missing({ [makefile]: text }, 'drivers/x/one/sub/two.c'), [`${makefile}:2 sub/gone.o`]);
  });

  it('counts for a file that no makefile names, since the missing one may include it', () => {
    assert.deepEqual(missing({ [makefile]: 'obj-m := gone.o\n' }), [`${makefile}:1 gone.o`]);
  });

  const whole: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'of another module of the folder': { [makefile]: 'obj-$(CONFIG_A) += one.o\nobj-$(CONFIG_B) += gone.o\n' },
    'of a folder above that does not name the file': { 'drivers/x/Makefile': 'obj-y += gone.o\n' },
    'that is a module made of others': { [makefile]: 'obj-m += m.o\nm-y := one.o\n' },
    'of another language': {
      [makefile]: 'm-y := one.o fast.o safe.o\n',
      'drivers/x/one/fast.S': '',
      'drivers/x/one/safe.rs': '',
    },
    'that a rule of the makefile makes': {
      [makefile]: 'm-y := one.o shared/gone.o\n$(obj)/shared/%.o: $(src)/../%.c\n',
    },
    'of a device tree': { [makefile]: 'm-y := one.o board.dtbo.o\n' },
    'in a comment': { [makefile]: 'm-y := one.o # gone.o\n' },
    'named from the folder above, which includes the makefile': { [makefile]: 'm-y += one/one.o one/sub/two.o\n' },
  };
  for (const [what, files] of Object.entries(whole))
    it(`is no missing one: an object ${what}`, () => assert.deepEqual(missing(files), []));
});
