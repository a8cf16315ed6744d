import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { literal, name, withoutOffsets } from '../../dev/examples/lowered.js';
import { outlineFile } from '../outline/outline.js';
import { treeAttributeWords } from '../prepare/attributes.js';
import type { Expression } from '../syntax.js';
import { lowerInitialiser } from './lower.js';

const attributes = treeAttributeWords(() => undefined, []);

function lower(text: string): Expression | undefined {
  const file = outlineFile('drivers/example/example.c', text, attributes);
  const [outline] = file.unit.variables;
  assert.ok(outline, 'no variable');
  return lowerInitialiser(file, outline, attributes);
}

/** The value of the one variable of a text, without offsets. */
function value(text: string): unknown {
  const lowered = lower(text);
  return lowered && withoutOffsets(lowered);
}

const list = (...entries: unknown[]) => ({ kind: 'initialiser', entries });
const entry = (designators: readonly string[], inner: unknown) => ({ designators, value: inner });

describe('lowering an initialiser', () => {
  it('reads designated entries', () => {
    assert.deepEqual(
      value('static const struct foo x = {\n\t.a = f,\n\t.b = true,\n};'),
      list(entry(['a'], name('f')), entry(['b'], name('true'))),
    );
  });

  it('reads positional entries, and both kinds mixed', () => {
    assert.deepEqual(
      value('struct foo x = { true, f, .c = g };'),
      list(entry([], name('true')), entry([], name('f')), entry(['c'], name('g'))),
    );
  });

  it('reads nested tables, and designators that reach into one', () => {
    assert.deepEqual(
      value('struct foo x = { .ops = { .pin = f }, .a.b = g };'),
      list(entry(['ops'], list(entry(['pin'], name('f')))), entry(['a', 'b'], name('g'))),
    );
  });

  it('reads arrays, and marks their designators', () => {
    assert.deepEqual(
      value('struct foo x[] = { [A] = { .a = f }, { .a = g }, };'),
      list(entry(['[…]'], list(entry(['a'], name('f')))), entry([], list(entry(['a'], name('g'))))),
    );
  });

  it('reads a value that is no list', () => {
    assert.deepEqual(value('struct foo *x = &y;'), { kind: 'unary', operator: '&', operand: name('y') });
    assert.deepEqual(value('char x[] = "a = { b; }";'), literal('"a = { b; }"'));
    assert.deepEqual(value('int x = 1;'), literal('1'));
  });

  it('reads casts, addresses and calls in entries', () => {
    assert.deepEqual(
      value('struct foo x = { .a = (void *)f, .b = &g, .c = FOO(h) };'),
      list(
        entry(['a'], { kind: 'cast', type: 'void *', operand: name('f') }),
        entry(['b'], { kind: 'unary', operator: '&', operand: name('g') }),
        entry(['c'], { kind: 'call', callee: name('FOO'), arguments: [name('h')] }),
      ),
    );
  });

  it('keeps all branches of a condition', () => {
    assert.deepEqual(
      value(
        'struct foo x = {\n#ifdef CONFIG_A\n\t.a = f,\n#else\n\t.a = g,\n#endif\n#if 0\n\t.b = never,\n#endif\n\t.c = h, /* .d = i */\n};',
      ),
      list(entry(['a'], name('f')), entry(['a'], name('g')), entry(['c'], name('h'))),
    );
  });

  it('is undefined where there is no value', () => {
    assert.equal(value('static struct foo x;'), undefined);
    assert.equal(value('extern struct foo x;'), undefined);
  });

  it('has the offsets of the file', () => {
    const text = '/* first */\n\nstatic const struct foo x = {\n\t.a = f,\n\t.b = { .c = g },\n};\n';
    const lowered = lower(text);
    assert.equal(lowered?.kind, 'initialiser');
    assert.equal(lowered.at, text.indexOf('{'));
    assert.deepEqual(
      lowered.entries.map((inner) => inner.at),
      [text.indexOf('.a'), text.indexOf('.b')],
    );
    assert.equal(lowered.entries[0]?.value.at, text.indexOf('f,'));
  });

  it('holds its offsets at the very start of a file too', () => {
    const text = 'int x={y};';
    const lowered = lower(text);
    assert.equal(lowered?.kind === 'initialiser' && lowered.entries[0]?.value.at, text.indexOf('y'));
    assert.deepEqual(value('T x=y;'), name('y'));
  });

  it('never throws where there is no C', () => {
    const attempt = (text: string) => {
      const file = outlineFile('a.c', text, attributes);
      for (const variable of file.unit.variables) lowerInitialiser(file, variable, attributes);
    };
    for (const text of [
      'int x = ;',
      'int x = {;',
      'int x = } ;',
      'int x = { .a = };',
      'int x = \u0000;',
      'int x = { , , };',
    ])
      assert.doesNotThrow(() => attempt(text), text);
  });
});
