// Is a put beyond the references of a path one too many, or does the function put that of its caller?

import { roleOf } from '../../kernel/index.js';
import type { FlowEvent, FlowExit } from '../model/results.js';
import { wholeOf } from '../state/heap.js';
import { answerKeys, type State } from '../state/state.js';
import type { Value } from '../state/value.js';

/**
 * Whether an event is a defect, or no put of an object that the caller has. Such a put is one too many where the function
 * leaves the reference of its caller alone: on all ways on which it succeeds, and on another one on which it fails.
 * @param parameters the values of the function's parameters
 * @param unseen the values that calls returned which were not followed: a reference may have come with each
 */
export function isBalanced(
  { kind, object }: FlowEvent,
  exits: readonly FlowExit[],
  parameters: readonly Value[],
  unseen: ReadonlySet<Value>,
): boolean {
  if (kind !== 'put-again' || object === undefined) return true;
  let isLeftOnError = false;
  for (const { outcome, state } of exits) {
    const whole = wholeOf(state, object) ?? object;
    if (unseen.has(object) || unseen.has(whole)) return false;
    const left = leftToCaller(state, object);
    if (outcome !== 'error' && left === false) return false;
    if (outcome !== 'error' || state.answers.has(answerKeys.putByRelease(object))) continue;
    if (left === false) return false;
    isLeftOnError ||= left === true || parameters.includes(object) || parameters.includes(whole);
  }
  return isLeftOnError;
}

/** Whether a path leaves the reference of the caller alone; undefined where it counted nothing. */
function leftToCaller({ answers, resources }: State, object: Value): boolean | undefined {
  const own = answers.get(answerKeys.ownReferences(object));
  if (own === undefined) return undefined;
  const isExported = resources.some(({ api, status }) => roleOf(api) === 'export' && status !== 'released');
  // The exported buffer has one of those that the path took.
  return typeof own === 'number' && own >= (isExported ? 1 : 0);
}
