import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideBranches } from './decide-branches.js';
import { kernelMacros, noMacros } from './macro-table.js';
import { maskText } from './mask.js';

const kernel = kernelMacros([6, 12, 4]);

/** The fates of the branches of a text, in its order, in a kernel 6.12.4. */
function fates(text: string, before = kernel): readonly string[] {
  return [...decideBranches(maskText(text), before.macros).fates]
    .sort(([one], [other]) => one - other)
    .map(([, fate]) => fate);
}

/** The fate of the branch of one `#if`. */
const fateOf = (condition: string, before = kernel): string | undefined =>
  fates(`#if ${condition}\n#endif\n`, before)[0];

describe('a condition', () => {
  for (const [condition, fate] of [
    ['LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)', 'live'],
    ['LINUX_VERSION_CODE == KERNEL_VERSION(6,12,4)', 'live'],
    ['LINUX_VERSION_CODE != KERNEL_VERSION(6, 12, 4)', 'dead'],
    ['LINUX_VERSION_CODE <= KERNEL_VERSION(5, 15, 999)', 'dead'],
    ['KERNEL_VERSION(6, 2, 0) > LINUX_VERSION_CODE', 'dead'],
    ['(KERNEL_VERSION(6, 2, 0)) <= (LINUX_VERSION_CODE)', 'live'],
    ['LINUX_VERSION_CODE < 0x060200', 'dead'],
    ['LINUX_VERSION_CODE > 394240', 'live'],
    ['!(LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0))', 'live'],
    ['defined(LINUX_VERSION_CODE) && defined KERNEL_VERSION', 'live'],
    ['LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0) || LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)', 'live'],
    ['LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0) && defined(CONFIG_X)', 'dead'],
    ['LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0) || IS_ENABLED(CONFIG_X)', 'live'],
    ['LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0) && IS_ENABLED(CONFIG_X)', 'open'],
    ['defined(RHEL_RELEASE_CODE) && RHEL_RELEASE_CODE >= RHEL_RELEASE_VERSION(9, 3)', 'open'],
    ['LINUX_VERSION_MAJOR == 6', 'live'],
    ['(LINUX_VERSION_CODE >> 16) == 6 ? 0 : 1', 'dead'],
    ['0', 'dead'],
    ['(1)', 'live'],
    ['defined(HAVE_X)', 'open'],
    ['HAVE_X', 'open'],
    ['"no expression"', 'open'],
  ] as const)
    it(`${condition} is ${fate}`, () => assert.equal(fateOf(condition), fate));

  it('is open where the tree does not say its version', () =>
    assert.equal(fateOf('LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)', kernelMacros(null)), 'open'));
});

describe('a group', () => {
  it('has one live branch at most', () =>
    assert.deepEqual(fates('#if 0\n#elif 1\n#elif 1\n#else\n#endif\n'), ['dead', 'live', 'dead', 'dead']));
  it('has its #else live where all before it is dead', () =>
    assert.deepEqual(fates('#if 0\n#elif 0\n#else\n#endif\n'), ['dead', 'dead', 'live']));
  it('ends with a branch that holds, after one that is open', () =>
    assert.deepEqual(fates('#ifdef A\n#elif 1\n#else\n#endif\n'), ['open', 'otherwise', 'dead']));
  it('is dead in a dead branch', () =>
    assert.deepEqual(fates('#if 0\n#if 1\n#else\n#endif\n#endif\n'), ['dead', 'dead', 'dead']));
});

describe('a macro of the file', () => {
  const feature = (version: string): string =>
    `#if LINUX_VERSION_CODE >= KERNEL_VERSION(${version})\n#define HAVE_X\n#endif\n#ifdef HAVE_X\n#else\n#endif\n`;
  it('is defined where its branch is live', () =>
    assert.deepEqual(fates(feature('6, 2, 0')), ['live', 'live', 'dead']));
  it('is not defined where its only definition is dead', () =>
    assert.deepEqual(fates(feature('7, 1, 0')), ['dead', 'dead', 'live']));
  it('may have parameters, and stand for another', () =>
    assert.deepEqual(
      fates(
        '#define AT_LEAST(a, b) (LINUX_VERSION_CODE >= KERNEL_VERSION(a, b, 0))\n#define NEW AT_LEAST(7, 0)\n#if NEW\n#elif AT_LEAST(6, 2)\n#endif\n',
      ),
      ['dead', 'live'],
    ));
  it('is open under a condition that is open', () =>
    assert.deepEqual(fates('#ifdef A\n#define B 1\n#endif\n#if B\n#endif\n'), ['open', 'open']));
  it('is not defined after #undef', () =>
    assert.deepEqual(fates('#define B 1\n#undef B\n#ifdef B\n#endif\n'), ['dead']));
  it('has its default where nobody defines it before, as an include guard', () => {
    assert.deepEqual(fates('#ifndef B\n#define B 0\n#endif\n#if B\n#endif\n'), ['live', 'dead']);
    assert.deepEqual(fates('#if !defined(EX_H)\n#define EX_H\n#endif\n', noMacros), ['live']);
  });
  it('has its default behind a further question, too', () => {
    const feature = (version: string): string =>
      `#ifndef B\n# if LINUX_VERSION_CODE >= KERNEL_VERSION(${version})\n#  define B 1\n# endif\n#endif\n#ifdef B\n#else\n#endif\n`;
    assert.deepEqual(fates(feature('6, 2, 0')), ['live', 'live', 'live', 'dead']);
    assert.deepEqual(fates(feature('7, 1, 0')), ['live', 'dead', 'dead', 'live']);
    assert.deepEqual(fates('#ifndef B\n#else\n#define B 1\n#endif\n'), ['open', 'otherwise']);
  });
  it('that stands for itself is given up', () =>
    assert.deepEqual(fates('#define A B\n#define B A\n#if A\n#endif\n'), ['open']));
});
