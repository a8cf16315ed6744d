// Which bits has a number that was stored as such? `done = 1; if (done & 1)`

import {
  callsIn,
  type Expression,
  type FunctionUnit,
  stripCasts,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { isCount, literalValue, numberOf } from '../evaluate/arithmetic.js';
import { isConstantName } from '../evaluate/named-constants.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import type { State } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import { flagsIn } from './bits.js';

/**
 * The value of `done & 1`, where both are small numbers and no function on the way counts with the operand. Loops are followed
 * for fewer rounds than they say, so that the bits of what was counted are not known.
 * @param written the left operand, as written
 * @returns undefined for anything else
 */
export function bitsOfNoted(
  engine: Engine,
  state: State,
  { written, left, right }: { readonly written: Expression; readonly left: Value; readonly right: Value },
  frame: CallFrame,
): Evaluated | undefined {
  const number = left !== zeroValue && isCount(engine, left) ? numberOf(engine, left) : undefined;
  if (number === undefined || number < 0) return undefined;
  const mask = numberOfMask(engine, right);
  return mask === undefined || mayBeCounted(written, frame) ? undefined : literalValue(engine, state, number & mask);
}

/** The number of a mask; undefined where that of one of its flags is not known. */
function numberOfMask(engine: Engine, mask: Value): number | undefined {
  const numbers = [...(flagsIn(engine, mask) ?? [Number.NaN])].map((flag) => numberOf(engine, flag) ?? Number.NaN);
  const sum = numbers.reduce((total, one) => total + one, 0);
  return Number.isSafeInteger(sum) ? sum : undefined;
}

/** Whether a number may be what somebody has counted: a parameter is what the caller passes. */
export function mayBeCounted(written: Expression, { unit, from }: CallFrame): boolean {
  const place = stripCasts(written);
  if (place.kind === 'literal') return false;
  if (place.kind === 'member') return countedIn(unit).has(place.member);
  if (place.kind !== 'name' || isConstantName(place.name)) return place.kind !== 'name';
  if (countedIn(unit).has(place.name)) return true;
  const index = unit.parameters.findIndex(({ name }) => name === place.name);
  if (index < 0) return false;
  const call = from && callsIn(from.frame.unit.body).find((one) => one.call.at === from.at)?.call;
  const given = call?.arguments[index];
  return !from || !given || mayBeCounted(given, from.frame);
}

const known = new WeakMap<FunctionUnit, ReadonlySet<string>>();

/** The variables and members, by name, that a function counts up or down, or computes of others. */
function countedIn(unit: FunctionUnit): ReadonlySet<string> {
  let counted = known.get(unit);
  if (!counted) {
    const found = new Set<string>();
    const note = (place: Expression): void => {
      if (place.kind === 'member') found.add(place.member);
      if (place.kind === 'name') found.add(place.name);
    };
    visitStatements(unit.body, (one) => {
      if (one.kind === 'declaration' && one.value && isComputed(one.value)) found.add(one.name);
    });
    visitExpressions(unit.body, (one) => {
      if (one.kind === 'update') note(one.operand);
      if (one.kind !== 'assignment') return;
      if (/^[-+*/%]=$/.test(one.operator) || (one.operator === '=' && isComputed(one.value))) note(one.target);
    });
    counted = found;
    known.set(unit, counted);
  }
  return counted;
}

/** Whether a value is the result of arithmetic, or that of another variable, which may be a counter. */
function isComputed(value: Expression): boolean {
  const bare = stripCasts(value);
  if (bare.kind === 'conditional') return isComputed(bare.then ?? bare.test) || isComputed(bare.otherwise);
  if (bare.kind === 'name') return !isConstantName(bare.name);
  return bare.kind === 'update' || (bare.kind === 'binary' && /^[-+*/%]$/.test(bare.operator));
}
