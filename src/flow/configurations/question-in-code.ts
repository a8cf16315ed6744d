import { type Expression, expressionText } from '../../c/index.js';
import { optionAsked } from '../../kernel/index.js';
import { type Formula, formulaOf } from './formula.js';

/** A test of an option in C, `if (IS_ENABLED(CONFIG_A))`, as the question that an `#if` asks; undefined for any other test. */
export function questionInCode(test: Expression): Formula | undefined {
  if (test.kind !== 'call') return undefined;
  const question = optionAsked(expressionText(test).replace(/\s/g, ''));
  return question === undefined ? undefined : formulaOf(question);
}
