// If a path puts more references than it took, is that one put too many, or does it put its caller's reference?

import { isAllocator, isNamedForMaking, roleOf } from '../../kernel/index.js';
import type { Engine } from '../model/engine.js';
import type { FlowEvent, FlowExit } from '../model/results.js';
import { objectHolding, wholeOf } from '../state/heap.js';
import { answerKeys, type State } from '../state/state.js';
import type { Value } from '../state/value.js';

/**
 * Whether an event is a defect. For a put of an object that the caller has, it is one only if the function leaves the
 * caller's reference alone on all paths that succeed, and on another path that fails. For a put of a buffer that came in an
 * object, it is one only if no path that succeeds makes it: else the reference that came with the object is put. Any other
 * event is a defect.
 * @param parameters the values of the function's parameters
 * @param unseen the results of calls that were not followed: a reference may have come with each
 */
export function isBalanced(
  { kind, object }: FlowEvent,
  exits: readonly FlowExit[],
  parameters: readonly Value[],
  unseen: ReadonlySet<Value>,
): boolean {
  if (object === undefined) return true;
  if (kind === 'over-put')
    return !exits.some(({ outcome, state }) => outcome !== 'error' && state.answers.has(answerKeys.overPut(object)));
  if (kind !== 'put-again') return true;
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

/**
 * Whether a buffer was read from an object that a call out of sight made: a reference to the buffer may have come with the
 * object. Plain memory holds no buffer yet, and whatever finds an object gives nobody a further reference to its buffer:
 * drvdata, list elements, identifiers, container_of().
 */
export function isFromUnseenObject({ returnedBy }: Engine, state: State, buffer: Value): boolean {
  const object = objectHolding(state, buffer);
  if (object === undefined) return false;
  const whole = wholeOf(state, object) ?? object;
  const maker = returnedBy.get(object) ?? returnedBy.get(whole);
  return maker !== undefined && isNamedForMaking(maker) && !isAllocator(maker);
}
