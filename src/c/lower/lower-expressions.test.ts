// biome-ignore-all lint/suspicious/noThenProperty: the model calls a branch so
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { literal, lowered, name, withoutOffsets } from '../../dev/examples/lowered.js';
import { callsIn } from '../visit.js';

/** The value of `x = …;`, without offsets. */
function value(text: string): unknown {
  const unit = lowered(`void f(void)\n{\n\tx = ${text};\n}\n`);
  assert.deepEqual(unit.unparsed, []);
  const [statement] = withoutOffsets(unit.body);
  return statement.expression.value;
}

const type = (text: string) => ({ kind: 'type', text });
const call = (callee: string, ...words: unknown[]) => ({ kind: 'call', callee: name(callee), arguments: words });

describe('lowering expressions', () => {
  const cases: readonly (readonly [what: string, text: string, expected: unknown])[] = [
    ['a name', 'a', name('a')],
    ['NULL, true and false', 'f(NULL, true, false)', call('f', name('NULL'), name('true'), name('false'))],
    ['a number', '0x1fUL', literal('0x1fUL')],
    ['a string, and strings side by side', 'f("a\\n", "b" "c")', call('f', literal('"a\\n"'), literal('"b" "c"'))],
    ['a character', "'a'", literal("'a'")],
    ['parentheses, which leave no trace', '((a))', name('a')],
    [
      'members',
      'a->b.c',
      {
        kind: 'member',
        object: { kind: 'member', object: name('a'), member: 'b', arrow: true },
        member: 'c',
        arrow: false,
      },
    ],
    ['an index', 'a[i]', { kind: 'index', object: name('a'), index: name('i') }],
    ['a call', 'f(a, b)', call('f', name('a'), name('b'))],
    [
      'a call through a member',
      'a->f(b)',
      { kind: 'call', callee: { kind: 'member', object: name('a'), member: 'f', arrow: true }, arguments: [name('b')] },
    ],
    ['unary operators', '!a', { kind: 'unary', operator: '!', operand: name('a') }],
    ['an address', '&a', { kind: 'unary', operator: '&', operand: name('a') }],
    ['a dereference', '*a', { kind: 'unary', operator: '*', operand: name('a') }],
    [
      'updates',
      'a++ - --b',
      {
        kind: 'binary',
        operator: '-',
        left: { kind: 'update', operator: '++', operand: name('a') },
        right: { kind: 'update', operator: '--', operand: name('b') },
      },
    ],
    [
      'a postfix operator before a prefix operator',
      '!a--',
      { kind: 'unary', operator: '!', operand: { kind: 'update', operator: '--', operand: name('a') } },
    ],
    [
      'a pointer that is read and moved on',
      '*a++ = b',
      {
        kind: 'assignment',
        operator: '=',
        target: { kind: 'unary', operator: '*', operand: { kind: 'update', operator: '++', operand: name('a') } },
        value: name('b'),
      },
    ],
    [
      'what a pointer points to, counted up',
      '(*a)++',
      { kind: 'update', operator: '++', operand: { kind: 'unary', operator: '*', operand: name('a') } },
    ],
    [
      'binary operators by their binding',
      'a || b & c',
      {
        kind: 'binary',
        operator: '||',
        left: name('a'),
        right: { kind: 'binary', operator: '&', left: name('b'), right: name('c') },
      },
    ],
    ['an assignment as a value', 'a |= b', { kind: 'assignment', operator: '|=', target: name('a'), value: name('b') }],
    ['a conditional', 'a ? b : c', { kind: 'conditional', test: name('a'), then: name('b'), otherwise: name('c') }],
    [
      'a conditional without a middle',
      'a ?: b',
      { kind: 'conditional', test: name('a'), then: null, otherwise: name('b') },
    ],
    ['a cast', '(struct foo *)a', { kind: 'cast', type: 'struct foo *', operand: name('a') }],
    [
      'a compound literal',
      '(struct foo){ .a = b }',
      {
        kind: 'compound-literal',
        type: 'struct foo',
        value: { kind: 'initialiser', entries: [{ designators: ['a'], value: name('b') }] },
      },
    ],
    ['a sequence', '(a, b, c)', { kind: 'sequence', items: [name('a'), name('b'), name('c')] }],
    ['sizeof', 'f(sizeof(struct foo), sizeof(*a))', call('f', type('sizeof(struct foo)'), type('sizeof(*a)'))],
    ['typeof in a cast', '(typeof(a))b', { kind: 'cast', type: 'typeof(a)', operand: name('b') }],
    ['offsetof as a call', 'offsetof(struct foo, a)', call('offsetof', type('struct foo'), name('a'))],
  ];
  for (const [what, text, expected] of cases)
    it(`reads ${what}`, () => {
      assert.deepEqual(value(text), expected);
    });

  it('reads a statement expression with its statements', () => {
    assert.deepEqual(value('({ g(); a; })'), {
      kind: 'statements',
      body: [
        { kind: 'expression', expression: call('g') },
        { kind: 'expression', expression: name('a') },
      ],
    });
  });

  it('reads types among the arguments of a macro as they are written', () => {
    assert.deepEqual(
      value('container_of(a, struct foo, b)'),
      call('container_of', name('a'), type('struct foo'), name('b')),
    );
    assert.deepEqual(value('min_t(unsigned int, a, b)'), call('min_t', type('unsigned int'), name('a'), name('b')));
    assert.deepEqual(value('min_t(int, a, b)'), call('min_t', type('int'), name('a'), name('b')));
    assert.deepEqual(value('va_arg(ap, struct foo *)'), call('va_arg', name('ap'), type('struct foo *')));
    assert.deepEqual(value('va_arg(ap, const void *)'), call('va_arg', name('ap'), type('const void *')));
    assert.deepEqual(value('kzalloc_obj(struct\tfoo)'), call('kzalloc_obj', type('struct foo')));
  });

  it('does not take a commented argument for a type', () => {
    assert.deepEqual(value('f(/* struct */ a, b /* int */)'), call('f', name('a'), name('b')));
  });

  it('takes inline assembly for a value that says nothing', () => {
    const unit = lowered('void f(void)\n{\n\tasm volatile("nop" : "=r" (a) : "r" (b) : "memory");\n\tg();\n}\n');
    assert.deepEqual(unit.unparsed, []);
    assert.deepEqual(
      callsIn(unit.body).map((entry) => entry.name),
      ['g'],
    );
  });
});

