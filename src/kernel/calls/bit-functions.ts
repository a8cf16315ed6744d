import { nameTable } from '../names.js';

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

/** What a function does to a word or bitmap as a whole. */
export interface BitmapFunction {
  /** The index of the argument that is the address of what it writes, from 0; null where it only reads. */
  readonly writes: number | null;
  /**
   * What it makes of bits `start` up to `start + n`, its second and third argument; `argument` where it makes a bit what its
   * third argument is; null where it does something else.
   */
  readonly makes: boolean | 'argument' | null;
  /** What it tells of its first argument: whether it is empty, or how many bits are set; null for anything else. */
  readonly tells: 'emptiness' | 'number' | null;
}

const writer = (writes: number, makes: BitmapFunction['makes']): BitmapFunction => ({ writes, makes, tells: null });
const reader = (tells: BitmapFunction['tells']): BitmapFunction => ({ writes: null, makes: null, tells });

const bitmapForms: readonly (readonly [names: readonly string[], effect: BitmapFunction])[] = [
  [['bitmap_set'], writer(0, true)],
  [['bitmap_clear'], writer(0, false)],
  [
    ['fill', 'copy', 'and', 'or', 'xor', 'andnot', 'complement', 'replace', 'shift_left', 'shift_right'].map(
      (one) => `bitmap_${one}`,
    ),
    writer(0, null),
  ],
  [['change_bit', '__change_bit'], writer(1, null)],
  [['assign_bit', '__assign_bit'], writer(1, 'argument')],
  [['bitmap_empty'], reader('emptiness')],
  [['bitmap_weight'], reader('number')],
  [
    [
      ...['full', 'equal', 'subset', 'intersects'].map((one) => `bitmap_${one}`),
      ...['find_first_bit', 'find_first_zero_bit', 'find_last_bit', 'find_next_bit', 'find_next_zero_bit'],
    ],
    reader(null),
  ],
];

/** The functions of include/linux/bitmap.h, bitops.h and find.h that work on more than one bit, or turn one over, by name. */
export const bitmapFunctions: ReadonlyMap<string, BitmapFunction> = new Map(
  bitmapForms.flatMap(([names, effect]) => names.map((name) => [name, effect] as const)),
);

const masks = nameTable({
  topic: 'one bit, by its number',
  source: 'include/vdso/bits.h, include/linux/bits.h, include/uapi/linux/const.h',
  names: ['BIT{,_ULL,_U8,_U16,_U32,_U64}', '_BITUL{,L}'],
});

/** Whether a macro makes a word in which only the bit is set whose number is its argument: `BIT(3)`. */
export function makesBit(name: string): boolean {
  return masks.has(name);
}

const ranges = nameTable({
  topic: 'the bits from one number down to another',
  source: 'include/linux/bits.h',
  names: ['GENMASK{,_ULL,_U8,_U16,_U32,_U64,_U128}'],
});

/** Whether a macro makes a word in which the bits are set from its first argument down to its second: `GENMASK(7, 4)`. */
export function makesBits(name: string): boolean {
  return ranges.has(name);
}

/** What a macro or function does with a part of a word: puts a number there, or gets the one that is there. */
export interface FieldCall {
  readonly does: 'put' | 'get';
  /** The place of the mask among the arguments, from 0. */
  readonly mask: number;
  /** That of the number, or of the word. */
  readonly operand: number;
}

const fieldForms: readonly (readonly [names: readonly string[], call: FieldCall])[] = [
  [['FIELD_PREP', 'FIELD_PREP_CONST'], { does: 'put', mask: 0, operand: 1 }],
  [['FIELD_GET'], { does: 'get', mask: 0, operand: 1 }],
  [['u8', 'u16', 'u32', 'u64'].map((type) => `${type}_encode_bits`), { does: 'put', mask: 1, operand: 0 }],
  [['u8', 'u16', 'u32', 'u64'].map((type) => `${type}_get_bits`), { does: 'get', mask: 1, operand: 0 }],
];

/** The calls of include/linux/bitfield.h that put a number at its place in a word, or get it from there, by name. */
export const fieldCalls: ReadonlyMap<string, FieldCall> = new Map(
  fieldForms.flatMap(([names, call]) => names.map((name) => [name, call] as const)),
);

/** What an atomic function does to the word whose address is its second argument: `word & ~mask` where it inverts the first. */
export interface WordOperation {
  readonly operator: '|' | '&' | '^';
  readonly isInverted: boolean;
}

const wordForms: readonly (readonly [name: string, operation: WordOperation])[] = [
  ['or', { operator: '|', isInverted: false }],
  ['and', { operator: '&', isInverted: false }],
  ['andnot', { operator: '&', isInverted: true }],
  ['xor', { operator: '^', isInverted: false }],
];

/** The functions of include/linux/atomic.h that change several bits of a word, by name. */
export const atomicWords: ReadonlyMap<string, WordOperation> = new Map(
  wordForms.flatMap(([name, operation]) =>
    ['atomic', 'atomic64', 'atomic_long'].flatMap((type) =>
      [`${type}_${name}`, `${type}_fetch_${name}`].map((one) => [one, operation] as const),
    ),
  ),
);
