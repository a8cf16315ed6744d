// `ret == -EINTR`: after this one error of a call that takes a lock, the lock is not held.

import type { Expression } from '../../c/index.js';
import { interruptedError } from '../../kernel/index.js';
import type { ConditionResult } from '../evaluate/condition.js';
import { comparesWith, constantSigns } from '../evaluate/sign-tests.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { answerKeys, assume, type State, stateWith } from '../state/state.js';
import { bad, type Value } from '../state/value.js';
import { hideLocks } from './lock-state.js';

/** Whether a function of the path distinguishes -EINTR from other errors. Elsewhere, all errors are alike. */
export function asksForSignal({ codebase }: Engine, frame: CallFrame): boolean {
  for (let one: CallFrame | undefined = frame; one; one = one.from?.frame)
    if (codebase.program.bodyText(one.ref).includes(interruptedError)) return true;
  return false;
}

/** Notes whether a value is -EINTR: the result of an interrupted lock call, or a constant. */
export function noteInterrupted(state: State, value: Value, isInterrupted: boolean): State {
  return stateWith(state, { answers: state.answers.with(answerKeys.interrupted(value), isInterrupted) });
}

/** Notes which error a constant is: `-EINTR`, or another one. */
export function noteErrorConstant(
  { value, state }: { readonly value: Value; readonly state: State },
  constant: Expression,
) {
  const { operand } = constant.kind === 'unary' ? constant : { operand: null };
  return operand?.kind === 'name'
    ? { value, state: noteInterrupted(state, value, operand.name === interruptedError) }
    : { value, state };
}

/**
 * Evaluates `ret == -EINTR` and `ret != -EINTR`. If the path does not know which error `ret` is, the author means that of
 * the lock call: from there on, nothing is reported about locks.
 * @returns undefined for any other test
 */
export function evaluateInterrupted(
  engine: Engine,
  test: Expression,
  state: State,
  frame: CallFrame,
): readonly ConditionResult[] | undefined {
  if (!engine.locks || test.kind !== 'binary' || !comparesWith(test, interruptedError)) return undefined;
  const operand = constantSigns(test.right) === bad ? test.left : test.right;
  const whenEqual = test.operator === '==';
  return engine.evaluate(operand, state, frame).flatMap(({ value, state: after }): readonly ConditionResult[] => {
    const known = after.answers.get(answerKeys.interrupted(value));
    if (known !== undefined) {
      if (frame.stack.length === 1) engine.settled.add(test.at);
      return [{ state: after, answer: known === whenEqual }];
    }
    const equal = assume(after, value, bad);
    return [...(equal ? [{ state: hideLocks(equal), answer: whenEqual }] : []), { state: after, answer: !whenEqual }];
  });
}
