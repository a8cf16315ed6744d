import type { FunctionRef } from '../../program/index.js';
import { type CallSite, endAt } from '../calls/call-site.js';
import type { Evaluated } from '../model/engine.js';
import { share } from '../state/ownership.js';
import type { State } from '../state/state.js';
import { answerKeys, stateWith } from '../state/state.js';
import type { Value } from '../state/value.js';

/**
 * Follows the function that the last put of a counted object calls.
 * @param object its argument
 * @returns undefined where it is too deep
 */
export function runReleaseOf(
  site: CallSite,
  release: FunctionRef,
  object: Value,
  state: State,
): readonly Evaluated[] | undefined {
  const results = site.engine.call(release, [object], state, {
    frame: { ...site.frame, spare: 1 },
    at: site.call.at,
  });
  // A release function leaves something only on purpose, such as memory that the device still uses.
  const end = endAt(site, { kind: 'left-by-release-function' });
  return results?.map((result) => {
    const after = share(result.state, object, { end, takesOver: true });
    let { answers } = after;
    for (const value of after.freed.keys())
      if (!state.freed.has(value)) answers = answers.with(answerKeys.freedByPut(value), true);
    return { value: result.value, state: stateWith(after, { answers }) };
  });
}
