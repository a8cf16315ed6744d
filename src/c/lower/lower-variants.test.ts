import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { literal, lowered, loweredBody, name, run } from '../../dev/examples/lowered.js';

describe('conditions of the preprocessor inside a body', () => {
  it('become variants: every branch is kept, with its condition', () => {
    assert.deepEqual(loweredBody('#ifdef A\n\ta();\n#elif defined(B)\n\tb();\n#else\n\tc();\n#endif\n\td();'), [
      {
        kind: 'variants',
        branches: [
          { condition: '#ifdef A', body: [run('a')] },
          { condition: '#elif defined(B)', body: [run('b')] },
          { condition: '#else', body: [run('c')] },
        ],
      },
      run('d'),
    ]);
  });

  it('are written on one line, without comments', () => {
    const [variants] = loweredBody('#if defined(A) && \\\n\tdefined(B) /* both */\n\ta();\n#endif') as {
      branches: { condition: string }[];
    }[];
    assert.deepEqual(
      variants?.branches.map((branch) => branch.condition),
      ['#if defined(A) && defined(B)'],
    );
  });

  it('may be nested, and may stand around cases', () => {
    assert.deepEqual(loweredBody('switch (x) {\n#ifdef A\ncase 1:\n\ta();\n#endif\ncase 2:\n\tb();\n}'), [
      {
        kind: 'switch',
        subject: name('x'),
        body: [
          {
            kind: 'variants',
            branches: [{ condition: '#ifdef A', body: [{ kind: 'case', value: literal('1') }, run('a')] }],
          },
          { kind: 'case', value: literal('2') },
          run('b'),
        ],
      },
    ]);
  });

  it('leave the first branch where they cut a statement in two, and the choice is recorded', () => {
    const unit = lowered(
      'int f(void)\n{\n\tif (a\n#ifdef CONFIG_B\n\t    && b()\n#else\n\t    || c()\n#endif\n\t   )\n\t\td();\n\treturn 0;\n}\n',
    );
    assert.deepEqual(unit.unparsed, []);
    assert.deepEqual(
      unit.assumptions.map((assumption) => assumption.condition),
      ['#ifdef CONFIG_B'],
    );
    assert.match(JSON.stringify(unit.body), /"b"/);
    assert.doesNotMatch(JSON.stringify(unit.body), /"c"/);
  });

  it('leave the first branch also where two groups cut statements, and the parser sees the second only then', () => {
    const unit = lowered(
      [
        'int f(void)\n{',
        '#if A\n\tif (!(x->f & 1))\n\t\tb();\n#else\n\tif (!(x->f & 2))\n\t\tc();\n#endif\n\telse\n\t\td(x, 1);',
        '\tif (x->f & 4)\n\t\te();\n#if A\n\telse if (x->f & 8) {\n\t\tg();\n\t}\n#endif',
        '\telse if ((x->f & 16) && x->v) {\n\t\th();\n\t} else {\n\t\ti();\n\t}',
        '\treturn k();\n}\n',
      ].join('\n'),
    );
    assert.deepEqual(unit.unparsed, []);
    assert.deepEqual(
      unit.assumptions.map((assumption) => assumption.condition),
      ['#if A', '#if A'],
    );
    assert.match(JSON.stringify(unit.body), /"b".*"d".*"e".*"g".*"h".*"i".*"k"/);
  });

  it('are not seen where no compiler sees them', () => {
    assert.deepEqual(loweredBody('#if 0\n\ta(;\n#endif\n\tb();'), [run('b')]);
    assert.deepEqual(loweredBody('#if 0\n\ta();\n#else\n\tb();\n#endif'), [run('b')]);
    assert.deepEqual(loweredBody('#if 1\n\ta();\n#else\n\tb();\n#endif'), [run('a')]);
    assert.deepEqual(loweredBody('#if 0\n\ta();\n#elif B\n\tb();\n#endif'), [
      { kind: 'variants', branches: [{ condition: '#elif B', body: [run('b')] }] },
    ]);
  });
});

describe('what cannot be parsed', () => {
  it('is listed with its place, and the rest of the body is kept', () => {
    const text = 'void f(void)\n{\n\ta();\n\t@ @ @;\n\tb();\n}\n';
    const unit = lowered(text);
    assert.equal(unit.unparsed.length > 0, true);
    for (const piece of unit.unparsed) assert.equal(text.slice(piece.at).startsWith(piece.text.slice(0, 1)), true);
    assert.match(JSON.stringify(unit.body), /"a".*"b"/);
  });

  it('never throws', () => {
    for (const text of [
      'void f(void) {',
      'void f(void) { if }',
      'void f(void) { ) }',
      'void f(void) { case }',
      'void f(void) { \u0000 }',
      'void f(void) { #if\n }',
      'void f(void) { = = }',
    ])
      assert.doesNotThrow(() => lowered(text), text);
  });
});
