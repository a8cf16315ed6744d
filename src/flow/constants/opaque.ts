// What the code fixes and the engine cannot compute: `hweight32(x->done)` after `x->done ^= EX_MAP`. A test of it has one answer
// only, and the engine follows both.

import type { Expression } from '../../c/index.js';
import { numberOf, sumOf } from '../evaluate/arithmetic.js';
import type { ConditionResult } from '../evaluate/condition.js';
import { isConstant, isConstantName } from '../evaluate/named-constants.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { type State, stateWith } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import { notedBefore } from './notes-asked.js';

/** Whether the path itself says what a value is: a number, a constant, flags that it has set, or what it has computed of these. */
function isDetermined(engine: Engine, value: Value): boolean {
  if (value === zeroValue || engine.opaque.has(value) || engine.flags.has(value)) return true;
  if (numberOf(engine, value) !== undefined || isConstant(engine, sumOf(engine, value).base)) return true;
  const bits = engine.bits.get(value);
  return bits !== undefined && isDetermined(engine, bits.base);
}

/** Marks a result that was computed of such values alone. */
export function computedFrom(engine: Engine, result: Evaluated, operands: readonly Value[]): Evaluated {
  if (operands.every((one) => isDetermined(engine, one))) engine.opaque.add(result.value);
  return result;
}

/**
 * The results of a test that has one answer only: the path guesses which, if the test asks for a note that the path has written.
 * @param noted how many resources the path had when it last wrote the note; undefined for any other test
 */
export function withGuess(
  engine: Engine,
  results: readonly ConditionResult[],
  noted: number | undefined,
): readonly ConditionResult[] {
  if (noted === undefined) return results;
  const test = engine.newValue();
  return results.map(({ state, answer }) => {
    const guess = { test, answer, resources: state.resources.length, noted, since: null };
    return { answer, state: stateWith(state, { guesses: [...state.guesses, guess] }) };
  });
}

/** An operand of a test: as written, and what it is. */
type Operand = readonly [written: Expression, value: Value];

/** The results of a test with two answers, of which the code has only one where what it compares is fixed. */
export function guessed(
  engine: Engine,
  results: readonly ConditionResult[],
  operands: readonly Operand[],
  state: State,
  frame: CallFrame,
): readonly ConditionResult[] {
  if (results.length !== 2 || !operands.some(([written, value]) => isComputed(engine, written, value))) return results;
  if (!operands.every(([, value]) => isDetermined(engine, value))) return results;
  const noted = operands.flatMap(([written, value]) => notedBefore(engine, written, value, state, frame) ?? []);
  return withGuess(engine, results, noted.length > 0 ? Math.max(...noted) : undefined);
}

/** Whether an operand is what the path has made of constants, and no constant as such, nor what a loop may have counted. */
function isComputed(engine: Engine, operand: Expression, value: Value): boolean {
  if (engine.opaque.has(value)) return true;
  if (operand.kind === 'name' && isConstantName(operand.name)) return false;
  return isConstant(engine, value) || (engine.bits.has(value) && value !== zeroValue);
}
