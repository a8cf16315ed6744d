import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formulaOf, formulaOfDirective, textOf, truthIn } from './formula.js';

const text = (directive: string): string | undefined => {
  const formula = formulaOfDirective(directive);
  return formula && textOf(formula);
};

describe('the formula of an #if', () => {
  for (const [directive, expected] of [
    ['#ifdef A', 'defined A'],
    ['#ifndef A', '!(defined A)'],
    ['#if defined(A)', 'defined A'],
    ['#if ! defined ( A )', '!(defined A)'],
    ['#elif (!defined(A)) && (defined B)', '(!(defined A)&&defined B)'],
    ['#if(A)', 'A'],
    ['#elifndef A', '!(defined A)'],
    ['#if A && B || C', '((A&&B)||C)'],
    ['#if A && (B || C)', '(A&&(B||C))'],
    ['#if IS_BUILTIN(CONFIG_A)', 'defined CONFIG_A'],
    ['#if IS_MODULE(CONFIG_A)', 'defined CONFIG_A_MODULE'],
    ['#if IS_ENABLED( CONFIG_A )', '(defined CONFIG_A||defined CONFIG_A_MODULE)'],
    ['#if IS_REACHABLE(CONFIG_A)', '(defined CONFIG_A||(defined CONFIG_A_MODULE&&defined MODULE))'],
    ['#if IS_ENABLED(A)', 'IS_ENABLED(A)'],
    ['#if VERSION < KERNEL_VERSION(6, 1, 0)', '!(VERSION>=KERNEL_VERSION(6,1,0))'],
    ['#if A != 2', '!(A==2)'],
    ['#if !A == B', '!A==B'],
    ['#if (A) == (B)', '(A)==(B)'],
    ['#if !(A) || (B)', '(!(A)||B)'],
    ['#if A ? B && C : D', 'A?B&&C:D'],
    ['#else', undefined],
  ] as const)
    it(`is ${expected} for ${directive}`, () => {
      assert.equal(text(directive), expected);
      if (expected !== undefined) assert.equal(textOf(formulaOf(expected)), expected);
    });

  it('has a value where the atoms that are known decide', () => {
    const formula = formulaOf('!A && (B || C)');
    assert.equal(truthIn(formula, new Map([['A', true]])), false);
    assert.equal(truthIn(formula, new Map([['A', false]])), undefined);
    assert.equal(
      truthIn(
        formula,
        new Map([
          ['A', false],
          ['C', true],
        ]),
      ),
      true,
    );
    assert.equal(truthIn(formulaOf('A || B'), new Map([['A', false]])), undefined);
  });
});
