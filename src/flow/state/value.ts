/**
 * An abstract value: a number that stands for one thing at run time. Two places that hold the same number hold the same
 * thing; what is known of it stands in the State.
 */
export type Value = number;

/** A set of signs, as bits: {@link zero}, {@link good} and {@link bad}. */
export type Signs = number;
/** NULL, 0 or false. */
export const zero: Signs = 1;
/** A valid pointer, or a positive number. */
export const good: Signs = 2;
/** An error pointer, or a negative number. */
export const bad: Signs = 4;
/** Nothing is known of the value. */
export const anySign: Signs = 7;

/** The sign of a number. */
export const signOf = (number: number): Signs => (number === 0 ? zero : number > 0 ? good : bad);

/** The one value of NULL, 0 and false. */
export const zeroValue: Value = 0;
