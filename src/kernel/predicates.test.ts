import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Expression } from '../c/index.js';
import {
  asksForError,
  errorConversions,
  isErrorCode,
  isErrorMacro,
  isErrorValue,
  isFailureTest,
  isFalseConstant,
  isHint,
  isNullPointer,
  isNullWord,
  isReadOfMember,
  isResultVariable,
  predicates,
  transparentArgument,
} from './predicates.js';

const name = (text: string): Expression => ({ kind: 'name', name: text, at: 0 });
const literal = (text: string): Expression => ({ kind: 'literal', text, at: 0 });
const call = (callee: string, ...args: readonly Expression[]): Expression => ({
  kind: 'call',
  callee: name(callee),
  arguments: args,
  at: 0,
  end: 0,
});
const minus = (operand: Expression): Expression => ({ kind: 'unary', operator: '-', operand, at: 0 });

describe('a question about an error', () => {
  it('is true of an error', () => {
    for (const { trueFor } of predicates.values()) assert.ok(trueFor.includes('error'));
  });

  it('is true of NULL only where its name says so', () => {
    assert.deepEqual(
      [...predicates.values()].filter(({ trueFor }) => trueFor.includes('zero')).map((row) => row.name),
      ['IS_ERR_OR_NULL'],
    );
  });

  it('is an error itself only where it converts', () => {
    assert.deepEqual(
      [...predicates.values()].filter(({ answer }) => answer === 'error').map((row) => row.name),
      ['PTR_ERR_OR_ZERO', 'xa_err'],
    );
  });

  it('is found in the body of a macro', () => {
    assert.equal(asksForError('do { if (IS_ERR(p)) return PTR_ERR(p); } while (0)'), true);
    assert.equal(asksForError('do { if (!p) return -ENOMEM; } while (0)'), false);
    assert.equal(asksForError('return PTR_ERR_OR_ZERO(p);'), true);
    assert.equal(asksForError('return PTR_ERR(p);'), false);
    assert.equal(asksForError('((unsigned long)(p) >= (unsigned long)-MAX_ERRNO)'), true);
  });
});

describe('a conversion of an error', () => {
  it('makes a pointer, or takes the number out of one', () => {
    assert.deepEqual(
      [...errorConversions.values()].map((row) => [row.name, row.to]),
      [
        ['ERR_PTR', 'pointer'],
        ['ERR_CAST', 'pointer'],
        ['PTR_ERR', 'number'],
      ],
    );
  });

  it('is a macro that changes nothing, as a question is', () => {
    for (const macro of [
      'ERR_PTR',
      'ERR_CAST',
      'PTR_ERR',
      'PTR_ERR_OR_ZERO',
      'IS_ERR',
      'IS_ERR_OR_NULL',
      'IS_ERR_VALUE',
    ])
      assert.equal(isErrorMacro(macro), true, macro);
    for (const other of ['ERR', 'dma_buf_put', 'MY_IS_ERR']) assert.equal(isErrorMacro(other), false, other);
  });
});

describe('a macro that is as true as an argument', () => {
  it('hints, reads or warns', () => {
    for (const macro of ['likely', 'unlikely', 'READ_ONCE', 'WARN_ON', 'WARN_ON_ONCE', 'WARN', 'XE_WARN_ON'])
      assert.equal(transparentArgument(macro), 0, macro);
  });

  it('has the device first in DRM', () => {
    for (const macro of ['drm_WARN', 'drm_WARN_ON', 'drm_WARN_ON_ONCE', 'drm_WARN_ONCE'])
      assert.equal(transparentArgument(macro), 1, macro);
  });

  it('is no question about an error, and no function', () => {
    for (const other of ['IS_ERR', 'BUG_ON', 'very_likely_so'])
      assert.equal(transparentArgument(other), undefined, other);
  });

  it('may be a test for a failure, or a mere hint', () => {
    for (const macro of ['IS_ERR', 'IS_ERR_OR_NULL', 'WARN_ON', 'drm_WARN_ON'])
      assert.equal(isFailureTest(macro), true, macro);
    for (const macro of ['likely', 'READ_ONCE', 'test_bit']) assert.equal(isFailureTest(macro), false, macro);
    assert.deepEqual(['likely', 'unlikely', 'WARN_ON'].map(isHint), [true, true, false]);
  });

  it('or a function may read a member', () => {
    for (const one of ['READ_ONCE', 'smp_load_acquire', 'atomic_read', 'test_bit', 'unlikely', 'WARN_ON'])
      assert.equal(isReadOfMember(one), true, one);
    for (const one of ['drm_WARN_ON', 'atomic_set', 'dma_fence_is_signaled'])
      assert.equal(isReadOfMember(one), false, one);
  });
});

describe('a constant', () => {
  const constants: readonly (readonly [string, Expression, readonly boolean[]])[] = [
    ['NULL', name('NULL'), [true, true, true]],
    ['0', literal('0'), [false, true, true]],
    ['0UL', literal('0UL'), [false, true, true]],
    ['false', name('false'), [false, false, true]],
    ['1', literal('1'), [false, false, false]],
    ['attach', name('attach'), [false, false, false]],
  ];
  for (const [text, expression, expected] of constants)
    it(`${text} is the word NULL, a null pointer, not true: ${expected.join(', ')}`, () => {
      assert.deepEqual([isNullWord(expression), isNullPointer(expression), isFalseConstant(expression)], expected);
    });
});

describe('an error value', () => {
  const errors: readonly (readonly [string, Expression])[] = [
    ['-EINVAL', minus(name('EINVAL'))],
    ['-1', minus(literal('1'))],
    ['ERR_PTR(-ENOMEM)', call('ERR_PTR', minus(name('ENOMEM')))],
    ['ERR_CAST(table)', call('ERR_CAST', name('table'))],
  ];
  for (const [text, expression] of errors) it(`is ${text}`, () => assert.equal(isErrorValue(expression), true));

  const others: readonly (readonly [string, Expression | null])[] = [
    ['nothing', null],
    ['ret', name('ret')],
    ['PTR_ERR(table)', call('PTR_ERR', name('table'))],
    ['0', literal('0')],
  ];
  for (const [text, expression] of others) it(`is not ${text}`, () => assert.equal(isErrorValue(expression), false));

  it('has a code', () => {
    assert.deepEqual(['EINVAL', 'EPROBE_DEFER', 'E2BIG', 'Error', 'ERR_PTR', 'INVAL'].map(isErrorCode), [
      ...[true, true, true],
      ...[false, false, false],
    ]);
  });

  it('is kept in a variable whose name drivers have for it', () => {
    assert.deepEqual(
      ['ret', 'rc', 'err', 'error', 'result', 'ret2', 'attach', 'table', 'is_ret'].map(isResultVariable),
      [...[true, true, true, true, true, true], ...[false, false, false]],
    );
  });
});
