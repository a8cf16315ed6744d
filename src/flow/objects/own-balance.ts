// If a path puts more references than it took, is that one put too many, or does it put its caller's reference?

import { roleOf } from '../../kernel/index.js';
import type { FlowEvent, FlowExit } from '../model/results.js';
import { wholeOf } from '../state/heap.js';
import { answerKeys, type State } from '../state/state.js';
import type { Value } from '../state/value.js';

/**
 * Whether an event is a defect. For a put of an object that the caller has, it is one only if the function leaves the
 * caller's reference alone on all paths that succeed, and on another path that fails. Any other event is a defect.
 * @param parameters the values of the function's parameters
 * @param unseen the results of calls that were not followed: a reference may have come with each
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

/** Whether a path leaves the caller's reference alone; undefined if it counted nothing. */
function leftToCaller({ answers, resources }: State, object: Value): boolean | undefined {
  const own = answers.get(answerKeys.ownReferences(object));
  if (own === undefined) return undefined;
  const isExported = resources.some(({ api, status }) => roleOf(api) === 'export' && status !== 'released');
  // The exported buffer owns one of the references that the path took.
  return typeof own === 'number' && own >= (isExported ? 1 : 0);
}
