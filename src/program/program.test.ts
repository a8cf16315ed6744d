import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../input/tree/tree.js';
import { type Codebase, openCodebase } from './index.js';

function codebase(files: Readonly<Record<string, string>>, leftOut: readonly string[] = []): Promise<Codebase> {
  return openCodebase(openMemory('memory', files), { attributeWords: [], leftOut });
}

/** A text that makes its file a candidate. */
const speaks = '#include <linux/dma-buf.h>\nvoid dma_buf_user(void);\n';

describe('the candidates of a program', () => {
  it('are the files that speak of the API, and the mentions those that name a dma-buf at all', async () => {
    const { program } = await codebase({ 'a.c': speaks, 'b.c': 'struct dma_buf *b;\n', 'c.c': 'int dma;\n' });
    assert.deepEqual(program.candidates, ['a.c']);
    assert.deepEqual(program.mentions, ['a.c', 'b.c']);
  });

  it('are none where the user leaves a file or a folder out', async () => {
    const files = { 'drivers/a/a.c': speaks, 'drivers/ab.c': speaks, 'drivers/c.c': speaks };
    const { program } = await codebase(files, ['drivers/a/', 'drivers/c.c']);
    assert.deepEqual(program.candidates, ['drivers/ab.c']);
    assert.equal(program.file('drivers/c.c'), undefined);
  });
});

describe('the translation unit of a file', () => {
  const files = {
    'drivers/x/main.c': `${speaks}#include "part.c"\n#include "other.h"\nvoid a(void) { b(); }\n`,
    'drivers/x/part.c': 'static void b(void) { }\n',
    'drivers/x/other.h': '',
    'drivers/x/lone.c': speaks,
  };

  it('is the file itself first, and the .c files that it includes', async () => {
    const { program } = await codebase(files);
    assert.deepEqual(program.translationUnit('drivers/x/main.c'), ['drivers/x/main.c', 'drivers/x/part.c']);
  });

  it('is, for an included file, itself first and the one that includes it', async () => {
    const { program } = await codebase(files);
    assert.deepEqual(program.translationUnit('drivers/x/part.c'), ['drivers/x/part.c', 'drivers/x/main.c']);
  });

  it('is the file alone where nothing is included', async () => {
    const { program } = await codebase(files);
    assert.deepEqual(program.translationUnit('drivers/x/lone.c'), ['drivers/x/lone.c']);
  });

  it('joins what two files include in common, and survives files that include each other', async () => {
    const { program } = await codebase({
      'a.c': `${speaks}#include "b.c"\n`,
      'b.c': `${speaks}#include "a.c"\n#include "missing.c"\n`,
      'c.c': `${speaks}#include "b.c"\n`,
    });
    assert.deepEqual(program.translationUnit('b.c'), ['b.c', 'a.c', 'c.c']);
  });
});

describe('the names that a file may define', () => {
  it('stand before the first parenthesis of a line that begins with them, or with their type', async () => {
    const text = [
      'int first(void) { return g(1); }',
      'static struct dma_buf *second(int a)',
      'third(void)',
      'struct ops *(*no_name)(void);',
      'unsigned long',
      'fourth_(void)',
      '\tnot_at_the_start(1);',
      '#define no_macro(x) x',
      ' int not_after_a_blank(void)',
      'static int table[] = { call(1) };',
      'DEFINE_FREE(fifth, int, x)',
      '9th(1)',
      'no parenthesis',
      'last(void)',
    ];
    const { program } = await codebase({ 'drivers/a.c': text.join('\n') });
    assert.deepEqual(
      [...program.namesIn('drivers/a.c').keys()],
      ['first', 'second', 'third', 'fourth_', 'DEFINE_FREE', 'last'],
    );
  });
});

describe('the functions that a file only declares', () => {
  it('are told from those that it defines, by the semicolon behind the parameters', async () => {
    const text = [
      'int declared(int a);',
      'int over_lines(int a,',
      '               int (*b)(void))',
      ';',
      'int defined(void) { }',
      'int both(void);',
      'int both(void)',
      '{',
      'int noted(void) __must_check;',
    ];
    const { program } = await codebase({ 'drivers/a.c': text.join('\n') });
    assert.deepEqual(Object.fromEntries(program.namesIn('drivers/a.c')), {
      declared: false,
      over_lines: false,
      defined: true,
      both: true,
      // What stands behind the parameters is not read: the file is outlined, and says that it defines no such function.
      noted: true,
    });
  });
});

