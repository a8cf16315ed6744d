import type { Expression } from '../../c/index.js';
import { answerKeys, type State, signsOf } from './state.js';
import type { Value } from './value.js';

/** The name of a value that is the same on all paths, a number or a named constant; undefined for any other value. */
export type ConstantNameOf = (value: Value) => string | undefined;

/**
 * What a path knows of some operands: their signs, and how they compare with constants. Paths that know different things
 * are told apart by it.
 * @param operands variables of a function, and members of what they point to
 * @param frame the id of the function's call frame
 * @returns a text, the same for states that know the same
 */
export function knownOf(
  state: State,
  operands: readonly Expression[],
  frame: string,
  constantNameOf: ConstantNameOf,
): string {
  const values = operands.map((operand) => heldBy(state, operand, frame));
  const parts = values.flatMap((value, index) =>
    value === undefined ? [] : [`${index}:${constantNameOf(value) ?? signsOf(state, value)}`],
  );
  state.answers.forEach((answer, key) => {
    const pair = answerKeys.compared(key);
    if (!pair) return;
    const [left, right] = [values.indexOf(pair.left), values.indexOf(pair.right)];
    const other = left >= 0 ? constantNameOf(pair.right) : right >= 0 ? constantNameOf(pair.left) : undefined;
    if (other !== undefined) parts.push(`${left}${pair.operator}${right}${other}${answer}`);
  });
  return parts.sort().join();
}

/** What a variable holds, or a member, where the path has read it. */
function heldBy(state: State, operand: Expression, frame: string): Value | undefined {
  if (operand.kind === 'name') return state.variables.get(`${frame}:${operand.name}`);
  if (operand.kind !== 'member') return undefined;
  const object = heldBy(state, operand.object, frame);
  return object === undefined ? undefined : state.heap.get(`${object}.${operand.member}`);
}
