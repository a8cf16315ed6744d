import { type Expression, expressionText } from '../../c/index.js';
import { optionAsked } from '../../kernel/index.js';
import { answerKeys, type State, stateWith } from '../state/state.js';

/** A test of an option in C, `if (IS_ENABLED(CONFIG_A))`, as the question that an `#if` asks; undefined for any other test. */
export function questionInCode(test: Expression): string | undefined {
  if (test.kind !== 'call') return undefined;
  const option = optionAsked(expressionText(test).replace(/\s/g, ''));
  return option && `defined ${option}`;
}

/**
 * The answers to a test of an option: one where the path has taken a branch of an `#if` that asks the same.
 * @returns undefined for any other test
 */
export function answersOfOption(
  test: Expression,
  state: State,
): readonly { readonly state: State; readonly answer: boolean }[] | undefined {
  const question = questionInCode(test);
  if (question === undefined) return undefined;
  const key = answerKeys.variant(question);
  const known = state.answers.get(key);
  if (known !== undefined) return [{ state, answer: known === true }];
  return [true, false].map((answer) => ({
    state: stateWith(state, { answers: state.answers.with(key, answer) }),
    answer,
  }));
}
