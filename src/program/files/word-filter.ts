/** Tells of a word that it does not stand in a text, without reading the text again. */
interface WordFilter {
  /** False only where the word certainly does not stand in the text, also not inside a longer word. */
  mayHold(word: string): boolean;
}

/** The filter notes which pieces of so many characters the words of a text have. */
const pieceLength = 4;
const smallest = 1 << 9;
const largest = 1 << 22;
/** Spreads pieces over the bits: 2^32 divided by the golden ratio. */
const spread = 0x9e3779b1;

/** One for each ASCII character that names may have. */
const isNamed = Uint8Array.from({ length: 128 }, (_, code) => Number(/\w/.test(String.fromCharCode(code))));

/** Makes the filter of a text: it takes a bit for two characters at most. */
export function createWordFilter(text: string): WordFilter {
  let size = smallest;
  while (size < text.length / 2 && size < largest) size *= 2;
  const shift = 32 - Math.log2(size);
  const bits = new Uint8Array(size / 8);
  // The last characters, a byte each, and how many of them are of one word.
  let piece = 0;
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isNamed[code] !== 1) {
      length = 0;
      continue;
    }
    piece = (piece << 8) | code;
    if (++length < pieceLength) continue;
    const bit = Math.imul(piece, spread) >>> shift;
    bits[bit >>> 3] = (bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }
  return { mayHold: (word) => holds(bits, shift, word) };
}

function holds(bits: Uint8Array, shift: number, word: string): boolean {
  let piece = 0;
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at);
    if (isNamed[code] !== 1) return true;
    piece = (piece << 8) | code;
    if (at < pieceLength - 1) continue;
    const bit = Math.imul(piece, spread) >>> shift;
    if (((bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/**
 * Makes the answer whether a word may stand in a file. With the first question the file gets a filter, so that it need not
 * be read and searched for each further word: a scan of a kernel asks for hundreds in the same files.
 * @param read the text of a file; undefined where the tree has none
 */
export function createWordFilters(read: (path: string) => string | undefined): (path: string, word: string) => boolean {
  const filters = new Map<string, WordFilter>();
  return (path, word) => {
    let filter = filters.get(path);
    if (!filter) {
      filter = createWordFilter(read(path) ?? '');
      filters.set(path, filter);
    }
    return filter.mayHold(word);
  };
}
