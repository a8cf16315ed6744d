import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outlineFile, readIncludes } from '../outline/outline.js';
import { conditionAt } from '../positions.js';
import { treeAttributeWords } from './attributes.js';

const attributes = treeAttributeWords(() => undefined, []);

function outline(text: string) {
  return outlineFile('drivers/example/example.c', text, attributes);
}

function functionNames(text: string): readonly string[] {
  return outline(text).unit.functions.map((entry) => entry.name);
}

function assumptions(text: string): readonly string[] {
  return outline(text).unit.assumptions.map((entry) => entry.condition);
}

describe('what no compiler sees', () => {
  it('is left out: #if 0, and the #else of #if 1', () => {
    assert.deepEqual(functionNames('#if 0\nvoid a(void) { }\n#else\nvoid b(void) { }\n#endif\nvoid c(void) { }\n'), [
      'b',
      'c',
    ]);
    assert.deepEqual(functionNames('#if 1\nvoid a(void) { }\n#else\nvoid b(void) { }\n#endif\n'), ['a']);
    assert.deepEqual(functionNames('#if 0 /* broken since 2.6 */\nvoid a(void) { }\n#endif\n'), []);
  });

  it('takes everything nested in it along', () => {
    const text =
      '#if 0\n#ifdef CONFIG_A\nvoid a(void) { }\n#else\nvoid b(void) { }\n#endif\n#endif\nvoid c(void) { }\n';
    assert.deepEqual(functionNames(text), ['c']);
    assert.deepEqual(assumptions(text), []);
  });

  it('includes no file', () => {
    const text = '#if 0\n#include "old.h"\n#endif\n/*\n#include "older.h"\n*/\n#include "new.h"\n';
    const { unit } = outline(text);
    assert.deepEqual(
      unit.includes.map((include) => include.path),
      ['new.h'],
    );
    assert.deepEqual(readIncludes(text), unit.includes);
    assert.deepEqual(readIncludes('int f(void);\n'), []);
  });

  it('may hold prose with apostrophes and lone braces', () => {
    assert.deepEqual(functionNames("#if 0\nThis doesn't work { yet.\n#endif\nvoid a(void) { }\n"), ['a']);
  });

  it('makes no assumption, and loses nothing, where only the dead branch and the live one differ in braces', () => {
    const text = '#if 0\nint a(int x)\n{\n#else\nint a(void)\n{\n#endif\n\treturn 1;\n}\nint b(void) { return 2; }\n';
    assert.deepEqual(functionNames(text), ['a', 'b']);
    assert.deepEqual(outline(text).unit.functions[0]?.parameters, []);
    assert.deepEqual(assumptions(text), []);
  });
});

describe('branches that both can be kept', () => {
  it('are both kept, and no assumption is made', () => {
    const text = '#ifdef CONFIG_A\nint a(void) { return 1; }\n#else\nint a(void) { return 0; }\n#endif\n';
    assert.deepEqual(functionNames(text), ['a', 'a']);
    assert.deepEqual(assumptions(text), []);
  });
});

describe('branches that open what stands after them', () => {
  const text = `#ifdef CONFIG_A
int a(int x)
{
#else
int a(void)
{
#endif
	return 1;
}
int b(void) { return 2; }
`;

  it('keep the first one, and record its condition', () => {
    const { unit } = outline(text);
    assert.deepEqual(
      unit.functions.map((entry) => entry.name),
      ['a', 'b'],
    );
    assert.deepEqual(unit.functions[0]?.parameters, [{ name: 'x', type: 'int' }]);
    assert.deepEqual(unit.assumptions, [{ at: 0, end: text.indexOf('#else'), condition: '#ifdef CONFIG_A' }]);
  });

  it('are judged by parentheses too: a head cut in two does not hide the rest of the file', () => {
    const cut =
      '#ifdef CONFIG_A\nint a(int x,\n#else\nint a(\n#endif\n      int y)\n{\n\treturn y;\n}\nint b(void) { return 2; }\n';
    assert.deepEqual(functionNames(cut), ['a', 'b']);
    assert.deepEqual(assumptions(cut), ['#ifdef CONFIG_A']);
  });

  it('are taken as true where there is one only', () => {
    const single =
      'int a(int x)\n{\n#ifdef CONFIG_A\n\tif (x) {\n#endif\n\t\tx++;\n#ifdef CONFIG_A\n\t}\n#endif\n\treturn x;\n}\nint b(void) { return 2; }\n';
    assert.deepEqual(functionNames(single), ['a', 'b']);
    assert.deepEqual(assumptions(single), ['#ifdef CONFIG_A', '#ifdef CONFIG_A']);
  });

  it('are judged by themselves where groups are nested: the inner choice does not force the outer one', () => {
    const nested =
      '#ifdef CONFIG_A\n#ifdef CONFIG_B\nint a(int x)\n{\n#else\nint a(void)\n{\n#endif\n\treturn 1;\n}\n#else\nint c(void) { return 3; }\n#endif\nint b(void) { return 2; }\n';
    assert.deepEqual(functionNames(nested), ['a', 'c', 'b']);
    assert.deepEqual(assumptions(nested), ['#ifdef CONFIG_B']);
  });
});

describe('directives that do not pair up', () => {
  it('do not stop the reading', () => {
    assert.deepEqual(functionNames('#endif\n#else\nvoid a(void) { }\n'), ['a']);
    assert.deepEqual(functionNames('#ifdef CONFIG_A\nvoid a(void) { }\n'), ['a']);
    assert.deepEqual(functionNames('#ifdef CONFIG_A\n#ifdef CONFIG_B\nvoid a(void) { }\n#endif\nvoid b(void) { }\n'), [
      'a',
      'b',
    ]);
  });
});

describe('the condition that a place stands under', () => {
  const text =
    '#ifdef A\nint a;\n#if B\nint b;\n#elif C\nint c;\n#else\nint d;\n#endif\nint e;\n#else\nint f;\n#endif\nint g;\n';
  const { unit } = outline(text);
  const under = (name: string) => conditionAt(unit, text.indexOf(`int ${name}`));

  it('is the innermost one, as it is written', () => {
    assert.equal(under('a'), '#ifdef A');
    assert.equal(under('b'), '#if B');
    assert.equal(under('e'), '#ifdef A');
  });

  it('names the group for #elif and #else', () => {
    assert.equal(under('c'), '#elif C of #if B');
    assert.equal(under('d'), '#else of #if B');
    assert.equal(under('f'), '#else of #ifdef A');
  });

  it('is null outside of all groups', () => {
    assert.equal(under('g'), null);
  });

  it('is null where the condition always holds', () => {
    const always = '#if 1\nint a;\n#endif\n#if 0\nint b;\n#else\nint c;\n#endif\n';
    const file = outline(always);
    assert.equal(conditionAt(file.unit, always.indexOf('int a')), null);
    assert.equal(conditionAt(file.unit, always.indexOf('int c')), null);
  });
});