describe('finding a definition', () => {
  const body = (text: string) => `int f(void) { return ${text}; }\n`;
  const from = 'drivers/gpu/x/user.c';
  const include = '#include <linux/f.h>\n#include "local.h"\n';
  const places: Readonly<Record<string, string>> = {
    'drivers/gpu/x/user.c': `${speaks}${include}${body('1')}`,
    'drivers/gpu/y/export.c': `${body('2')}EXPORT_SYMBOL_GPL(f);\n`,
    'include/linux/f.h': `static inline ${body('3')}`,
    'drivers/gpu/x/module.c': body('4'),
  };

  /** The file in which f is found, where only some of the files define it. */
  async function foundIn(...defining: readonly string[]): Promise<string | undefined> {
    const files: Record<string, string> = { [from]: `${speaks}${include}` };
    for (const path of defining) files[path] = places[path] ?? '';
    const { definitions } = await codebase(files);
    return definitions.find('f', from)?.path;
  }

  it('looks into the file first, then at what is exported, then into headers, then into the module', async () => {
    const order = ['drivers/gpu/x/user.c', 'drivers/gpu/y/export.c', 'include/linux/f.h', 'drivers/gpu/x/module.c'];
    for (let first = 0; first < order.length; first++) assert.equal(await foundIn(...order.slice(first)), order[first]);
    assert.equal(await foundIn(), undefined);
  });

  it('does not take a static function of another file of the module', async () => {
    const { definitions } = await codebase({ [from]: speaks, 'drivers/gpu/x/module.c': `static ${body('1')}` });
    assert.equal(definitions.find('f', from), undefined);
  });

  it('takes a static function of an included .c file', async () => {
    const { definitions } = await codebase({
      [from]: `${speaks}#include "part.c"\n`,
      'drivers/gpu/x/part.c': `static ${body('1')}`,
    });
    assert.equal(definitions.find('f', from)?.path, 'drivers/gpu/x/part.c');
  });

  it('does not take a function of another module that is not exported', async () => {
    const { definitions } = await codebase({ [from]: speaks, 'drivers/gpu/other/a.c': body('1') });
    assert.equal(definitions.find('f', from), undefined);
  });

  it('outlines no header for a macro that is only used there, whatever stands between define and name', async () => {
    const files = {
      'm/a.c': `${speaks}#include "uses.h"\n#include "defines.h"\n`,
      'm/uses.h': 'static inline int f(int x) { return example_once(x) + not_a_define; }\n',
      'm/defines.h': '# define \\\n\texample_once(x) (x)\n#define /* in between */ example_twice(x) (x)\n',
    };
    const { program, definitions } = await codebase(files);
    assert.equal(definitions.macro('example_once', 'm/a.c'), '(x)');
    assert.equal(definitions.macro('example_twice', 'm/a.c'), '(x)');
    // The file itself, whose translation unit is looked for, and the header that defines.
    assert.equal(definitions.macro('f', 'm/a.c'), undefined);
    assert.ok(program.parsedFiles() <= 2);
  });

  it('reads function-like macros from the file and its headers', async () => {
    const { definitions } = await codebase({
      [from]: `${speaks}${include}`,
      'drivers/gpu/x/local.h': '#define g(x) h(x)\n#define i 1\n',
    });
    assert.equal(definitions.macro('g', from), 'h(x)');
    assert.equal(definitions.macro('i', from), undefined);
  });
});

describe('finding the callers of a function', () => {
  it('finds them across the files of a module, by name and in order', async () => {
    const { references, definitions } = await codebase({
      'drivers/gpu/x/a.c': `${speaks}int f(int a) { return a; }\n`,
      'drivers/gpu/x/b.c': 'int f(int a);\nint b(void) { return f(1) + f(2); }\nint (*fn)(int) = f;\n/* f(3) */\n',
      'drivers/gpu/x/c.c': 'int c(void) { return g(f(4)); }\n',
    });
    const ref = definitions.find('f', 'drivers/gpu/x/a.c');
    assert.ok(ref);
    assert.deepEqual(
      references.callersOf(ref).map((site) => [site.caller.path, site.caller.outline.name]),
      [
        ['drivers/gpu/x/b.c', 'b'],
        ['drivers/gpu/x/b.c', 'b'],
        ['drivers/gpu/x/c.c', 'c'],
      ],
    );
  });

  it('finds those of a static function in its own file only', async () => {
    const { references, definitions } = await codebase({
      'drivers/gpu/x/a.c': `${speaks}static int f(void) { return 0; }\nint a(void) { return f(); }\n`,
      'drivers/gpu/x/b.c': 'static int f(void) { return 1; }\nint b(void) { return f(); }\n',
    });
    const ref = definitions.find('f', 'drivers/gpu/x/a.c');
    assert.ok(ref);
    assert.deepEqual(
      references.callersOf(ref).map((site) => site.caller.outline.name),
      ['a'],
    );
  });

  it('finds the slots that a function is put into', async () => {
    const { references, definitions } = await codebase({
      'drivers/gpu/x/a.c': `${speaks}static int f(void) { return 0; }\nstatic const struct ops o = { .move = f, .inner = { .pin = f } };\n`,
    });
    const ref = definitions.find('f', 'drivers/gpu/x/a.c');
    assert.ok(ref);
    assert.deepEqual(
      references.slotsOf(ref).map((use) => [use.variable.name, use.slot]),
      [
        ['o', 'move'],
        ['o', 'pin'],
      ],
    );
  });
});
