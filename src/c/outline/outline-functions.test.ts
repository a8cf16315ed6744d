import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { treeAttributeWords } from '../prepare/attributes.js';
import type { FunctionOutline } from '../unit.js';
import { outlineFile } from './outline.js';

const attributes = treeAttributeWords(() => undefined, []);

function functions(text: string): readonly FunctionOutline[] {
  return outlineFile('drivers/example/example.c', text, attributes).unit.functions;
}

/** The one function of a text. */
function only(text: string): FunctionOutline {
  const found = functions(text);
  assert.deepEqual(found.length, 1, `functions: ${found.map((entry) => entry.name).join(', ')}`);
  return found[0] as FunctionOutline;
}

describe('the outline of a function', () => {
  it('has name, type and parameters', () => {
    const { name, returnType, parameters, isStatic } = only(
      'static int foo_attach(struct dma_buf *buf, const char *name, int n)\n{\n}\n',
    );
    assert.equal(name, 'foo_attach');
    assert.equal(returnType, 'int');
    assert.equal(isStatic, true);
    assert.deepEqual(parameters, [
      { name: 'buf', type: 'struct dma_buf *' },
      { name: 'name', type: 'const char *' },
      { name: 'n', type: 'int' },
    ]);
  });

  it('has offsets into the text: head, name, body, end', () => {
    const text = 'int before;\n\nstatic int foo(void)\n{\n\treturn 0;\n}\nint after;\n';
    const outline = only(text);
    assert.equal(outline.start, text.indexOf('static'));
    assert.equal(outline.nameAt, text.indexOf('foo'));
    assert.equal(outline.bodyStart, text.indexOf('{'));
    assert.equal(outline.end, text.indexOf('}') + 1);
  });

  it('has no parameters for (void) and for ()', () => {
    assert.deepEqual(only('int foo(void) { }').parameters, []);
    assert.deepEqual(only('int foo() { }').parameters, []);
  });

  it('names a parameter that points to an array', () => {
    assert.deepEqual(only('int foo(struct plane (*planes)[4], int n) { }').parameters, [
      { name: 'planes', type: 'struct plane *' },
      { name: 'n', type: 'int' },
    ]);
  });

  it('names callback and array parameters', () => {
    assert.deepEqual(only('int foo(int (*done)(void *arg, int n), u32 table[4], ...) { }').parameters.slice(0, 2), [
      { name: 'done', type: 'int (*)()' },
      { name: 'table', type: 'u32 *' },
    ]);
  });

  it('returns pointers to structs, on one line or two', () => {
    for (const text of [
      'struct sg_table *foo_map(int a)\n{ }',
      'static struct sg_table *\nfoo_map(int a)\n{ }',
      'struct sg_table * foo_map(int a) { }',
    ]) {
      assert.equal(only(text).name, 'foo_map');
      assert.equal(only(text).returnType, 'struct sg_table *');
    }
  });

  it('does not count inline, extern and attributes as part of the type', () => {
    const { returnType, isStatic } = only('static __always_inline inline int __must_check foo(void) { }');
    assert.equal(returnType, 'int');
    assert.equal(isStatic, true);
    assert.equal(only('extern inline int foo(void) { }').isStatic, false);
  });
});

