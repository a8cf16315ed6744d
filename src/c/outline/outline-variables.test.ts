import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { treeAttributeWords } from '../prepare/attributes.js';
import type { StructOutline, VariableOutline } from '../unit.js';
import { outlineFile } from './outline.js';

const attributes = treeAttributeWords(() => undefined, []);

function unitOf(text: string) {
  return outlineFile('drivers/example/example.c', text, attributes).unit;
}

/** The one variable of a text. */
function variable(text: string): VariableOutline {
  const { variables } = unitOf(text);
  assert.equal(variables.length, 1, `variables: ${variables.map((entry) => entry.name).join(', ')}`);
  return variables[0] as VariableOutline;
}

/** The one struct of a text. */
function struct(text: string): StructOutline {
  const { structs } = unitOf(text);
  assert.equal(structs.length, 1, `structs: ${structs.map((entry) => entry.tag).join(', ')}`);
  return structs[0] as StructOutline;
}

function fieldNames(text: string): readonly string[] {
  return struct(text).fields.map((field) => field.name);
}

describe('the outline of a variable', () => {
  it('has an ops table with its type, free of storage and qualifiers', () => {
    const text = 'static const struct dma_buf_ops foo_ops = {\n\t.map_dma_buf = foo_map,\n};\n';
    const { name, type, isStatic, isExtern, pointer, array, valueAt, nameAt } = variable(text);
    assert.deepEqual(
      { name, type, isStatic, isExtern, pointer, array },
      { name: 'foo_ops', type: 'struct dma_buf_ops', isStatic: true, isExtern: false, pointer: false, array: false },
    );
    assert.equal(valueAt, text.indexOf('=') + 1);
    assert.equal(nameAt, text.indexOf('foo_ops'));
  });

  it('has no value for a tentative declaration and for an extern one', () => {
    const tentative = variable('static struct dma_buf_attach_ops foo_ops;');
    assert.equal(tentative.valueAt, null);
    assert.equal(tentative.isExtern, false);
    const declared = variable('extern const struct dma_buf_ops foo_ops;');
    assert.equal(declared.valueAt, null);
    assert.equal(declared.isExtern, true);
  });

  it('tells pointers and arrays', () => {
    const pointer = variable('static const struct foo *current = &first;');
    assert.deepEqual([pointer.pointer, pointer.array, pointer.type], [true, false, 'struct foo']);
    const array = variable('static const struct foo table[] = { { 1 }, { 2 } };');
    assert.deepEqual([array.pointer, array.array, array.type], [false, true, 'struct foo']);
    const both = variable('static const char * const names[2][3] = { };');
    assert.deepEqual([both.name, both.pointer, both.array, both.type], ['names', true, true, 'char']);
  });

  it('is found where its size is an expression with calls', () => {
    const { name, array } = variable('static const struct foo table[ARRAY_SIZE(other) + 1] = { { 1 } };');
    assert.deepEqual([name, array], ['table', true]);
  });

  it('is found behind attributes', () => {
    assert.equal(variable('static struct foo table __ro_after_init = { 1 };').name, 'table');
    assert.equal(variable('static struct foo table __section(".data.x") __aligned(8) = { 1 };').name, 'table');
    assert.equal(variable('static int __initdata count = 1;').name, 'count');
  });

  it('is found where its struct is defined on the spot', () => {
    const text = 'static const struct { int id; const struct dma_buf_ops *ops; } table[] = {\n\t{ 1, &foo_ops },\n};\n';
    const { name, array, valueAt } = variable(text);
    assert.deepEqual([name, array, valueAt], ['table', true, text.indexOf('= {') + 1]);
    assert.equal(variable('struct foo { int a; } x = { 1 };').type, 'struct foo');
  });

  it('is found after a macro call without a semicolon', () => {
    assert.equal(variable('DEFINE_SOMETHING(bar)\nstatic struct foo x = { 1 };').name, 'x');
  });

  it('is none: a prototype, a typedef, a macro call, a struct alone, an enum alone', () => {
    for (const text of [
      'int foo(int a);',
      'typedef struct foo foo_t;',
      'DEFINE_MUTEX(lock);',
      'struct foo { int a; };',
      'struct foo;',
      'enum { A, B };',
    ])
      assert.deepEqual(unitOf(text).variables, [], text);
  });

  it('is not found in the body of a function', () => {
    assert.deepEqual(unitOf('int foo(void)\n{\n\tstatic struct foo x = { 1 };\n\treturn x.a;\n}\n').variables, []);
  });
});

