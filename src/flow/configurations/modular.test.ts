import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formulaOf, textOf } from './formula.js';
import { asBuilt, contradictsItself } from './modular.js';

describe('what a condition asks of an option', () => {
  const text = (condition: string, mayBeModule: boolean): string =>
    textOf(asBuilt(formulaOf(condition), () => mayBeModule));

  for (const [condition, plain, modular] of [
    ['IS_ENABLED(CONFIG_A)', 'defined CONFIG_A', '(defined CONFIG_A||defined CONFIG_A_MODULE)'],
    [
      'defined(CONFIG_A_MODULE) || defined(CONFIG_A)',
      'defined CONFIG_A',
      '(defined CONFIG_A_MODULE||defined CONFIG_A)',
    ],
    [
      '!IS_REACHABLE(CONFIG_A)',
      '!(defined CONFIG_A)',
      '!((defined CONFIG_A||(defined CONFIG_A_MODULE&&defined MODULE)))',
    ],
    [
      'defined(CONFIG_A) || !defined(CONFIG_A_MODULE)',
      '(defined CONFIG_A||!(defined CONFIG_A_MODULE))',
      '(defined CONFIG_A||!(defined CONFIG_A_MODULE))',
    ],
    ['IS_ENABLED(CONFIG_A) || IS_ENABLED(CONFIG_B)', '(defined CONFIG_A||defined CONFIG_B)', undefined],
  ] as const) {
    it(`is ${plain} for ${condition} where no option can be a module`, () =>
      assert.equal(text(condition, false), plain));
    if (modular !== undefined) it(`is ${modular} where it can`, () => assert.equal(text(condition, true), modular));
  }

  it('cannot be that the option is built in and a module', () => {
    const both = new Map([
      ['defined CONFIG_A', true],
      ['defined CONFIG_A_MODULE', true],
    ]);
    assert.equal(contradictsItself(both), true);
    assert.equal(contradictsItself(new Map([...both, ['defined CONFIG_A', false]])), false);
  });
});
