import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Macro } from '../../c/index.js';
import { expandMacros } from './macro-text.js';

const macro = (name: string, parameters: readonly string[] | null, body: string): readonly [string, Macro] => [
  name,
  { at: 0, name, parameters, body },
];

const macros: ReadonlyMap<string, Macro> = new Map([
  macro('OUT', null, 'goto out'),
  macro('FAIL', ['label', 'code'], 'do { ret = (code); goto label; } while (0)'),
  macro('CHECK', ['cond', 'action'], 'if (!(cond)) { action; }'),
  macro('TRY', ['step'], 'CHECK((step) == 0, OUT)'),
  macro('LOG', ['fmt', '...'], 'printk(fmt, ##__VA_ARGS__)'),
  macro('NOTE', ['fmt', 'args...'], 'say(fmt, ## args, 0)'),
  macro('NAME', ['x'], 'say(#x, ex_##x)'),
  macro('LEAVE', ['p', 'where'], 'if (IS_ERR(p)) goto err_##where;'),
  macro('AGAIN', ['x'], 'AGAIN(x) + 1'),
]);

function expand(text: string) {
  return expandMacros({ text, origins: [...text].map((_, index) => 100 + index) }, macros) ?? assert.fail();
}
const squeezed = (text: string): string => expand(text).text.replace(/\s+/g, ' ');

describe('the expansion of macros in a text', () => {
  it('puts arguments in the place of parameters', () =>
    assert.equal(squeezed('FAIL(put, f(a, b))'), 'do { ret = (f(a, b)); goto put; } while (0)'));
  it('takes a statement as an argument', () =>
    assert.equal(squeezed('CHECK(x, ret = 1; goto put)'), 'if (!(x)) { ret = 1; goto put; }'));
  it('goes on through further macros', () => assert.equal(squeezed('TRY(f())'), 'if (!((f()) == 0)) { goto out; }'));
  it('gives the rest of the arguments to `...`', () =>
    assert.equal(squeezed('LOG("%d, %d", a, b)'), 'printk("%d, %d",a,b)'));
  it('drops the comma before an empty rest', () =>
    assert.equal(
      squeezed('LOG("none"); NOTE("one"); NOTE("two", 2)'),
      'printk("none"); say("one", 0); say("two",2, 0)',
    ));
  it('joins a word with an argument that stands after a blank', () =>
    assert.equal(squeezed('LEAVE(x, put)'), 'if (IS_ERR(x)) goto err_put;'));
  it('makes strings and names', () => assert.equal(squeezed('NAME(dma_buf_pin)'), 'say("", ex_dma_buf_pin)'));
  it('leaves a macro alone that stands for itself', () => assert.equal(squeezed('AGAIN(1)'), 'AGAIN(1) + 1'));
  it('leaves the name of a macro alone that is not called', () => assert.equal(squeezed('x = FAIL;'), 'x = FAIL;'));

  it('tells where each character comes from: an argument from its own place, all else from the use', () => {
    const { text, origins } = expand('a; FAIL(put, f())');
    assert.equal(origins.length, text.length);
    assert.equal(origins[text.indexOf('f()')], 100 + 'a; FAIL(put, '.length);
    assert.equal(origins[text.indexOf('goto')], 103);
  });
});
