/** Tells of a word that it does not stand in a text, without reading the text again. */
interface WordFilter {
  /** False only where the word certainly does not stand in the text, also not inside a longer word. */
  mayHold(word: string): boolean;
  /** False only where the word certainly does not stand in the text as a word of its own. */
  mayHoldWhole(word: string): boolean;
}

/** The filter notes which pieces of so many characters the words of a text have. */
const pieceLength = 4;
const smallest = 1 << 9;
const largest = 1 << 22;
/** Spreads pieces over the bits: 2^32 divided by the golden ratio. */
const spread = 0x9e3779b1;

/** From each character that names may have to itself, and from all others to 0. */
const nameCharacters = Uint8Array.from({ length: 256 }, (_, code) => (/\w/.test(String.fromCharCode(code)) ? code : 0));

/** Makes the filter of a text: it takes a bit for two characters at most. */
export function createWordFilter(text: string): WordFilter {
  let size = smallest;
  while (size < text.length / 2 && size < largest) size *= 2;
  const shift = 32 - Math.log2(size);
  const bits = new Int32Array(size / 32);
  // A loop over bytes takes half the time of one over characters. Of a character beyond Latin-1 only one byte would be left,
  // which may be that of a name. V8 knows of most texts that they have none, and does not search them.
  const bytes = Buffer.from(/[^\0-\xff]/.test(text) ? text.replace(/[^\0-\xff]/g, ' ') : text, 'latin1');
  let piece = 0;
  for (let at = 0; at < bytes.length; at++) {
    piece = (piece << 8) | (nameCharacters[bytes[at] ?? 0] ?? 0);
    const bit = Math.imul(piece, spread) >>> shift;
    bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }
  // A word may end with the text.
  const last = Math.imul(piece << 8, spread) >>> shift;
  bits[last >>> 5] = (bits[last >>> 5] ?? 0) | (1 << (last & 31));
  return {
    mayHold: (word) => holds(bits, shift, word, false),
    mayHoldWhole: (word) => holds(bits, shift, word, true),
  };
}

/** @param isWhole whether the word stands by itself: then what is no name, which counts as 0, stands on both sides */
function holds(bits: Int32Array, shift: number, word: string, isWhole: boolean): boolean {
  const before = isWhole ? 1 : 0;
  const length = word.length + 2 * before;
  let piece = 0;
  for (let at = 0; at < length; at++) {
    const isAround = isWhole && (at === 0 || at === length - 1);
    const code = isAround ? 0 : word.charCodeAt(at - before);
    // What is no name is not judged.
    if (!isAround && (code > 127 || nameCharacters[code] !== code)) return true;
    piece = (piece << 8) | code;
    if (at < pieceLength - 1) continue;
    const bit = Math.imul(piece, spread) >>> shift;
    if (((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

/** To make a filter takes as long as to search a text for so many words. */
const worthFilter = 8;

/**
 * Makes the answer whether a word may stand in a file. A file gets a filter with the first question, so that it need not
 * be read and searched for each further word: a scan of a kernel asks for hundreds in the same files.
 * @param read the text of a file; undefined where the tree has none
 * @param isAtHand whether the text need not be read: then the first questions are answered by yes
 * @returns its last parameter tells whether the word has to stand there by itself, and not within a longer word
 */
export function createWordFilters(
  read: (path: string) => string | undefined,
  isAtHand: (path: string) => boolean,
): (path: string, word: string, isWhole?: boolean) => boolean {
  const filters = new Map<string, WordFilter>();
  const asked = new Map<string, number>();
  return (path, word, isWhole = false) => {
    let filter = filters.get(path);
    if (!filter) {
      const times = (asked.get(path) ?? 0) + 1;
      asked.set(path, times);
      if (times < worthFilter && isAtHand(path)) return true;
      filter = createWordFilter(read(path) ?? '');
      filters.set(path, filter);
    }
    return isWhole ? filter.mayHoldWhole(word) : filter.mayHold(word);
  };
}