describe('the outline of a struct', () => {
  it('has its tag and its fields in order', () => {
    const { tag, fields } = struct(
      'struct foo {\n\tbool allow_peer2peer;\n\tconst struct dma_buf_ops *ops;\n\tunsigned long flags;\n};\n',
    );
    assert.equal(tag, 'foo');
    assert.deepEqual(
      fields.map(({ name, type, pointer, isFunction }) => [name, type, pointer, isFunction]),
      [
        ['allow_peer2peer', 'bool', false, false],
        ['ops', 'struct dma_buf_ops', true, false],
        ['flags', 'unsigned long', false, false],
      ],
    );
  });

  it('has function pointers, also those that take or return pointers', () => {
    const { fields } = struct(
      'struct foo {\n\tint (*pin)(struct dma_buf_attachment *attach);\n\tstruct sg_table * (*map)(struct a *, enum b);\n\tvoid (*each)(int (*fn)(int n));\n};\n',
    );
    assert.deepEqual(
      fields.map(({ name, isFunction }) => [name, isFunction]),
      [
        ['pin', true],
        ['map', true],
        ['each', true],
      ],
    );
  });

  it('has bit-fields and arrays', () => {
    assert.deepEqual(fieldNames('struct foo { u8 a:1; unsigned int b : 3, c : 4; char name[16]; int grid[2][N]; };'), [
      'a',
      'b',
      'c',
      'name',
      'grid',
    ]);
  });

  it('has several names of one declaration, each with its own star', () => {
    const { fields } = struct('struct foo { struct bar *a, b, *c; };');
    assert.deepEqual(
      fields.map(({ name, pointer }) => [name, pointer]),
      [
        ['a', true],
        ['b', false],
        ['c', true],
      ],
    );
  });

  it('has the fields of anonymous structs and unions as its own', () => {
    assert.deepEqual(
      fieldNames(
        'struct foo {\n\tint a;\n\tunion {\n\t\tstruct {\n\t\t\tint b;\n\t\t\tint c;\n\t\t};\n\t\tlong d;\n\t};\n\tint e;\n};\n',
      ),
      ['a', 'b', 'c', 'd', 'e'],
    );
  });

  it('has a named inner struct as one field', () => {
    assert.deepEqual(
      fieldNames('struct foo { struct { int a; int b; } inner; struct bar { int c; } *other; int d; };'),
      ['inner', 'other', 'd'],
    );
  });

  it('has a field whose enum is defined on the spot', () => {
    assert.deepEqual(fieldNames('struct foo { enum { IDLE, BUSY } state; enum mode { M_A = 1, M_B } mode; int a; };'), [
      'state',
      'mode',
      'a',
    ]);
  });

  it('is read through attributes, comments and conditions', () => {
    const text =
      'struct __packed foo {\n\tint a __aligned(8);\n\t/* int no; */\n#ifdef CONFIG_B\n\tint b;\n#else\n\tlong b;\n#endif\n\tvoid __user *c;\n} __aligned(16);\n';
    assert.deepEqual(fieldNames(text), ['a', 'b', 'b', 'c']);
  });

  it('says where each field stands', () => {
    const text = 'struct foo {\n\tbool first;\n\tunion { bool second; };\n\tbool (*third)(int first);\n};\n';
    const { fields } = struct(text);
    for (const name of ['first', 'second'])
      assert.equal(fields.find((field) => field.name === name)?.at, text.indexOf(name), name);
  });

  it('may be defined along with a variable', () => {
    const { structs, variables } = unitOf('static struct foo { int a; int b; } x = { 1, 2 };');
    assert.deepEqual(
      structs.map(({ tag, fields }) => [tag, fields.map((field) => field.name)]),
      [['foo', ['a', 'b']]],
    );
    assert.deepEqual(
      variables.map(({ name }) => name),
      ['x'],
    );
  });

  it('is none without a tag, and none when only declared', () => {
    assert.deepEqual(unitOf('struct foo;\nstruct { int a; } x;\nstruct foo *f(void);\n').structs, []);
  });
});