describe('function heads in kernel style', () => {
  const heads: Readonly<Record<string, string>> = {
    'the brace on the line of the head': 'int foo(int a) {\n}',
    'the brace on its own line': 'int foo(int a)\n{\n}',
    'parameters over several lines': 'int foo(int a,\n\tint b,\n\tint c)\n{\n}',
    'an __init function': 'static int __init foo(void)\n{\n}',
    'an attribute with an argument before the type': '__printf(1, 2) int foo(const char *text, ...)\n{\n}',
    'an attribute with an argument after the parameters': 'int foo(struct bar *b) __must_hold(&b->lock)\n{\n}',
    'two attributes after the parameters': 'int foo(struct bar *b) __acquires(b->lock) __releases(b->other)\n{\n}',
    'a GNU attribute': 'int __attribute__((noinline, cold)) foo(int a)\n{\n}',
    'a parameter with an attribute': 'long foo(struct file *f, void __user *data __maybe_unused)\n{\n}',
    'a macro call without a semicolon before it': 'DEFINE_SOMETHING(bar, 3)\n\nint foo(int a)\n{\n}',
    'an export without a semicolon before it': 'EXPORT_SYMBOL_GPL(bar)\nint foo(int a)\n{\n}',
    'a comment between head and body': 'int foo(int a) /* locked { */\n{\n}',
    'a stray semicolon before it': ';\nint foo(int a)\n{\n}',
    'CRLF line ends': 'int\r\nfoo(int a)\r\n{\r\n}\r\n',
  };
  for (const [what, text] of Object.entries(heads))
    it(`are read with ${what}`, () => {
      assert.equal(only(text).name, 'foo');
    });

  it('have the whole call for a name that a macro makes', () => {
    const { name, parameters, returnType } = only(
      'static int UVERBS_HANDLER(FOO_CREATE)(\n\tstruct uverbs_attr_bundle *attrs)\n{\n}\n',
    );
    assert.equal(name, 'UVERBS_HANDLER(FOO_CREATE)');
    assert.deepEqual(parameters, [{ name: 'attrs', type: 'struct uverbs_attr_bundle *' }]);
    assert.equal(returnType, 'int');
  });

  it('are found one after the other, whatever stands between them', () => {
    const text = `
int a(void) { if (x) { y(); } }
static const struct dma_buf_ops ops = { .attach = a, .inner = { .b = 1 } };
struct foo { int (*call)(int n); struct { int x; } y; };
int b(void);
enum { ONE, TWO = 2 };
DEFINE_MUTEX(lock);
int c(void) { return (struct foo){ .y = 1 }.y; }
EXPORT_SYMBOL(c);
`;
    assert.deepEqual(
      functions(text).map((entry) => entry.name),
      ['a', 'c'],
    );
  });
});

describe('what looks like a function and is none', () => {
  const others: Readonly<Record<string, string>> = {
    'a prototype': 'int foo(int a);',
    'a table with calls in its values': 'static int table[] = { FOO(1), BAR(2) };',
    'a struct with an attribute that takes an argument': 'struct __aligned(8) foo { int a; };',
    'an enum': 'enum foo { A = BIT(0), B };',
    'a macro definition': '#define foo(x) { bar(x); }',
    'a function in a comment': '/* int foo(void) { } */',
    'a function in a string': 'char *text = "int foo(void) { }";',
  };
  for (const [what, text] of Object.entries(others))
    it(`is left out: ${what}`, () => {
      assert.deepEqual(functions(text), []);
    });
});

describe('a file that is cut off or broken', () => {
  it('ends a function that nobody closes with the text', () => {
    const text = 'int a(void) { }\nint b(void) {\n\tif (x) {\n';
    assert.deepEqual(
      functions(text).map((entry) => [entry.name, entry.end]),
      [
        ['a', 15],
        ['b', text.length],
      ],
    );
  });

  it('goes on after a brace that nothing opened', () => {
    assert.deepEqual(
      functions('}\n}\nint a(void) { }\n').map((entry) => entry.name),
      ['a'],
    );
  });

  it('has an empty outline where there is no C', () => {
    for (const text of [
      '',
      '\n\n',
      'no code here',
      '((((',
      '{{{{',
      ')))) }}}}',
      '\u0000\u0001\u0002',
      '"',
      "'",
      '/*',
      '#',
    ])
      assert.deepEqual(functions(text), [], JSON.stringify(text));
  });
});

describe('attribute words', () => {
  it('are read from the headers of the tree', () => {
    const headers: Readonly<Record<string, string>> = {
      'include/linux/compiler_types.h':
        '#define __my_hint\t__attribute__((__cold__))\n#define noinline_mine __section(".text.mine") noinline\n#define __my_value 3\n',
    };
    const words = treeAttributeWords((path) => headers[path], []);
    assert.equal(words.has('__my_hint'), true);
    assert.equal(words.has('noinline_mine'), true);
    assert.equal(words.has('__my_value'), false);
    const { unit } = outlineFile('a.c', 'static int __my_hint foo(int a) __my_hint\n{\n}\n', words);
    assert.deepEqual(
      unit.functions.map(({ name, returnType }) => [name, returnType]),
      [['foo', 'int']],
    );
  });

  it('can be added by the user', () => {
    const words = treeAttributeWords(() => undefined, ['VENDOR_API']);
    const { unit } = outlineFile('a.c', 'VENDOR_API int foo(int a) VENDOR_API\n{\n}\n', words);
    assert.deepEqual(
      unit.functions.map(({ name, returnType }) => [name, returnType]),
      [['foo', 'int']],
    );
  });
});
