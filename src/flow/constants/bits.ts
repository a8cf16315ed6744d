// Words of flags: `x->done |= STEP_MAP`, `x->done & STEP_MAP`, `flags &= ~FLAG`. Flags with different names count as different
// bits.

import { bitAt, intern, isCount, literalValue, numberOf } from '../evaluate/arithmetic.js';
import { isConstant, isConstantName } from '../evaluate/named-constants.js';
import { readName } from '../evaluate/read.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { answerKeys, emptyState, type State, stateWith } from '../state/state.js';
import { good, type Value, zeroValue } from '../state/value.js';
import { type Bits, bitOf, plainWord, wordOf, wordOfFlags, wordOfNumber, wordWith } from './known-words.js';
import { enumeratorText } from './names/enumerations.js';
import { noteName, numberOfNamed } from './names/named-values.js';
import { flagBefore } from './places/flag-places.js';
import { knownNumber } from './places/known-numbers.js';

const none: ReadonlySet<Value> = new Set();
/** How a constant for a single bit is defined. */
const singleBit =
  /^\(*\s*(?:BIT(?:_ULL|_U32)?\s*\(\s*\w+\s*\)|\(?\s*1U?L*\s*<<\s*\w+|0x0*[1248]0*U?L*|(?:[1248]|16|32|64|128|256|512|1024)U?L*)\s*\)*$/i;

/** Whether a value is a flag: a number with one bit, or a constant for one. */
function isFlag(engine: Engine, value: Value, { ref }: CallFrame): boolean {
  if (engine.flags.has(value)) return true;
  const number = numberOf(engine, value);
  if (number !== undefined) return number > 0 && Number.isInteger(Math.log2(number));
  const isOne = singleBit.test(definitionOf(engine, value, ref.path) ?? '');
  if (isOne) engine.flags.add(value);
  return isOne;
}

/** What a named constant is defined as, by a macro or in an enumeration; undefined where neither says so. */
function definitionOf({ codebase, globals }: Engine, value: Value, from: string): string | undefined {
  const name = globals.get(value);
  if (name === undefined || !isConstantName(name)) return undefined;
  return (codebase.definitions.macroOf(name, from)?.body ?? enumeratorText(codebase, name, from))?.trim();
}

/** What is known of a word that may be a flag, or some flags of another word. */
export function bitsOf(engine: Engine, value: Value, frame: CallFrame): Bits {
  const known = engine.bits.get(value);
  if (known) return known;
  const part = engine.masks.get(value);
  if (part) {
    const { word, shift, set, open } = part;
    return { base: word, shift, set, cleared: none, within: new Set([...set, ...open]) };
  }
  return isFlag(engine, value, frame) ? wordWith(new Set([value])) : plainWord(value);
}

/** The value of `left | right` or `left & right`, where one of them is a flag; undefined where nothing is known of it. */
export function combineBits(
  engine: Engine,
  before: State,
  operation: { readonly operator: string; readonly left: Value; readonly right: Value },
  frame: CallFrame,
): Evaluated | undefined {
  const { operator } = operation;
  const numbers = [
    knownNumber(engine, operation.left),
    numberOf(engine, operation.right) ?? knownNumber(engine, operation.right),
  ];
  const common = operator === '&' ? commonBits(numbers) : undefined;
  if (common !== undefined) return wordOfNumber(engine, before, common);
  const isNamed = (value: Value): boolean => engine.literals.has(value) || maskOfNamed(engine, value) !== undefined;
  const isTurned = isNamed(operation.left) && !isNamed(operation.right) && !engine.complements.has(operation.right);
  const [first, second] = isTurned ? [operation.right, operation.left] : [operation.left, operation.right];
  const left = maskOfNamed(engine, first)?.word ?? first;
  const { value: right, state } = plainMask(engine, before, second);
  if (operator === '+' && addsFlag(engine, left, second, right, frame))
    return combineBits(engine, state, { operator: '|', left, right }, frame);
  if (operator === '^') return toggle(engine, state, left, right, frame);
  if (operator !== '|' && operator !== '&') return undefined;
  const isNumber = isConstant(engine, left) || engine.literals.has(left);
  const whole = isNumber && !isFlag(engine, left, frame) ? flagsOf(engine, left, state, frame) : undefined;
  if (whole)
    return combineBits(engine, whole.state, { operator, left: wordOfFlags(engine, whole.flags), right }, frame);
  const inverse = engine.complements.get(right);
  const flipped = inverse === undefined ? undefined : plainMask(engine, state, inverse).value;
  if (operator === '&' && flipped !== undefined) return clearBits(engine, state, left, flipped, frame);
  if (operator === '|' && left === zeroValue && engine.masks.has(right)) return { value: right, state };
  if (!isFlag(engine, right, frame)) {
    const turned = { operator, left: right, right: left };
    if (isFlag(engine, left, frame)) return combineBits(engine, state, turned, frame);
    const masked = mask(engine, state, { operator, left, right }, frame);
    return masked ?? (isCount(engine, left) ? undefined : mask(engine, state, turned, frame));
  }
  const shift = numberOf(engine, right) === 1 ? engine.shifts.get(left) : undefined;
  if (operator === '&' && shift) {
    // `word >> n & 1` asks for bit n.
    const bit = bitAt(engine, state, shift.index);
    return combineBits(engine, bit.state, { operator, left: shift.word, right: bit.value }, frame);
  }
  const inverted = operator === '&' ? engine.complements.get(left) : undefined;
  if (inverted !== undefined) return askUnset(engine, state, bitsOf(engine, inverted, frame), right);
  // Loops are followed for fewer rounds than they say: what a loop has counted is no word of flags.
  if (operator === '&' && left !== zeroValue && isCount(engine, left)) return undefined;
  const bits = bitsOf(engine, left, frame);
  return operator === '|' ? withBit(engine, state, bits, right, true) : askSet(engine, state, bits, right, frame, left);
}

/** The bits that two numbers share, as a number; undefined where one is not known. */
function commonBits([left, right]: readonly (number | undefined)[]): number | undefined {
  if (left === undefined || right === undefined || right < 0) return undefined;
  return Number(BigInt(left) & BigInt(right));
}

/** A named constant that is a mask of known flags: the word in which these are set. */
interface NamedMask {
  readonly word: Value;
  readonly flags: ReadonlySet<Value>;
}

/** The mask that a named constant is; undefined for any other value, and for a number that is no mask. */
function maskOfNamed(engine: Engine, value: Value): NamedMask | undefined {
  const number = numberOfNamed(engine, value);
  const flags = number === undefined || number === 0 ? undefined : bitsOfNumber(engine, number);
  if (!flags) return undefined;
  if (flags.size === 1) for (const flag of flags) noteName(engine, flag, value);
  return { word: wordOfFlags(engine, flags), flags };
}

/** A mask by its number: a named one that is a single flag is that flag. */
function plainMask(engine: Engine, state: State, value: Value): Evaluated {
  const named = maskOfNamed(engine, value);
  const [flag, ...others] = named?.flags ?? [];
  if (!named || flag === undefined) return { value, state };
  return others.length > 0
    ? { value: named.word, state }
    : { value: flag, state: stateWith(state, { signs: state.signs.with(flag, good) }) };
}

/** The value of `word & FLAG`. */
function askSet(engine: Engine, state: State, bits: Bits, flag: Value, frame: CallFrame, word: Value): Evaluated {
  const isSet =
    bits.shift === 0 && isHandle(state, bits.base) && isLowBit(engine, flag, frame)
      ? bits.set.has(flag)
      : isIn(engine, state, bits, flag);
  if (isSet === true) return { value: flag, state: stateWith(state, { signs: state.signs.with(flag, good) }) };
  if (isSet === false && !mayBeSame(engine, bits, flag)) return { value: zeroValue, state };
  const value = intern(engine, `${word}&${flag}`);
  engine.masks.set(value, { word: bits.base, shift: bits.shift, set: none, open: new Set([flag]) });
  if (engine.opaque.has(bits.base)) engine.opaque.add(value);
  return { value, state };
}

/** Whether a flag is a bit of which the path does not know which: `BIT(n)`. */
export function isOpenBit(engine: Engine, flag: Value): boolean {
  const index = engine.bitNumbers.get(flag);
  return index !== undefined && !isConstant(engine, index);
}

/**
 * Whether a flag may be one of the bits of a word after all: `BIT(n)`, where the path does not know n, or a number beside a
 * name whose number is not known.
 */
function mayBeSame(engine: Engine, { set, within }: Bits, flag: Value): boolean {
  const isNumber = (one: Value): boolean => numberOf(engine, one) !== undefined;
  const others = [...set, ...(within ?? [])];
  return (
    (isOpenBit(engine, flag) && set.size > 0) ||
    others.some((one) => isOpenBit(engine, one) || isNumber(one) !== isNumber(flag))
  );
}

/** The value of `~word & FLAG`; undefined where the path does not know whether the flag is set. */
function askUnset(engine: Engine, state: State, bits: Bits, flag: Value): Evaluated | undefined {
  const isSet = isIn(engine, state, bits, flag);
  if (isSet === undefined || (!isSet && mayBeSame(engine, bits, flag))) return undefined;
  return isSet
    ? { value: zeroValue, state }
    : { value: flag, state: stateWith(state, { signs: state.signs.with(flag, good) }) };
}

/** The value of `word & ~FLAG` and `word & ~(FLAG | OTHER)`; undefined where the second operand is no such mask. */
function clearBits(
  engine: Engine,
  before: State,
  word: Value,
  flipped: Value,
  frame: CallFrame,
): Evaluated | undefined {
  // `BIT(n)` may be the one that is cleared.
  if ([...bitsOf(engine, word, frame).set].some((one) => one !== flipped && isOpenBit(engine, one))) return undefined;
  if (isFlag(engine, flipped, frame))
    return (
      untagged(engine, before, word, flipped) ?? withBit(engine, before, bitsOf(engine, word, frame), flipped, false)
    );
  const { flags, state } = flagsOf(engine, flipped, before, frame) ?? {};
  return flags && state ? withBits(engine, state, bitsOf(engine, word, frame), flags, false) : undefined;
}

/** The value of `word ^ FLAG`; undefined where the path does not know whether the flag is set. */
function toggle(engine: Engine, before: State, word: Value, mask: Value, frame: CallFrame): Evaluated | undefined {
  const { flags, state } = flagsOf(engine, mask, before, frame) ?? {};
  if (!flags || !state || (word !== zeroValue && isCount(engine, word))) return undefined;
  const bits = bitsOf(engine, word, frame);
  const isSet = [...flags].map((flag) => (mayBeSame(engine, bits, flag) ? undefined : isIn(engine, state, bits, flag)));
  if (isSet.includes(undefined)) return undefined;
  const [on, off] = [true, false].map((wanted) => new Set([...flags].filter((_, index) => isSet[index] !== wanted)));
  const added = withBits(engine, state, bits, on ?? none, true) ?? { value: word, state };
  return withBits(engine, added.state, bitsOf(engine, added.value, frame), off ?? none, false) ?? added;
}

/** Whether a named flag is added to flags of which it is none: `have += EX_ATTACHED`. */
function addsFlag(engine: Engine, left: Value, written: Value, right: Value, frame: CallFrame): boolean {
  const flags = engine.globals.has(written) && isFlag(engine, right, frame) ? bitsOf(engine, left, frame) : undefined;
  return flags?.base === zeroValue && numberOf(engine, left) === undefined && !flags.set.has(right);
}

/** Whether a flag is set in a word; undefined where the path does not know. */
function isIn(
  engine: Engine,
  { answers }: State,
  { base, shift, set, cleared, within }: Bits,
  flag: Value,
): boolean | undefined {
  if (set.has(flag)) return true;
  if (base === zeroValue || cleared.has(flag) || within?.has(flag) === false) return false;
  const before = flagBefore(engine, flag, shift);
  const found = before === zeroValue ? false : answers.get(answerKeys.flag(base, before));
  return found === undefined ? undefined : Boolean(found);
}

/** The flags that a value is, as a set: of a flag, or of several that the path has put together; undefined for any other. */
export function flagsIn(engine: Engine, value: Value): ReadonlySet<Value> | undefined {
  if (value === zeroValue) return none;
  if (engine.flags.has(value)) return new Set([value]);
  const number = numberOf(engine, value) ?? numberOfNamed(engine, value);
  if (number !== undefined) return bitsOfNumber(engine, number);
  const bits = engine.bits.get(value);
  return bits?.base === zeroValue ? bits.set : undefined;
}

/** A number with more bits is no mask of states. */
const mostBits = 8;

/** The bits of a number, each as the value that it has; undefined for a number that is no mask. */
function bitsOfNumber(engine: Engine, number: number): ReadonlySet<Value> | undefined {
  if (!Number.isSafeInteger(number) || number < 0) return undefined;
  const flags = new Set<Value>();
  for (let bit = 0; 2 ** bit <= number; bit++)
    if (Math.floor(number / 2 ** bit) % 2 === 1) flags.add(literalValue(engine, emptyState, 2 ** bit).value);
  return flags.size > mostBits ? undefined : flags;
}

/** The pointer that `tagged & ~FLAG` is, where no other flag was set in it. */
function untagged(engine: Engine, state: State, word: Value, flag: Value): Evaluated | undefined {
  const { base, shift, set } = bitOf(engine, word);
  return shift === 0 && isHandle(state, base) && [...set].every((one) => one === flag)
    ? { value: base, state }
    : undefined;
}

/** How a constant for one of the low bits of a pointer is defined, which are free for flags. */
const lowBit = /^\(*\s*(?:BIT(?:_ULL)?\s*\(\s*[012]\s*\)|\(?\s*1U?L*\s*<<\s*[012]|0x[124]U?L*|[124]U?L*)\s*\)*$/i;

function isLowBit(engine: Engine, flag: Value, { ref }: CallFrame): boolean {
  const number = numberOf(engine, flag);
  if (number !== undefined) return number < 8;
  return lowBit.test(definitionOf(engine, flag, ref.path) ?? '');
}

function isHandle({ resources }: State, value: Value): boolean {
  return resources.some(({ handle }) => handle === value);
}

/** The value of `word & (FLAG | OTHER)` or `word | (FLAG | OTHER)`; undefined where the second operand is no such mask. */
function mask(
  engine: Engine,
  before: State,
  { operator, left, right }: { readonly operator: string; readonly left: Value; readonly right: Value },
  frame: CallFrame,
): Evaluated | undefined {
  if (operator === '&' && left !== zeroValue && isCount(engine, left)) return undefined;
  const { flags, state } = flagsOf(engine, right, before, frame) ?? {};
  if (!flags || !state) return undefined;
  const bits = bitsOf(engine, left, frame);
  if (operator === '|') return withBits(engine, state, bits, flags, true);
  const all = [...flags];
  const set = new Set(all.filter((flag) => isIn(engine, state, bits, flag) === true));
  const open = all.filter((flag) => isIn(engine, state, bits, flag) === undefined);
  if (open.length === 0) return wordOf(engine, state, wordWith(set));
  const masked = wordOf(engine, state, { ...bits, set, within: new Set([...set, ...open]) });
  engine.masks.set(masked.value, { word: bits.base, shift: bits.shift, set, open: new Set(open) });
  if (engine.opaque.has(bits.base)) engine.opaque.add(masked.value);
  return masked;
}

/** The flags of `FLAG | OTHER`, or of a constant that is defined so. */
function flagsOf(
  engine: Engine,
  value: Value,
  state: State,
  frame: CallFrame,
): { readonly flags: ReadonlySet<Value>; readonly state: State } | undefined {
  const known = flagsIn(engine, value);
  if (known) return { flags: known, state };
  const names =
    definitionOf(engine, value, frame.ref.path)
      ?.replace(/[()\s]/g, '')
      .split('|') ?? [];
  if (names.length < 2 || !names.every(isConstantName)) return undefined;
  const flags = new Set<Value>();
  let after = state;
  for (const name of names) {
    const flag = readName(engine, name, after, frame);
    if (!isFlag(engine, flag.value, frame)) return undefined;
    flags.add(flag.value);
    after = flag.state;
  }
  // Paths that part before they read a constant have a value each for it: these are those of the path that asks.
  engine.bits.set(value, wordWith(flags));
  return { flags, state: after };
}

/** The value of `~x`. */
export function complement(engine: Engine, state: State, value: Value): Evaluated {
  const flipped = intern(engine, `~${value}`);
  engine.complements.set(flipped, value);
  return { value: flipped, state };
}

/** The value of a word after one of its flags was set or cleared. */
export function withBit(
  engine: Engine,
  state: State,
  { base, shift, set, cleared, within }: Bits,
  flag: Value,
  isSet: boolean,
): Evaluated {
  const without = (flags: ReadonlySet<Value>): Set<Value> => new Set([...flags].filter((one) => one !== flag));
  return wordOf(
    engine,
    state,
    isSet
      ? {
          base,
          shift,
          set: without(set).add(flag),
          cleared: without(cleared),
          within: within && without(within).add(flag),
        }
      : { base, shift, set: without(set), cleared: base === zeroValue ? none : without(cleared).add(flag), within },
  );
}

/** The same for several flags. */
function withBits(
  engine: Engine,
  state: State,
  bits: Bits,
  flags: ReadonlySet<Value>,
  isSet: boolean,
): Evaluated | undefined {
  let result: Evaluated | undefined;
  for (const flag of flags) {
    const word: Bits = result ? bitOf(engine, result.value) : bits;
    result = withBit(engine, result?.state ?? state, result?.value === zeroValue ? wordWith(none) : word, flag, isSet);
  }
  return result;
}
