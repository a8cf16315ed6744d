// biome-ignore-all lint/suspicious/noThenProperty: the model calls a branch so
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { call, loweredBody, name, run } from '../../dev/examples/lowered.js';

describe('lowering statements', () => {
  const cases: readonly (readonly [what: string, text: string, expected: readonly unknown[]])[] = [
    ['an expression', 'a();', [run('a')]],
    ['an empty statement', ';', []],
    ['a block', '{ a(); b(); }', [{ kind: 'block', body: [run('a'), run('b')] }]],
    ['if', 'if (x) a();', [{ kind: 'if', test: name('x'), then: [run('a')], otherwise: [] }]],
    [
      'if with else',
      'if (x) { a(); } else b();',
      [{ kind: 'if', test: name('x'), then: [run('a')], otherwise: [run('b')] }],
    ],
    [
      'else if',
      'if (x) a(); else if (y) b(); else c();',
      [
        {
          kind: 'if',
          test: name('x'),
          then: [run('a')],
          otherwise: [{ kind: 'if', test: name('y'), then: [run('b')], otherwise: [run('c')] }],
        },
      ],
    ],
    ['while', 'while (x) a();', [{ kind: 'while', test: name('x'), body: [run('a')] }]],
    ['do', 'do { a(); } while (x);', [{ kind: 'do', test: name('x'), body: [run('a')] }]],
    [
      'for',
      'for (a(); x; b()) c();',
      [{ kind: 'for', start: [run('a')], test: name('x'), update: call('b'), body: [run('c')] }],
    ],
    [
      'for with a declaration',
      'for (int i = y; ; ) c();',
      [
        {
          kind: 'for',
          start: [{ kind: 'declaration', name: 'i', type: 'int', pointer: false, value: name('y'), cleanup: null }],
          test: null,
          update: null,
          body: [run('c')],
        },
      ],
    ],
    ['for without anything', 'for (;;) { }', [{ kind: 'for', start: [], test: null, update: null, body: [] }]],
    [
      'switch',
      'switch (x) { case A: case B: a(); break; default: b(); }',
      [
        {
          kind: 'switch',
          subject: name('x'),
          body: [
            { kind: 'case', value: name('A') },
            { kind: 'case', value: name('B') },
            run('a'),
            { kind: 'break' },
            { kind: 'case', value: null },
            run('b'),
          ],
        },
      ],
    ],
    [
      'labels and gotos',
      'goto out;\nout:\n\ta();',
      [{ kind: 'goto', label: 'out' }, { kind: 'label', name: 'out' }, run('a')],
    ],
    ['a label at the end', 'out:;', [{ kind: 'label', name: 'out' }]],
    ['return', 'return;', [{ kind: 'return', value: null }]],
    ['return with a value', 'return x;', [{ kind: 'return', value: name('x') }]],
    [
      'break and continue',
      'while (x) { if (y) break; continue; }',
      [
        {
          kind: 'while',
          test: name('x'),
          body: [{ kind: 'if', test: name('y'), then: [{ kind: 'break' }], otherwise: [] }, { kind: 'continue' }],
        },
      ],
    ],
    [
      'comments and directives that say nothing',
      '/* a */ // b\n#undef X\n#pragma once\n#define Y \\\n\tz();\na();',
      [run('a')],
    ],
    ['a type on its own', 'struct foo { int a; };\nenum { A, B };\ntypedef int foo_t;\na();', [run('a')]],
  ];
  for (const [what, text, expected] of cases)
    it(`reads ${what}`, () => {
      assert.deepEqual(loweredBody(text), expected);
    });

  it('takes the macro of a loop or a scope, with its arguments and its statement', () => {
    assert.deepEqual(loweredBody('list_for_each_entry(pos, head, node) { a(); }'), [
      {
        kind: 'macro-block',
        macro: 'list_for_each_entry',
        arguments: [name('pos'), name('head'), name('node')],
        body: [run('a')],
      },
    ]);
    assert.deepEqual(loweredBody('scoped_guard(mutex, lock)\n\ta();'), [
      { kind: 'macro-block', macro: 'scoped_guard', arguments: [name('mutex'), name('lock')], body: [run('a')] },
    ]);
    assert.deepEqual(loweredBody('for_each_child(node);'), [
      { kind: 'macro-block', macro: 'for_each_child', arguments: [name('node')], body: [] },
    ]);
  });

  it('keeps a guard as the call of a call', () => {
    assert.deepEqual(loweredBody('guard(mutex)(lock);'), [
      { kind: 'expression', expression: { kind: 'call', callee: call('guard', 'mutex'), arguments: [name('lock')] } },
    ]);
  });
});

describe('lowering declarations', () => {
  const declared = (text: string) => loweredBody(text) as Record<string, unknown>[];

  it('has one statement for each name', () => {
    assert.deepEqual(
      declared('struct foo *a = x, b, **c;').map(({ name, type, pointer, value }) => ({ name, type, pointer, value })),
      [
        { name: 'a', type: 'struct foo', pointer: true, value: name('x') },
        { name: 'b', type: 'struct foo', pointer: false, value: null },
        { name: 'c', type: 'struct foo', pointer: true, value: null },
      ],
    );
  });

  it('has arrays, function pointers and types of several words', () => {
    assert.deepEqual(
      declared('unsigned long a[4] = { 0 };\nint (*fn)(int n) = g;\nstatic const char *s = "x";').map(
        ({ name, pointer, type }) => [name, pointer, type],
      ),
      [
        ['a', false, 'unsigned long'],
        ['fn', true, 'int'],
        ['s', true, 'char'],
      ],
    );
  });

  it('keeps what releases a variable when it leaves scope', () => {
    assert.deepEqual(
      declared('struct foo *p __free(kfree) = a();\nint n __cleanup(put) = 0;\nint m;').map(({ name, cleanup }) => [
        name,
        cleanup,
      ]),
      [
        ['p', 'kfree'],
        ['n', '&put'],
        ['m', null],
      ],
    );
  });

  it('finds it before the type', () => {
    assert.deepEqual(
      declared('int m; __cleanup(put) struct foo *p = a();').map(({ cleanup }) => cleanup),
      [null, '&put'],
    );
  });

  it('keeps it for the name that it stands behind, and for no other', () => {
    assert.deepEqual(
      declared('struct foo *p __free(kfree) = NULL, *q = NULL, *r __free(put) = NULL;').map(({ name, cleanup }) => [
        name,
        cleanup,
      ]),
      [
        ['p', 'kfree'],
        ['q', null],
        ['r', 'put'],
      ],
    );
    assert.deepEqual(
      declared('struct foo *q, *p __free(kfree);').map(({ name, cleanup }) => [name, cleanup]),
      [
        ['q', null],
        ['p', 'kfree'],
      ],
    );
  });
});
