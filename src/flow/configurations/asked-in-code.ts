import type { Expression } from '../../c/index.js';
import type { CallFrame, Engine } from '../model/engine.js';
import type { State } from '../state/state.js';
import { modularOptions } from './modular.js';
import { questionInCode } from './question-in-code.js';
import { withFacts } from './variants.js';

/**
 * The answers to a test of an option: one where what the path knows of its configuration decides.
 * @returns undefined for any other test
 */
export function answersOfOption(
  engine: Engine,
  test: Expression,
  state: State,
  { ref, stack }: CallFrame,
): readonly { readonly state: State; readonly answer: boolean }[] | undefined {
  const formula = questionInCode(test);
  if (formula === undefined) return undefined;
  const mayBeModule = modularOptions(engine.codebase, ref.path);
  const answers = [true, false].flatMap((answer) => {
    const after = withFacts(state, [{ formula, holds: answer }], mayBeModule);
    return after ? [{ state: after, answer }] : [];
  });
  if (answers.length < 2 && stack.length === 1) engine.settled.add(test.at);
  return answers;
}
