/** What a function does to one bit of a word: the bit's number is its first argument, the word's address its second. */
export interface BitFunction {
  /** Whether it returns what the bit was. */
  readonly tests: boolean;
  /** What the bit is afterwards; null where it stays. */
  readonly makes: boolean | null;
}

const forms: readonly (readonly [names: readonly string[], effect: BitFunction])[] = [
  [['set_bit', '__set_bit'], { tests: false, makes: true }],
  [['clear_bit', '__clear_bit', 'clear_bit_unlock'], { tests: false, makes: false }],
  [['test_bit', 'test_bit_acquire'], { tests: true, makes: null }],
  [['test_and_set_bit', '__test_and_set_bit', 'test_and_set_bit_lock'], { tests: true, makes: true }],
  [['test_and_clear_bit', '__test_and_clear_bit'], { tests: true, makes: false }],
];

/** The functions of include/linux/bitops.h that a driver uses for its states, by name. */
export const bitFunctions: ReadonlyMap<string, BitFunction> = new Map(
  forms.flatMap(([names, effect]) => names.map((name) => [name, effect] as const)),
);

/** The function that clears all bits of a bitmap, its first argument. Source: include/linux/bitmap.h. */
export const clearsBitmap = 'bitmap_zero';