describe('the offsets of lowered code', () => {
  it('are those of the file', () => {
    const text =
      '/* before */\nstatic int __init f(void)\n{\n\tlist_for_each_entry(a, b, c)\n\t\tif (g(container_of(a, struct x, y)) > 0)\n\t\t\th(a);\n\treturn 0;\n}\n';
    const calls = callsIn(lowered(text).body);
    assert.deepEqual(
      calls.map((entry) => entry.name),
      ['g', 'container_of', 'h'],
    );
    for (const { name: called, call: found } of calls) {
      assert.equal(found.at, text.indexOf(`${called}(`));
      assert.equal(text[found.end - 1], ')');
    }
  });
});

describe('the calls in a body', () => {
  it('come in the order of the text, those in conditions, loops, variants and statement expressions among them', () => {
    const unit = lowered(
      'void f(void)\n{\n\tif (a()) b();\n\tfor (c(); d(); e()) g();\n#ifdef X\n\th();\n#endif\n\ti = ({ j(k()); });\n\tfoo(l)\n\t\tm();\n}\n',
    );
    assert.deepEqual(
      callsIn(unit.body).map((entry) => entry.name),
      ['a', 'b', 'c', 'd', 'e', 'g', 'h', 'j', 'k', 'm'],
    );
  });

  it('have the slot for a call through a member, and a name through a dereferenced or cast pointer', () => {
    const unit = lowered('void f(void)\n{\n\tops->move(a);\n\t(*fn)(b);\n\t((void (*)(int))g)(c);\n}\n');
    assert.deepEqual(
      callsIn(unit.body).map((entry) => [entry.name, entry.slot]),
      [
        [null, 'move'],
        ['fn', null],
        ['g', null],
      ],
    );
  });
});
